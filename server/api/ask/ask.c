/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/ask_rates.h"
#include "server/api/ask/dear.h"
#include "server/api/ask/deed.h"
#include "server/api/ask/typed.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/instant.h"

/* A browser sends its session with every request, also with one that another site made it send.
 * Requests that change something are believed only from our own pages. */
static bool
from_our_page(struct web_exchange *exchange)
{
	if (web_method(exchange) == WEB_GET || web_method(exchange) == WEB_HEAD)
		return true;
	return session_same_origin(web_header(exchange, "sec-fetch-site"),
	    web_header(exchange, "origin"), web_header(exchange, "host"));
}

static void
refuse_so_early(struct web_exchange *exchange)
{
	problem_reply_with(exchange, 503,
	    "Nothing has been read from the database yet: this process has just started.",
	    &(struct problem_more){.extra = "Retry-After: 1\r\n"});
}

/* Not 401 for a link: a calendar program would ask its user for a password. The same answer for one that
 * never was, has expired or was revoked. */
static void
refuse_unknown(struct web_exchange *exchange, const struct asker *asker)
{
	struct slice key;

	if (ask_bearer(exchange).len > 0)
		figure_add(FIGURE_LOGINS_TOKEN, 1);
	if (asker->link != LINK_NONE && web_query(exchange, "key", &key))
		problem_reply(exchange, 404, ASK_NO_LINK);
	else
		problem_unauthorised(exchange);
}

bool
ask_admit(const struct api *api, struct web_exchange *exchange, enum right right,
    struct clock_reading reading, struct asker *out)
{
	/* Neither accounts nor places are known yet, so nobody's rights to see more could be
	 * checked. */
	if (api->store.current == NULL) {
		refuse_so_early(exchange);
		return false;
	}
	ask_who(api, exchange, reading, out);
	if (out->account == NULL) {
		if (ask_rate_of_address(api, exchange))
			refuse_unknown(exchange, out);
		return false;
	}
	if (out->session.id[0] != '\0' && !from_our_page(exchange)) {
		problem_reply(exchange, 403,
		    "A browser's session may change things only from our own pages.");
		return false;
	}
	/* 401 before 403: who asks is settled before what it may do. */
	if (!rights_has(out->account, right)) {
		problem_reply(exchange, 403, "This account's role does not allow that.");
		return false;
	}
	return true;
}

/* The arena has no limit: what goes into it is bounded by the body and by the region. */
static void
begin(struct ask *ask, struct api *api, struct web_exchange *exchange, const struct asker *asker,
    struct clock_reading reading)
{
	*ask = (struct ask){
	    .api = api,
	    .exchange = exchange,
	    .now = snapshot_store_now(&api->store, reading),
	    .reading = reading,
	    .known_at = INSTANT_NONE,
	    .arena = arena_new(0),
	    .account = asker->account,
	    .session = asker->session,
	    .token = asker->token,
	    .linked = asker->linked,
	    .scopes = asker->scopes,
	};
	/* Kept until the answer is out: the process may show a new snapshot meanwhile. */
	ask_show(ask, snapshot_ref(api->store.current));
}

static bool
begin_as(struct ask *ask, struct api *api, struct web_exchange *exchange, enum right right,
    struct asker asker)
{
	struct clock_reading reading = clock_read();

	if (!ask_admit(api, exchange, right, reading, &asker))
		return false;
	begin(ask, api, exchange, &asker, reading);
	return true;
}

bool
ask_begin(struct ask *ask, void *ctx, struct web_exchange *exchange, enum right right)
{
	return begin_as(ask, ctx, exchange, right, (struct asker){0});
}

bool
ask_begin_route(
    struct ask *ask, void *ctx, struct web_exchange *exchange, const struct route *route)
{
	if (!begin_as(ask, ctx, exchange, route->right,
		(struct asker){.aside = route->aside, .link = route->link}))
		return false;
	ask->route = route;
	if (ask_rate_of_account(ask))
		return true;
	ask_end(ask);
	return false;
}

/* A program sends neither Sec-Fetch-Site nor Origin; a browser sends at least one of them with
 * every POST. */
static bool
from_another_site(struct web_exchange *exchange)
{
	struct slice site = web_header(exchange, "sec-fetch-site");
	struct slice origin = web_header(exchange, "origin");

	return (site.at != NULL || origin.at != NULL) &&
	       !session_same_origin(site, origin, web_header(exchange, "host"));
}

bool
ask_admit_stranger(const struct api *api, struct web_exchange *exchange)
{
	if (api->store.current == NULL)
		refuse_so_early(exchange);
	else if (from_another_site(exchange))
		problem_reply(exchange, 403, "A browser may ask this only from our own pages.");
	else
		return true;
	return false;
}

