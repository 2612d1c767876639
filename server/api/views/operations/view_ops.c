/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask.h"
#include "server/api/ask/plain_page.h"
#include "server/api/openapi.h"
#include "server/api/views/views.h"
#include "server/base/version.h"

/*
 * For operators: alive, description, version. The version is given to any account; the others need no token.
 * Ready, and figures: view_readyz.c and view_metrics.c.
 */

/* Answers as long as the loop runs. It checks nothing else: otherwise an outage of the database
 * would have the process restarted, which can still answer from memory. */
void
view_healthz(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange,
	    &(struct web_answer){
		.status = 200, .type = "text/plain; charset=utf-8", .body = SLICE("alive\n")});
}

/* Bytes of the process that all share: as a copy for each connection, compressed each time, it would be the dearest
 * that a stranger may ask for. */
void
view_openapi(void *ctx, struct web_exchange *exchange)
{
	const struct api *api = ctx;

	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "application/yaml",
				.cache_control = "no-cache",
				.shared = web_bytes_ref(api->openapi)});
}

/* Not without a token: a stranger who knows the version knows its faults. */
void
view_version(struct ask *ask)
{
	struct json_out out = {0};

	if (!ask_fine(ask))
		return;
	out_object(&out, NULL);
	out_text(&out, "version", version_text());
	out_text(&out, "api", "v1");
	out_object_end(&out);
	ask_reply(ask, &out);
	ask_end(ask);
}

/* Browsers ask for it beside every page that names no icon: plain pages, text, a provider's sign-in. */
void
view_icon(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "image/svg+xml",
				.cache_control = "public, max-age=86400",
				.body = plain_page_icon()});
}

/* The style of the pages that need no script: one address, which any proxy may know. */
void
view_plain_style(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/css; charset=utf-8",
				.cache_control = "public, max-age=3600",
				.body = plain_page_style()});
}
