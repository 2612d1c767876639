/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/ask_rates.h"
#include "server/api/ask/dear.h"
#include "server/api/ask/key.h"
#include "server/api/ask/typed.h"
#include "server/api/routes.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"

/* From a request to the view of its route: who asks, whether they may, and whether they have asked
 * before. */

/* The rows as the HTTP server has them, in the same order. */
static struct web_route *served;

static const struct route *
route_of(const struct web_exchange *exchange)
{
	size_t count;

	return &routes_rows(&count)[web_route_of(exchange) - served];
}

/* False: answered, and ended. */
static bool
has_scope(struct ask *ask)
{
	enum scope scope = route_scope(ask->route);

	if ((ask->scopes & (1u << scope)) != 0)
		return true;
	problem_reply(ask->exchange, 403,
	    arena_printf(ask->arena, "This token lacks the scope %s.", scope_name(scope)));
	ask_end(ask);
	return false;
}

/* False: answered, and ended. */
static bool
is_a_person(struct ask *ask)
{
	if (!ask->route->second || ask_is_a_person(ask))
		return true;
	problem_reply(ask->exchange, 403, ASK_NO_PERSON);
	ask_end(ask);
	return false;
}

static bool
is_of_a_stranger(const struct route *route, const struct web_exchange *exchange)
{
	return route->stranger != NULL &&
	       (route->view == NULL || web_header(exchange, "authorization").at == NULL);
}

static void
answer_stranger(void *ctx, struct web_exchange *exchange)
{
	struct ask ask;

	if (!ask_begin_stranger(&ask, ctx, exchange))
		return;
	ask.route = route_of(exchange);
	ask_known(&ask);
	ask.route->stranger(&ask);
}

/* A page of a list is made in a moment. As CSV it is parsed again, and one may be ten times as long. */
static bool
is_long_list(const struct ask *ask)
{
	const struct param *limit = route_param(ask->route, "limit");
	struct slice given;
	int64_t lines;

	if (ask->route->method != WEB_GET || limit == NULL)
		return false;
	if (ask->csv)
		return true;
	return web_query(ask->exchange, "limit", &given) &&
	       text_int(given, limit->otherwise + 1, limit->max, &lines);
}

/* The quick way first: it replies only if nothing about the request is unusual, and allocates
 * nothing. */
static void
answer(void *ctx, struct web_exchange *exchange)
{
	const struct route *route = route_of(exchange);
	struct ask ask;

	if (is_of_a_stranger(route, exchange)) {
		answer_stranger(ctx, exchange);
		return;
	}
	if (route->quick != NULL && route->quick(ctx, exchange))
		return;
	if (!ask_begin_route(&ask, ctx, exchange, route))
		return;
	if (!has_scope(&ask) || !is_a_person(&ask))
		return;
	if (route->glass)
		ask.account = rights_with_glass(ask.arena, ask.account, ask.now);
	ask_known(&ask);
	ask_format(&ask);
	if (route->method != WEB_GET)
		typed_check(&ask);
	if (route->dear || is_long_list(&ask))
		dear_view(&ask);
	else
		route->view(&ask);
}

/* What needs no account: pages, and the figures for monitoring. */
static void
answer_open(void *ctx, struct web_exchange *exchange)
{
	if (ask_rate_of_address(ctx, exchange))
		route_of(exchange)->open(ctx, exchange);
}

/* A call that changes something is searched for by its Idempotency-Key first; a key belongs to an
 * account. */
static void
change(void *ctx, struct web_exchange *exchange)
{
	if (is_of_a_stranger(route_of(exchange), exchange))
		answer_stranger(ctx, exchange);
	else
		key_or_handle(ctx, exchange, answer);
}

/* Refuses a stranger's body before it is received. The call itself checks the same right again,
 * since the account may have ended meanwhile. */
bool
routes_admit(void *ctx, struct web_exchange *exchange)
{
	const struct api *api = ctx;
	const struct route *route = route_of(exchange);
	struct asker asker = {.link = route->link};

	if (is_of_a_stranger(route, exchange))
		return ask_admit_stranger(api, exchange);
	return ask_admit(api, exchange, route->right, clock_read(), &asker);
}

/* Built once, at start: the web server knows methods and paths, and nothing of rights. */
const struct web_route *
routes_table(void)
{
	size_t count;
	const struct route *routes = routes_rows(&count);

	if (served != NULL)
		return served;
	served = xcalloc(count + 1, sizeof *served);
	for (size_t i = 0; i < count; i++)
		served[i] = (struct web_route){
		    .methods = routes[i].method,
		    .pattern = routes[i].pattern,
		    .handler = routes[i].open != NULL        ? answer_open
			       : routes[i].method == WEB_GET ? answer
							     : change,
		    .body_max_bytes = routes[i].body_max_bytes,
		    .limit_ms = routes[i].limit_ms,
		};
	return served;
}
