/* SPDX-License-Identifier: MIT */
#include "server/notify/notify.h"

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/notify/ping.h"
#include "server/notify/round.h"
#include "server/notify/send.h"

/*
 * Tells people: by e-mail, webhook or SMS, of what the flags say and of what wants somebody's doing. Everything is read from
 * PostgreSQL and written there, so that it works with Redis down, and this role may die at any point and lose nothing.
 * Rounds (round.h) make messages; sending (send.h) goes on beside them, so that a mail server that stalls holds up nobody
 * else's message. Any number of processes may run; one leads, by a lock of its session. A message may be sent twice, if the
 * process dies between its being taken and that being noted: it has the same Message-ID both times.
 *
 * flags_filled and messages_changed wake it, and it looks anyway, every 10 seconds. The role must not read a shift or a
 * person, nor judge a gap.
 */
struct notify {
	struct round *round;
	struct send *send;
	struct ping *ping;
};

static void
on_wrote(void *ctx)
{
	struct notify *notify = ctx;

	send_look(notify->send);
	ping_now(notify->ping);
}

static void
on_hint(void *ctx)
{
	struct notify *notify = ctx;

	round_look(notify->round);
}

static void
on_connection(void *ctx, bool connected)
{
	struct notify *notify = ctx;

	(void)connected;
	round_connection(notify->round);
}

static void
serve(struct notify *notify, const struct role_env *env, struct loop *loop, struct zonedb *zones)
{
	struct pg *pg = pg_open(loop, &(struct pg_options){.conninfo = env->conninfo,
					  .application_name = "crisiscover-notify",
					  .primary_only = true});

	notify->send = send_new(loop, pg, env->config);
	notify->ping = ping_new(loop, env->config);
	notify->round = round_new(&(struct round_options){loop, pg, zones, env->config->notify_url,
	    env->config->retain_message_days, on_wrote, notify});
	pg_on_state(pg, on_connection, notify);
	pg_listen(pg, "flags_filled", on_hint, notify);
	pg_listen(pg, "messages_changed", on_hint, notify);
	loop_run(loop);
	round_free(notify->round);
	send_free(notify->send);
	ping_free(notify->ping);
	pg_close(pg);
}

int
notify_main(const struct role_env *env)
{
	struct loop *loop = loop_new();
	struct notify notify = {0};
	struct zonedb *zones;

	role_signals(loop);
	role_figures(loop, env, NULL, NULL);
	figure_done(); /* else one that begins in an outage would have no age */
	if (zonedb_open(env->config->zoneinfo_directory, &zones) != STATUS_OK)
		fatal("no time zones in %s (setting zoneinfo_directory)",
		    env->config->zoneinfo_directory);
	serve(&notify, env, loop, zones);
	zonedb_free(zones);
	loop_free(loop);
	return 0;
}
