/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/json_out.h"
#include "server/api/ask/problem.h"
#include "server/api/ask/protection.h"
#include "server/api/ask/rights.h"
#include "server/api/ask/route.h"
#include "server/api/context.h"
#include "server/api/record/reads.h"
#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

/*
 * One call while it is being answered: who asks, the snapshot it is answered from (kept until the
 * end, whatever is shown meanwhile), and what is wrong with it so far. A handler begins with
 * ask_begin, reads its parameters, asks ask_fine once, replies once, and ends with ask_end.
 */
struct kept_answer;

struct ask {
	struct api *api;
	const struct route *route; /* set before the view is called */
	struct kept_answer *kept;  /* takes the answer in its stead; NULL: it goes out (deed.h) */
	struct web_exchange *exchange;
	/* As the asker may see them: protected people of other organisations are withheld
	 * (protection.h). Indexes are those of what is whole. */
	struct snapshot *map;
	const struct region *region; /* of the snapshot */
	struct snapshot *whole;      /* the snapshot with every name: for what is written, compared
					and worked out, not for what is shown */
	struct protection *protection;
	const struct protection_view *view; /* NULL: nobody is withheld */
	const struct account *account;
	uint32_t scopes;        /* what it may here of what its account may */
	struct session session; /* by which it asks; its id is empty where it asks by a token */
	struct clock_reading reading; /* when the call came */
	int64_t now;                  /* what time it was then, by the snapshot's clock */
	/* INSTANT_NONE: the answer is of the present. Else it is of what was known then, and map,
	 * region and now are historical (views/now/then.h). */
	int64_t known_at;
	struct arena *arena;
	VEC(struct problem_fault) faults;
	unsigned refused; /* status of a refusal that no parameter can cure: 403, 404; 0: none */
	const char *refusal;
};

/* The account that sent an exchange. */
struct asker {
	const struct account *account; /* NULL: nobody we know */
	struct session session;        /* a browser's; its id is empty where there is none */
	uint32_t scopes;               /* of its token; a browser has all */
};

/* Gives the account that sent ${exchange}, if it has ${right}. False: answered already (401, 403,
 * 503). Asks nothing but the head. */
bool ask_admit(const struct api *api, struct web_exchange *exchange, enum right right,
    struct clock_reading reading, struct asker *out);

/* False: answered already (401, 403, 503), nothing to end. */
bool ask_begin(struct ask *ask, void *api, struct web_exchange *exchange, enum right right);
/* For who needs no account: ${ask} has none. A request with the headers of another site's page is
 * refused. */
bool ask_admit_stranger(const struct api *api, struct web_exchange *exchange);
bool ask_begin_stranger(struct ask *ask, void *api, struct web_exchange *exchange);
/* The same for a call that a browser is sent to by another site (an identity provider's). The caller
 * knows otherwise that it may be answered. */
bool ask_begin_sent(struct ask *ask, void *api, struct web_exchange *exchange);
void ask_end(struct ask *ask);

/* The address that a request comes from, as a proxy on this machine says it, if there is one. */
struct slice ask_address(struct web_exchange *exchange);

/* Gives the account that sent the exchange. It counts as a use of the token or session. */
void ask_who(const struct api *api, struct web_exchange *exchange, struct clock_reading reading,
    struct asker *out);

/* Notes that something is wrong; the answer will be 400. ${path} and ${detail} are kept in the
 * arena. */
