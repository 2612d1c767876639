/* SPDX-License-Identifier: MIT */
#include "server/flags/flags.h"

#include "server/base/fatal.h"
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
 * comes, and after 15 seconds subscribers know that they are blind. It must not read a shift,
 * judge a gap, or write anything to the database except when a flag was published.
 */
#define BEAT_MS 5000

struct flags {
	struct publisher *publisher;
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

/* ------------------------------------------------------------------------------------ timers */

static void
on_beat(void *ctx)
{
	struct flags *flags = ctx;

	publisher_beat(flags->publisher);
}

/* -------------------------------------------------------------------------------------- main */

int
flags_main(const struct role_env *env)
{
	struct loop *loop = loop_new();
	struct flags flags;
	const char *reason;
	struct redis *redis;
	struct pg *pg;

	role_signals(loop);
	role_figures(loop, env, NULL, NULL);
	pg = pg_open(loop, &(struct pg_options){.conninfo = env->conninfo,
			       .application_name = "crisiscover-flags",
			       .primary_only = true});
	redis = redis_open(loop, &(struct redis_options){.url = env->config->redis}, &reason);
	if (redis == NULL)
		fatal("the setting redis will not do: %s", reason);
	flags.publisher = publisher_new(loop, pg, redis);
	pg_on_state(pg, on_connection, &flags);
	redis_on_state(redis, on_connection, &flags);
	pg_listen(pg, "flags_filled", on_filled, &flags);
	loop_every(loop, BEAT_MS, on_beat, &flags);
	loop_run(loop);
	publisher_free(flags.publisher);
	redis_close(redis);
	pg_close(pg);
	loop_free(loop);
	return 0;
}
