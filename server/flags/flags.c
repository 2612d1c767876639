/* SPDX-License-Identifier: MIT */
#include "server/flags/flags.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/file.h"
#include "server/flags/flags_redis.h"
#include "server/flags/publisher.h"

/*
 * Publishes flags: moves the outbox that coverage, feeds and the api fill into Redis, each flag
 * once and in the order of its number. The outbox is the truth and Redis a copy, so this role may
 * die at any point and lose nothing: the next leader asks Redis how far it has got and continues
 * there. Any number of it may run; one leads, by a lock of its session on the primary, and the
 * scripts it runs in Redis make a second one harmless even while both believe that they lead.
 *
 * flags_filled wakes it; the beat reads the outbox anyway, every 5 seconds, and publishes a
 * heartbeat when everything is published. Without this role, Redis or the database no heartbeat
 * comes, and after 15 seconds subscribers know that flags may be missing. A second connection hcanary_redis what a
 * subscriber would hear of the canary, a flag a minute that nobody else sees: it must come within 5 seconds. The role must not read a shift,
 * judge a gap, or write anything to the database except when a flag was published.
 */
#define BEAT_MS 5000
#define PASSWORD_FILE_MAX 1024

struct flags {
	struct publisher *publisher;
	/* hears of the canary through Redis; NULL: there is none */
	struct redis *canary_redis;
};

/* ------------------------------------------------------------------------------------- hints */

static void
on_filled(void *ctx)
{
	struct flags *flags = ctx;

	publisher_look(flags->publisher);
}

static void
on_connection(void *ctx, bool connected)
{
	struct flags *flags = ctx;

	(void)connected;
	publisher_connections(flags->publisher);
}

/* A canary's flag that is late counts as one that did not come: only its delay is filed. */
static void
on_canary(void *ctx, struct slice channel, struct slice payload)
{
	struct flags *flags = ctx;
	int64_t now = publisher_now_us(flags->publisher), late;
	struct flags_canary canary;

	(void)channel;
	if (now == 0 || !flags_redis_canary_read(payload, &canary))
		return;
	late = now - canary.turned_us;
	figure_set(FIGURE_CANARY_FLAG_MS, late / 1000);
	if (late <= FLAGS_CANARY_LATE_US)
		figure_set(FIGURE_CANARY_FLAG_AT, now / 1000000);
}

static void
on_listening(void *ctx)
{
	(void)ctx;
}

/* ------------------------------------------------------------------------------------ timers */

static void
on_beat(void *ctx)
{
	struct flags *flags = ctx;
	int64_t now = publisher_now_us(flags->publisher);

	/* If none has come yet: its age is counted from now on. */
	if (flags->canary_redis != NULL && now != 0 && !figure_known(FIGURE_CANARY_FLAG_AT))
		figure_set(FIGURE_CANARY_FLAG_AT, now / 1000000);
	publisher_beat(flags->publisher);
}

/* -------------------------------------------------------------------------------------- main */

/* Of the file's first line, if the settings name one. */
static struct redis *
open_redis(struct loop *loop, const struct config *config)
{
	struct redis_options options = {.url = config->redis};
	const char *path = config->redis_password, *reason;
	char *bytes = NULL;
	struct redis *redis;
	enum status st = STATUS_OK;
	size_t len = 0;

	if (path != NULL && path[0] != '\0')
		st = file_read_secret(path, 077, PASSWORD_FILE_MAX, &bytes, &len);
	if (st != STATUS_OK)
		fatal("the file %s (setting redis_password) %s", path,
		    st == STATUS_REFUSED ? "can be read by others than its user: chmod 400 it"
					 : "cannot be read");
	if (bytes != NULL)
		bytes[strcspn(bytes, "\r\n")] = '\0';
	options.password = bytes;
	redis = redis_open(loop, &options, &reason);
	if (redis == NULL)
		fatal("the setting redis will not do: %s", reason);
	if (bytes != NULL)
		explicit_bzero(bytes, len);
	free(bytes);
	return redis;
}

int
flags_main(const struct role_env *env)
{
	struct loop *loop = loop_new();
	struct flags flags = {0};
	struct redis *redis;
	struct pg *pg;

	role_signals(loop);
	role_figures(loop, env, NULL, NULL);
	figure_done(); /* else one that begins in an outage would have no age */
	pg = pg_open(loop, &(struct pg_options){.conninfo = env->conninfo,
			       .application_name = "crisiscover-flags",
			       .primary_only = true});
	redis = open_redis(loop, env->config);
	flags.publisher = publisher_new(loop, pg, redis);
	pg_on_state(pg, on_connection, &flags);
	redis_on_state(redis, on_connection, &flags);
	if (env->config->canary_seconds > 0) {
		flags.canary_redis = open_redis(loop, env->config);
		redis_subscribe(flags.canary_redis, FLAGS_CANARY, on_canary, on_listening, &flags);
	}
	pg_listen(pg, "flags_filled", on_filled, &flags);
	loop_every(loop, BEAT_MS, on_beat, &flags);
	loop_run(loop);
	publisher_free(flags.publisher);
	redis_close(flags.canary_redis);
	redis_close(redis);
	pg_close(pg);
	loop_free(loop);
	return 0;
}
