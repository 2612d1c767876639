/* SPDX-License-Identifier: MIT */
#include "server/notify/ping.h"

#include <stdlib.h>

#include "server/base/arena.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/web/client.h"

#define EVERY_MS 60000
#define LIMIT_MS 10000

struct ping {
	struct arena *arena;
	struct web_client *web;
	struct web_fetch *fetch;
	const char *url;
	int64_t asked_ms; /* 0: never */
	bool failed;      /* the last one */
};

static void
on_got(void *ctx, enum status st, const struct web_got *got)
{
	struct ping *ping = ctx;
	bool fine = st == STATUS_OK && got->status / 100 == 2;
	char words[400];

	ping->fetch = NULL;
	web_got_sentence(got, words, sizeof words);
	if (!fine && !ping->failed)
		log_event(LOG_WARN, "ping_failed", LOG_STR("reason", words));
	ping->failed = !fine;
}

void
ping_now(struct ping *ping)
{
	int64_t now = clock_mono_ms();

	if (ping == NULL || ping->fetch != NULL ||
	    (ping->asked_ms != 0 && now - ping->asked_ms < EVERY_MS))
		return;
	ping->asked_ms = now;
	ping->fetch = web_fetch(ping->web,
	    &(struct web_get){.url = ping->url, .max_bytes = 65536, .limit_ms = LIMIT_MS}, on_got,
	    ping);
}

struct ping *
ping_new(struct loop *loop, const struct config *config)
{
	struct web_client_options options = {0};
	struct ping *ping;
	const char *reason;

	if (config->notify_ping_url[0] == '\0')
		return NULL;
	ping = xcalloc(1, sizeof *ping);
	ping->url = config->notify_ping_url;
	ping->arena = arena_new(0);
	options.allow_cidrs = text_list(ping->arena, config->allow_feeds_from);
	ping->web = web_client_open(loop, &options, &reason);
	if (ping->web == NULL)
		fatal("the setting allow_feeds_from has no range: %s", reason);
	return ping;
}

void
ping_free(struct ping *ping)
{
	if (ping == NULL)
		return;
	web_fetch_cancel(ping->fetch);
	web_client_close(ping->web);
	arena_free(ping->arena);
	free(ping);
}
