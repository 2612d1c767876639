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
 * An ask is one HTTP request while it is being answered: the account that sent it, the snapshot from
 * which it is answered, and the faults found in it so far. The snapshot stays the same until the end,
 * although the process may take up a newer one meanwhile.
 *
 * The caller of a view has called ask_begin. The view reads its parameters, calls ask_fine once,
 * replies once, and calls ask_end. A view that needs the database gives its ask to a job (job.h).
 */
struct kept_answer;
struct dear_place;

struct ask {
	struct api *api;
	const struct route *route; /* set before the view is called */
	struct kept_answer *kept;  /* where a reply is kept until the commit; NULL: a reply is sent
				      at once (deed.h) */
	struct web_exchange *exchange;
	/* The snapshot as this account may see it: protected people of other organisations are
	 * withheld (protection.h). An index means the same in ${map} and in ${whole}. */
	struct snapshot *map;
	const struct region *region; /* of ${map} */
	struct snapshot *whole;      /* with every name: to compare and compute with and for what
					is written, never for what is shown */
	struct protection *protection;
	const struct protection_view *view; /* NULL: nobody is withheld */
	const struct account *account;
	uint32_t scopes;              /* which of its account's rights this request may use */
	struct session session;       /* of a browser; its id is empty if the request has a token */
	const struct token *token;    /* of the request; NULL if it has a session */
	bool linked;                  /* ${token} is a secret link */
	struct clock_reading reading; /* when the request came, by this machine's clocks */
	int64_t now;                  /* the same instant by the clock of the database */
	/* INSTANT_NONE: the answer is about the present. Otherwise the answer is made of what was
	 * known at this instant, and map, region and now are historical (views/now/then.h). */
	int64_t known_at;
	struct arena *arena;      /* freed by ask_end */
	struct dear_place *place; /* of a dear question (dear.h); given back by ask_end */
	VEC(struct problem_fault) faults;
	VEC(struct problem_fault) warnings; /* about what was typed (typed.h) */
	json_t *body;                       /* the body, once it was parsed (ask_json) */
	bool csv;                           /* the answer is wanted as CSV */
	unsigned refused; /* status of a refusal that other parameters would not avoid: 403, 404;
			     0: none */
	const char *refusal;
};

/* The account that sent an exchange. */
struct asker {
	const struct account *account; /* NULL: no valid token and no valid session */
	struct session session;        /* a browser's; its id is empty if there is none */
	const struct token *token;     /* of the request; NULL if it has a session */
	uint32_t scopes;               /* of its token; a browser has all */
	bool aside;                    /* given: the request is no use of the session */
	enum link_kind link; /* given: the secret links that count; LINK_NONE: none does */
	bool linked;         /* ${token} is a secret link, and ${account} made it */
};

#define ASK_NO_LINK                                                                                \
	"This link is none, or none any more. Ask the organisation that gave it to you for another."

/* Finds the account that sent ${exchange} and checks that it has ${right}. Reads only the head of the
 * request, so it may be called before the body has arrived. False: the request has been answered (401,
 * 403, 503), or 404 where its secret link is none. ${out}: aside and link are given. */
bool ask_admit(const struct api *api, struct web_exchange *exchange, enum right right,
    struct clock_reading reading, struct asker *out);

/* Fills ${ask} for a request of an account with ${right}. False: the request has been answered (401, 403,
 * 503), and ask_end must not be called. */
bool ask_begin(struct ask *ask, void *api, struct web_exchange *exchange, enum right right);
/* The same for ${route}, whose row says also whether the request is one that a page sends by itself, again
 * and again, and so no use of the session; and which secret links may ask it. */
bool ask_begin_route(
    struct ask *ask, void *api, struct web_exchange *exchange, const struct route *route);
/* The same for a call that needs no account: ${ask} has none. A request that a page of another site makes
 * a browser send is refused. */
bool ask_admit_stranger(const struct api *api, struct web_exchange *exchange);
bool ask_begin_stranger(struct ask *ask, void *api, struct web_exchange *exchange);
/* The same for a call to which another site (an identity provider) sends the browser, so that its origin
 * says nothing. The caller has checked the request by other means. */
bool ask_begin_sent(struct ask *ask, void *api, struct web_exchange *exchange);

/* Frees everything of ${ask}: its arena, and its references to snapshots. */
void ask_end(struct ask *ask);

/* Whether an address (web_client) is this machine: a program of it, or everybody, through a proxy that does not say who. */
bool ask_is_loopback(struct slice address);

