/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/api/ask/rights.h"
#include "server/api/record/reads.h"
#include "server/map/accounts.h"
#include "server/web/server.h"

/*
 * The properties of a call that are known before it comes: who may make it, with which parameters,
 * which reads of names it notes, how large its body may be and how long it may take. The table of
 * all calls is routes.c; server/openapi.yaml is compared with it by a test.
 */

struct api;
struct ask;

/* Answers a call of an account that has the right of the route. Unknown and repeated parameters have been
 * noted already (ask_fault). Calls ask_end, or gives the ask to a job. */
typedef void view_fn(struct ask *ask);

/* Answers from bytes that are ready, before anything is allocated for the call. False: not answered, and
 * the view is called. */
typedef bool view_quick_fn(struct api *api, struct web_exchange *exchange);

enum param_kind {
	PARAM_END,
	PARAM_CODE,
	PARAM_TIME,   /* RFC 3339 */
	PARAM_NUMBER, /* from ${min} to ${max}; ${otherwise} where it is not given */
	PARAM_CHOICE, /* one of ${choices}; the first where it is not given */
	PARAM_TEXT,
};

struct param {
	const char *name;
	enum param_kind kind;
	bool required;
	int64_t min, max, otherwise;
	const char *const *choices;
};

struct route {
	enum web_method method;
	const char *pattern;
	view_fn *view; /* NULL: ${stranger} answers everybody */
	/* Answers a request without an Authorization header; the ask has no account. NULL: such a
	 * request is answered 401. */
	view_fn *stranger;
	enum right right;
	const struct param *params; /* of the query; ends with PARAM_END */
	enum scope scope;           /* instead of the one that route_scope() derives; SCOPE_READ:
				       derive it */
	bool second;                /* a second person decides here: no program does */
	bool glass;                 /* also answers about places opened by break-glass */
	bool lookup;                /* who is on call now: refused last (ask/rates.h) */
	bool dear;                  /* may take long (ask/dear.h), as may long lists and CSV */
	bool aside;                 /* sent by a page itself: no use of the session */
	enum link_kind link;        /* the secret links that may ask it, as ?key=; or LINK_NONE */
	uint64_t reads;             /* bits of enum read_route: which reads it may record */
	view_quick_fn *quick;       /* or NULL */
	web_handler_fn *open;       /* instead of ${view}: needs no account and no ask */
	size_t body_max_bytes;      /* as in struct web_route */
	unsigned limit_ms;
};

/* Which scope a token must have for it. */
enum scope route_scope(const struct route *route);

/* The row of a parameter; NULL: the call has none of that name. */
const struct param *route_param(const struct route *route, const char *name);