bool
ask_begin_stranger(struct ask *ask, void *ctx, struct web_exchange *exchange)
{
	if (!ask_admit_stranger(ctx, exchange) || !ask_rate_of_address(ctx, exchange))
		return false;
	begin(ask, ctx, exchange, &(struct asker){0}, clock_read());
	return true;
}

bool
ask_begin_sent(struct ask *ask, void *ctx, struct web_exchange *exchange)
{
	struct api *api = ctx;

	if (api->store.current == NULL) {
		refuse_so_early(exchange);
		return false;
	}
	begin(ask, api, exchange, &(struct asker){0}, clock_read());
	return true;
}

bool
ask_is_loopback(struct slice address)
{
	return slice_is(address, "127.0.0.1") || slice_is(address, "::1");
}

void
ask_end(struct ask *ask)
{
	ask_show_nothing(ask);
	ask_json_drop(ask);
	dear_leave(ask->place);
	arena_free(ask->arena);
	*ask = (struct ask){0};
}

bool
ask_is_a_person(const struct ask *ask)
{
	return strcmp(ask->account->kind, "program") != 0 && ask->scopes == SCOPE_ALL;
}

void
ask_fault(struct ask *ask, const char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*VEC_PUSH(ask->arena, &ask->faults) = (struct problem_fault){
	    .path = arena_strdup(ask->arena, path),
	    .detail = arena_vprintf(ask->arena, format, args),
	};
	va_end(args);
}

void
ask_doubt(struct ask *ask, const char *doubt)
{
	ask_fault(ask, "$.confirm",
	    "%s If it is meant, send it again with \"confirm\": true; with crisiscover, --confirm.",
	    doubt);
}

/* The first counts: a later one may follow from it, such as a place that is missing because it was
 * refused. */
void
ask_refuse(struct ask *ask, unsigned status, const char *format, ...)
{
	va_list args;

	if (ask->refused != 0)
		return;
	va_start(args, format);
	ask->refused = status;
	ask->refusal = arena_vprintf(ask->arena, format, args);
	va_end(args);
}

bool
ask_fine(struct ask *ask)
{
	if (ask->faults.count == 0 && ask->refused == 0)
		return true;
	/* Faults of the request come first: a client that misspells a parameter learns that,
	 * whatever its rights are. */
	if (ask->faults.count > 0)
		problem_reply_with(ask->exchange, 400, PROBLEM_NOT_UNDERSTOOD,
		    &(struct problem_more){
			.faults = ask->faults.items, .nfaults = ask->faults.count});
	else
		problem_reply(ask->exchange, ask->refused, ask->refusal);
	ask_end(ask);
	return false;
}

void
ask_read(const struct ask *ask, enum read_route route, const char *what, const char *function,
    int64_t at)
{
	/* The route's row says which reads it may note, so that a view that shows names cannot be
	 * forgotten there. */
	INVARIANT((ask->route->reads & (UINT64_C(1) << route)) != 0);
	reads_note(ask->api->reads,
	    &(struct read){
		.route = route,
		/* Who has a link is not known: the link itself looked. */
		.account = ask->linked ? arena_printf(ask->arena, "link/%s", ask->token->id)
				       : ask->account->name,
		.what = what,
		.function = function,
		.at = at,
		.known_at = ask->known_at,
		.now = snapshot_store_now(&ask->api->store, clock_read()),
	    });
}

/* --------------------------------------------------------------------------------- replies */

/* Takes the bytes over instead of copying them: an answer may have megabytes. */
struct web_bytes *
ask_take_bytes(struct json_out *out)
{
	struct web_bytes *bytes = web_bytes_take(out->buf.at, out->buf.len);

	out->buf = (struct buf){0};
	return bytes;
}

void
ask_reply_with(struct ask *ask, unsigned status, struct json_out *out, const char *extra)
{
	typed_put_warnings(ask, out);
	ask_withhold(ask, out);
	/* A write's answer waits for the commit (deed.h). */
	if (ask->kept != NULL) {
		kept_answer_take(ask->kept, status, extra, out);
		return;
	}
	web_reply(ask->exchange, &(struct web_answer){
				     .status = status,
				     .type = "application/json",
				     .extra = extra,
				     .shared = ask_take_bytes(out),
				 });
}

void
ask_reply_nothing(struct ask *ask, const char *extra)
{
	struct json_out out = {0};

	if (ask->warnings.count > 0) {
		out_object(&out, NULL);
		out_object_end(&out);
		ask_reply_with(ask, 200, &out, extra);
		return;
	}
	if (ask->kept != NULL) {
		kept_answer_take(ask->kept, 204, extra, NULL);
		return;
	}
	web_reply(ask->exchange, &(struct web_answer){.status = 204, .extra = extra});
}