/* What the header Authorization has as a bearer token; an empty slice: it has none. Borrowed from ${exchange}. */
struct slice ask_bearer(struct web_exchange *exchange);

/* Whether a person asks, who may be the second where one is wanted. A token for a program lies in a file, and those who
 * can read the file would be that person: so no account of kind "program" is one, and no token that is kept to some
 * scopes, since such a one is for programs. */
bool ask_is_a_person(const struct ask *ask);
#define ASK_NO_PERSON                                                                              \
	"Another person decides this: a program does not, nor a token that is kept to some scopes."

/* Finds the account that sent the exchange, without a check of rights. It counts as a use of the token or
 * session, unless aside is given. A secret link counts before a token and a session. */
void ask_who(const struct api *api, struct web_exchange *exchange, struct clock_reading reading,
    struct asker *out);

/* Notes a fault of the request; the answer will be 400 with all faults. ${path} says where it is
 * ("query.from", "$.reason"); it is copied. */
void ask_fault(struct ask *ask, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Notes that there is a doubt about what is to be done, a sentence, which "confirm" would settle. */
void ask_doubt(struct ask *ask, const char *doubt);
/* Notes a refusal with ${status}; only the first one is answered. */
void ask_refuse(struct ask *ask, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether nothing was noted. False: the request has been answered with what was noted, and ${ask} has
 * ended. */
bool ask_fine(struct ask *ask);

/* --------- parameters: each function notes a fault and returns a value that does no harm,
 * --------- so that all faults of a request are found before ask_fine */

/* Notes query parameters that the route does not have, or that are given twice. */
void ask_known(struct ask *ask);

enum ask_need { ASK_OPTIONAL, ASK_REQUIRED };

/* The functions without _named read a query parameter that the route's table has (route.h), of that kind;
 * to ask for another is a fault of the program and ends it. A required one that is missing is noted. Texts
 * live in the ask's arena. */

/* The index of a place that the account may ask about: else 404 or 403. REGION_NONE if absent. */
uint32_t ask_place(struct ask *ask);
/* The same of a place of which it may see some cover (rights_sees_cover). */
uint32_t ask_place_of_cover(struct ask *ask);
/* The same for a code in the path. */
uint32_t ask_place_named(struct ask *ask, struct slice code);
/* The index of a function: else 404. REGION_NONE if absent. */
uint32_t ask_function(struct ask *ask);
/* The index of a rota that the account may know of: else 404. REGION_NONE if absent. */
uint32_t ask_rota(struct ask *ask);
/* A code, whether or not the present region has such a thing; NULL if absent. For questions about the
 * past, when the region may have had other places. */
const char *ask_code(struct ask *ask, const char *name);

/* An RFC 3339 time; ${otherwise} if absent. */
int64_t ask_time(struct ask *ask, const char *name, int64_t otherwise);
/* A whole number within the bounds of the table, which also has the default. */
int64_t ask_number(struct ask *ask, const char *name);
/* One of the choices of the table; the first if absent. Static memory. */
const char *ask_choice(struct ask *ask, const char *name);
/* Whether a choice of "0" and "1" is "1". */
bool ask_yes(struct ask *ask, const char *name);
/* NULL if absent. */
const char *ask_text(struct ask *ask, const char *name);
/* The rota with ${id}, a part of the path, if the account may know of it: else 404. */
uint32_t ask_rota_named(struct ask *ask, struct slice id);
#define ASK_OTHERS_ROTA "This rota belongs to another organisation."
/* The rota of the part ${param} of the path, if the account may change it: else 404 or 403. */
uint32_t ask_rota_changed(struct ask *ask, const char *param);
/* The rota of the part {id} of the path, if the account may see how it is read, that is, if it may review
 * or change it: else 404 or 403. ${seen} completes "Only … see ${seen}." */
uint32_t ask_rota_reviewed(struct ask *ask, const char *seen);
/* The positive number ${id}, a part of the path: else 404, "There is no ${what} with this number." */
int64_t ask_id_named(struct ask *ask, struct slice id, const char *what);

/* The body as JSON: parsed once, and kept until ask_end() or ask_json_drop(). Borrowed. NULL: it is none. */
json_t *ask_json(struct ask *ask);
void ask_json_drop(struct ask *ask);

/* The body as a JSON object; an empty body is an empty object. Members that are not in ${known}
 * (NULL-terminated) are noted; if ${known} is NULL the caller checks them. Free with json_decref. NULL if
 * it is no JSON object, which is noted. */
json_t *ask_body(struct ask *ask, const char *const *known);
/* A member of the body that is text of at most ${max} bytes. NULL if absent, or noted. */
const char *ask_body_text(
    struct ask *ask, const json_t *body, const char *key, size_t max, enum ask_need need);
/* An object inside the body, and its JSON path, which every fault in it names: "$.decisions[0]". */
struct ask_object {
	const char *path;
	json_t *json;
};
/* As ask_body_text(), of such an object. */
const char *ask_object_text(struct ask *ask, const struct ask_object *object, const char *key,
    size_t max, enum ask_need need);
/* Notes members of ${object} that are not in ${known} (NULL-terminated). */
void ask_object_known(struct ask *ask, const struct ask_object *object, const char *const *known);
/* A member of the body that is an RFC 3339 time; ${otherwise} if absent and optional, or noted. */
int64_t ask_body_time(
    struct ask *ask, const json_t *body, const char *key, enum ask_need need, int64_t otherwise);

/* Records for the audit that the answer contains somebody's name or number (record/reads.h). ${what}: the
 * place, rota or import, or NULL; ${at}: the instant that was asked about, INSTANT_NONE if none. */
void ask_read(const struct ask *ask, enum read_route route, const char *what, const char *function,
    int64_t at);

/* ----------------------------------------------------- people who are withheld from the asker */

/* Makes ${map} the snapshot of the ask, seen as its account may see it. Takes over one reference. */
void ask_show(struct ask *ask, struct snapshot *map);
void ask_show_nothing(struct ask *ask); /* releases the snapshot of the ask */

/* From here on everything is seen as an unknown person may see it, no matter who asks: for answers that are
 * printed or read aloud. */
void ask_as_outsider(struct ask *ask);

/* If an administrator asks, from here on everything is seen with every name: for the set-up itself, which
 * an administrator keeps as a whole and sends back. */
void ask_as_keeper(struct ask *ask);

/* How ${account} (NULL: unknown) sees the present snapshot. NULL: nobody is withheld from it. A device
 * sees what an unknown person sees, since anybody may read its screen. Borrowed, as protection_view(). */
const struct protection_view *ask_view_of(struct api *api, const struct account *account);

/* The index of the person whom this account knows as ${id}. TABLE_NONE: there is none, or the person is
 * withheld and known to it by another id. */
uint32_t ask_person(const struct ask *ask, const char *id);

/* What to show of a person's id that comes from the record, and of a text that a rota or a person wrote.
 * Returns its argument where nothing is withheld, also NULL. */
const char *ask_shown_id(const struct ask *ask, const char *id);
const char *ask_shown_text(const struct ask *ask, const char *text);
/* As ask_shown_text(), for each text in ${json}, which the reader of calendars wrote; in the arena. Bytes that
 * are not JSON are returned as they are. */
struct slice ask_shown_json(const struct ask *ask, struct slice json);

/* Whether a text that cannot be changed would reveal a withheld person: ${text} as the set-up has it; and
 * ${json}, by any text in it that somebody wrote. */
bool ask_tells(const struct ask *ask, struct slice text);
bool ask_tells_in_json(const struct ask *ask, struct slice json);

/* Replaces in ${out}, a whole answer, whatever would reveal a withheld person. Replies do it by
 * themselves. */
void ask_withhold(const struct ask *ask, struct json_out *out);

/* ------------------------------------------------------------------------- pages of a list */

#define ASK_LIMIT_DEFAULT 100
#define ASK_LIMIT_MAX 1000
struct ask_page {
	uint32_t limit;
	const char *cursor; /* or NULL: from the beginning */
};
/* Reads the parameters "limit" and "cursor". */
struct ask_page ask_page(struct ask *ask);

/* --------------------------------------------------------------------------------- replies */

/* Reads the parameter "format" of a list, or, without it, the Accept header. */
void ask_format(struct ask *ask);

/* Replies to a read: 200 with the JSON in ${out}, or with its list as CSV (csv.h), whose bytes are taken over, and an ETag of them. Only
 * the client may keep the answer, no cache in between. */
void ask_reply(struct ask *ask, struct json_out *out);
/* The bytes of ${out}, taken over from it, with one reference. */
struct web_bytes *ask_take_bytes(struct json_out *out);
/* Replies with ${status}, without an ETag; ${extra}: header lines, each ended by CRLF, or NULL. Of a write
 * the reply is sent after its commit (deed.h). */
void ask_reply_with(struct ask *ask, unsigned status, struct json_out *out, const char *extra);
/* The same with 204 and no body; with 200 where the request's texts are warned of. */
void ask_reply_nothing(struct ask *ask, const char *extra);
