/* SPDX-License-Identifier: MIT */
#include "tests/simulation/roles.h"

#include <stdlib.h>

#include "server/base/backoff.h"
#include "server/base/fatal.h"
#include "server/coverage/cycle.h"
#include "server/flags/publisher.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

enum { POLL_MS = 5000, BEAT_MS = 5000 };

struct role {
	const char *kind;
	unsigned number;
	const struct setup_tools *context;
	struct sim_event *back;
	/* While it runs: */
	struct loop *loop;
	struct pg *pg;
	/* coverage */
	struct cycle *cycle;
	struct backoff backoff;
	struct loop_timer *due;
	/* flags */
	struct redis *redis;
	struct publisher *publisher;
};

/* ---------------------------------------------------------------- coverage, as in coverage_main */

static void
on_due(void *ctx)
{
	struct role *role = ctx;

	role->due = NULL;
	cycle_run(role->cycle, true);
}

static void
on_cycle_done(void *ctx, enum status st, int64_t wait_ms)
{
	struct role *role = ctx;

	if (st == STATUS_OK)
		backoff_reset(&role->backoff);
	else
		wait_ms = backoff_next_ms(&role->backoff);
	loop_timer_cancel(role->due);
	role->due = wait_ms < POLL_MS ? loop_after(role->loop, wait_ms, on_due, role) : NULL;
}

static void
on_shifts_changed(void *ctx)
{
	struct role *role = ctx;

	cycle_run(role->cycle, false);
}

static void
on_poll(void *ctx)
{
	struct role *role = ctx;

	cycle_run(role->cycle, true);
}

static void
start_coverage(struct role *role)
{
	backoff_init(&role->backoff, 20, POLL_MS);
	role->pg = pg_open(role->loop, &(struct pg_options){.primary_only = true});
	role->cycle = cycle_new(role->pg, role->context, on_cycle_done, role);
	pg_listen(role->pg, "shifts_changed", on_shifts_changed, role);
	pg_listen(role->pg, "region_applied", on_shifts_changed, role);
	loop_every(role->loop, POLL_MS, on_poll, role);
	cycle_run(role->cycle, true);
}

/* --------------------------------------------------------------------- flags, as in flags_main */

static void
on_filled(void *ctx)
{
	struct role *role = ctx;

	publisher_look(role->publisher);
}

static void
on_connection(void *ctx, bool connected)
{
	struct role *role = ctx;

	(void)connected;
	publisher_connections(role->publisher);
}

static void
on_beat(void *ctx)
{
	struct role *role = ctx;

	publisher_beat(role->publisher);
}

/* The address may have led to what is a standby now: pg.h refuses one when it connects, which is no
 * proof a moment later. */
static void
start_flags(struct role *role)
{
	role->pg = pg_open(role->loop, &(struct pg_options){.primary_only = false});
	role->redis = redis_open(role->loop, &(struct redis_options){0}, NULL);
	role->publisher = publisher_new(role->loop, role->pg, role->redis);
	pg_on_state(role->pg, on_connection, role);
	redis_on_state(role->redis, on_connection, role);
	pg_listen(role->pg, "flags_filled", on_filled, role);
	loop_every(role->loop, BEAT_MS, on_beat, role);
}

/* ------------------------------------------------------------------------------- life and death */

static void
start(void *ctx)
{
	struct role *role = ctx;

	role->back = NULL;
	role->loop = host_loop_new(role->kind, role->number);
	sim_note("%s starts", host_name(role->loop));
	if (role->context != NULL)
		start_coverage(role);
	else
		start_flags(role);
}

static struct role *
role_new(const char *kind, unsigned number, const struct setup_tools *context)
{
	struct role *role = xcalloc(1, sizeof *role);

	role->kind = kind;
	role->number = number;
	role->context = context;
	start(role);
	return role;
}

struct role *
role_coverage(unsigned number, const struct setup_tools *context)
{
	return role_new("coverage", number, context);
}

struct role *
role_flags(unsigned number)
{
	return role_new("flags", number, NULL);
}

static void
drop(struct role *role)
{
	if (role->loop == NULL)
		return;
	cycle_free(role->cycle);
	publisher_free(role->publisher);
	if (role->redis != NULL)
		redis_close(role->redis);
	pg_close(role->pg);
	loop_free(role->loop);
	role->loop = NULL;
	role->pg = NULL;
	role->cycle = NULL;
	role->due = NULL;
	role->redis = NULL;
	role->publisher = NULL;
}

void
role_kill(struct role *role, int64_t back_after_us)
{
	if (role->loop == NULL)
		return;
	sim_note("%s is killed", host_name(role->loop));
	drop(role);
	role->back = sim_after(back_after_us, start, role);
}

void
role_freeze(struct role *role, int64_t us)
{
	if (role->loop == NULL)
		return;
	sim_note("%s is frozen for %lld ms", host_name(role->loop), (long long)(us / 1000));
	host_freeze(role->loop, us);
}

void
role_cut(struct role *role)
{
	if (role->loop == NULL)
		return;
	if (sim_odds(2))
		fake_pg_break_of(role->loop);
	else
		fake_redis_break_of(role->loop);
}

bool
role_runs(const struct role *role)
{
	return role->loop != NULL;
}

void
role_check_all(struct role *role)
{
	cycle_check_all(role->cycle);
	cycle_run(role->cycle, true);
}

void
role_free(struct role *role)
{
	drop(role);
	sim_cancel(role->back);
	free(role);
}