void ask_fault(struct ask *ask, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Notes a refusal; the first counts. */
void ask_refuse(struct ask *ask, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* False: answered with what was noted, and ended. */
bool ask_fine(struct ask *ask);

/* --------------------- parameters; each notes what is wrong and answers something harmless */

/* Query parameters that the route has not, or that come twice. */
void ask_known(struct ask *ask);

enum ask_need { ASK_OPTIONAL, ASK_REQUIRED };

/* Each of these reads a parameter of the route, of that kind; asking for any other is a fault of
 * the program. One that the route requires is noted where it is missing. */

/* A known place that the account may ask about: else 404, 403. REGION_NONE if absent. */
uint32_t ask_place(struct ask *ask);
/* The same for one that is part of the path. */
uint32_t ask_place_named(struct ask *ask, struct slice code);
uint32_t ask_function(struct ask *ask);
/* A rota that the account may know of: else 404. REGION_NONE if absent. */
uint32_t ask_rota(struct ask *ask);
/* A code, whether or not there is such a thing now: NULL if absent. For questions about the past,
 * whose region may have had other places. */
const char *ask_code(struct ask *ask, const char *name);

/* ${otherwise} if absent. */
int64_t ask_time(struct ask *ask, const char *name, int64_t otherwise);
int64_t ask_number(struct ask *ask, const char *name);
/* One of the choices; the first if absent. */
const char *ask_choice(struct ask *ask, const char *name);
/* Whether a choice of 0 and 1 is 1. */
bool ask_yes(struct ask *ask, const char *name);
/* NULL if absent. */
const char *ask_text(struct ask *ask, const char *name);
/* A rota of the path that the account may know of: else 404. */
uint32_t ask_rota_named(struct ask *ask, struct slice id);
#define ASK_OTHERS_ROTA "This rota belongs to another organisation."
/* The rota of the path's ${param}, for those who may change it. Else 404 or 403. */
uint32_t ask_rota_changed(struct ask *ask, const char *param);
/* The rota {id} of the path, for those who may see how it is read: those who review, and those who
 * may change it. Else 404 or 403; ${seen} ends that sentence. */
uint32_t ask_rota_reviewed(struct ask *ask, const char *seen);
/* A number of the path: else 404. */
int64_t ask_id_named(struct ask *ask, struct slice id, const char *what);

/* The body as a JSON object with no other members than ${known} (NULL: the caller judges them; an
 * empty body is an empty object); free with json_decref; NULL if noted. */
json_t *ask_body(struct ask *ask, const char *const *known);
/* A member of it: text of at most ${max} bytes, or NULL. */
const char *ask_body_text(
    struct ask *ask, const json_t *body, const char *key, size_t max, enum ask_need need);
/* An object inside the body, and its JSON path, which every fault in it names: "$.decisions[0]". */
struct ask_object {
	const char *path;
	json_t *json;
};
/* The same of such an object. */
const char *ask_object_text(struct ask *ask, const struct ask_object *object, const char *key,
    size_t max, enum ask_need need);
/* Notes members of it that are not in ${known} (NULL-terminated). */
void ask_object_known(struct ask *ask, const struct ask_object *object, const char *const *known);

/* Notes for the audit that the answer holds somebody's name or number (record/reads.h). ${what}:
 * the place, rota or import, or NULL; ${at}: the instant that was asked about, INSTANT_NONE if
 * none.
 */
void ask_read(const struct ask *ask, enum read_route route, const char *what, const char *function,
    int64_t at);
/* A member that is an RFC 3339 time; ${otherwise} if absent and optional. */
int64_t ask_body_time(
    struct ask *ask, const json_t *body, const char *key, enum ask_need need, int64_t otherwise);

/* ----------------------------------------------------- people who are withheld from the asker */

/* Answers from ${map} from here on; one reference is taken over. */
void ask_show(struct ask *ask, struct snapshot *map);
void ask_show_nothing(struct ask *ask); /* any more */

/* As somebody who may be anybody, no matter who asks: for what is printed or read aloud. */
void ask_as_outsider(struct ask *ask);

/* With every name, if it is an administrator who asks: for the set-up itself, which an administrator
 * keeps as a whole and sends back. */
void ask_as_keeper(struct ask *ask);

/* How ${account} sees what is shown now. NULL: nobody is withheld from it. A device may be read by
 * anybody who passes. */
const struct protection_view *ask_view_of(struct api *api, const struct account *account);

/* The person whom the asker calls ${id}; TABLE_NONE: there is none, or only one who is withheld
 * under another id. */
uint32_t ask_person(const struct ask *ask, const char *id);

/* What the asker is told of the id of a person as the record has it, and of a text that a rota or a
 * person wrote. NULL stays NULL. */
const char *ask_shown_id(const struct ask *ask, const char *id);
const char *ask_said(const struct ask *ask, const char *text);
/* The same of each text in ${json}, which the reader of calendars has written; in the arena. What is
 * not JSON stays as it is. */
struct slice ask_said_json(const struct ask *ask, struct slice json);

/* Whether a text that has to stay whole would tell who is withheld: as the set-up has it; and of
 * JSON, in any text that somebody wrote. */
bool ask_tells(const struct ask *ask, struct slice text);
bool ask_said_tells(const struct ask *ask, struct slice json);

/* Replaces what would tell who is withheld in an answer that is whole. */
void ask_withhold(const struct ask *ask, struct json_out *out);

/* ------------------------------------------------------------------------- pages of a list */

#define ASK_LIMIT_DEFAULT 100
#define ASK_LIMIT_MAX 1000
struct ask_page {
	uint32_t limit;
	const char *cursor; /* or NULL: from the beginning */
};
struct ask_page ask_page(struct ask *ask);

/* --------------------------------------------------------------------------------- replies */

/* 200 with what was written; the bytes are taken. Reads carry an ETag of their bytes and may be
 * kept by the reader alone. */
void ask_reply(struct ask *ask, struct json_out *out);
/* Another status, nothing to be kept; ${extra}: header lines, or NULL. */
void ask_reply_with(struct ask *ask, unsigned status, struct json_out *out, const char *extra);
/* 204. */
void ask_reply_nothing(struct ask *ask, const char *extra);
