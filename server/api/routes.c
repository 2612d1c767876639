/* SPDX-License-Identifier: MIT */
#include "server/api/routes.h"

#include "server/api/ask/ask.h"
#include "server/api/ask/key.h"
#include "server/api/views/views.h"
#include "server/base/clock.h"

#define REGION_MAX_BYTES ((size_t)32 << 20)
#define FILE_MAX_BYTES ((size_t)10 << 20)
#define SLOW_MS 60000

/* First match wins: what is fixed stands before what has a parameter in the same place, and the
 * pages stand last. */
static const struct web_route routes[] = {
    {WEB_GET, "/v1/now", view_now, 0, 35000},
    {WEB_GET, "/v1/coverage", view_coverage, 0, 65000},
    {WEB_GET, "/v1/history", view_history, 0, 65000},
    {WEB_GET, "/v1/audit", view_audit, 0, 65000},
    {WEB_GET, "/v1/audit/head", view_audit_head, 0, 0},
    {WEB_GET, "/v1/gaps", view_gaps, 0, 35000},
    {WEB_POST, "/v1/gaps/{id}/acknowledge", view_gap_acknowledge, 0, 0},
    {WEB_DELETE, "/v1/gaps/{id}/acknowledge", view_gap_take_back, 0, 0},
    {WEB_GET, "/v1/flags", view_flags, 0, 0},
    {WEB_GET, "/v1/feeds", view_feeds, 0, 0},
    {WEB_POST, "/v1/feeds/{rota}/refresh", view_feed_refresh, 0, 0},
    {WEB_GET, "/v1/shifts", view_shifts, 0, 0},
    {WEB_GET, "/v1/overrides", view_overrides, 0, 0},
    {WEB_POST, "/v1/overrides", view_override_make, 0, 0},
    {WEB_DELETE, "/v1/overrides/{id}", view_override_withdraw, 0, 0},
    {WEB_GET, "/v1/absences", view_absences, 0, 0},
    {WEB_POST, "/v1/absences", view_absence_make, 0, 0},
    {WEB_DELETE, "/v1/absences/{id}", view_absence_withdraw, 0, 0},
    {WEB_GET, "/v1/places", view_places, 0, 0},
    {WEB_GET, "/v1/people", view_people, 0, 0},
    {WEB_GET, "/v1/services", view_services, 0, 0},
    {WEB_GET, "/v1/rotas", view_rotas, 0, 0},
    {WEB_GET, "/v1/requirements", view_requirements, 0, 0},
    {WEB_GET, "/v1/region", view_region, 0, 0},
    {WEB_PUT, "/v1/region", view_region_put, REGION_MAX_BYTES, SLOW_MS},
    {WEB_GET, "/v1/accounts/{name}/tokens", view_tokens, 0, 0},
    {WEB_POST, "/v1/accounts/{name}/tokens", view_token_make, 0, 0},
    {WEB_DELETE, "/v1/accounts/{name}/tokens", view_tokens_revoke, 0, 0},
    {WEB_DELETE, "/v1/tokens/{id}", view_token_revoke, 0, 0},
    {WEB_POST, "/v1/rotas/{id}/imports", view_import_upload, FILE_MAX_BYTES, 30000},
    {WEB_GET, "/v1/rotas/{id}/decisions", view_decisions, 0, 0},
    {WEB_GET, "/v1/rotas/{id}/turned", view_turned, 0, 35000},
    {WEB_POST, "/v1/rotas/{id}/decisions", view_decision_make, 0, 0},
    {WEB_DELETE, "/v1/rotas/{id}/decisions/{decision}", view_decision_withdraw, 0, 0},
    {WEB_GET, "/v1/imports", view_imports, 0, 0},
    {WEB_GET, "/v1/imports/{id}", view_import, 0, 35000},
    {WEB_POST, "/v1/imports/{id}/confirm", view_import_confirm, 0, 35000},
    {WEB_POST, "/v1/imports/{id}/discard", view_import_discard, 0, 0},
    {WEB_POST, "/v1/imports/{id}/undo", view_import_undo, 0, 35000},
    {WEB_POST, "/v1/session", view_session_open, 0, 0},
    {WEB_DELETE, "/v1/session", view_session_close, 0, 0},
    {WEB_GET, "/v1/me", view_me, 0, 0},
    {WEB_GET, "/v1/version", view_version, 0, 0},
    {WEB_GET, "/now/{place}.txt", view_now_text, 0, 0},
    {WEB_GET, "/healthz", view_healthz, 0, 0},
    {WEB_GET, "/readyz", view_readyz, 0, 0},
    {WEB_GET, "/metrics", view_metrics, 0, 0},
    {WEB_GET, "/openapi.yaml", view_openapi, 0, 0},
    {WEB_GET, "/", view_page, 0, 0},
    {WEB_GET, "/{page}", view_page, 0, 0},
    {WEB_GET, "/{folder}/{page}", view_page, 0, 0},
    {WEB_GET, "/{folder}/{inner}/{page}", view_page, 0, 0},
    {0, NULL, NULL, 0, 0},
};

/* The rows as the server has them: whatever changes something goes by its Idempotency-Key first. */
static struct web_route served[sizeof routes / sizeof *routes];

static web_handler_fn *
handler_of(const struct web_exchange *exchange)
{
	return routes[web_route_of(exchange) - served].handler;
}

static void
change(void *ctx, struct web_exchange *exchange)
{
	key_or_handle(ctx, exchange, handler_of(exchange));
}

/* What the account that sends a body needs. The handler asks for the same again; what stands
 * here keeps a stranger's body from being taken in. A handler that is not listed: any account. */
static const struct {
	web_handler_fn *handler;
	enum right right;
} needs[] = {
    {view_region_put, RIGHT_ADMINISTER},
    {view_token_make, RIGHT_ADMINISTER},
    {view_import_upload, RIGHT_CHANGE},
    {view_import_confirm, RIGHT_CHANGE},
    {view_import_discard, RIGHT_CHANGE},
    {view_import_undo, RIGHT_CHANGE},
    {view_decision_make, RIGHT_CHANGE},
    {view_override_make, RIGHT_CHANGE},
    {view_absence_make, RIGHT_CHANGE},
    {view_feed_refresh, RIGHT_CHANGE},
};

bool
routes_admit(void *ctx, struct web_exchange *exchange)
{
	const struct api *api = ctx;
	int64_t now = snapshot_store_now(&api->store, clock_read());
	web_handler_fn *handler = handler_of(exchange);
	enum right right = RIGHT_READ;

	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		if (needs[i].handler == handler)
			right = needs[i].right;
	return ask_admit(api, exchange, right, now) != NULL;
}

const struct web_route *
routes_table(void)
{
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		served[i] = routes[i];
		if (routes[i].pattern != NULL && (routes[i].methods & (WEB_GET | WEB_HEAD)) == 0)
			served[i].handler = change;
	}
	return served;
}
