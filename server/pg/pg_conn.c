/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/hash.h"
#include "server/base/log.h"
#include "server/pg/pg_private.h"

/*
 * One connection as a table of states. Every event (the socket, a timer, a new call) calls the
 * runner, which runs the step of the state until one has to wait; only then are the watcher and the
 * listeners called, so no callback of theirs finds a half-made state. Answers of calls are given
 * from inside a step, as its last act but one: they may call, cancel, listen and close, and nothing
 * of that runs a step.
 *
 *   DOWN -> CONNECTING -> IDLE -> LISTENING -> IDLE -> LIMITING -> IDLE -> PREPARING -> IDLE
 *     -> RUNNING -> IDLE …
 *   any of them, when the connection is lost -> DOWN
 */

static void
on_kick(void *ctx)
{
	struct pg *pg = ctx;

	pg->kick = NULL;
	pg_conn_run(pg);
}

void
pg_conn_kick(struct pg *pg)
{
	if (pg->kick == NULL && !pg->closed)
		pg->kick = loop_after(pg->loop, 0, on_kick, pg);
}

void
pg_conn_timer(struct pg *pg, int64_t ms, loop_fire_fn *fire)
{
	loop_timer_cancel(pg->timer);
	pg->timer = fire != NULL ? loop_after(pg->loop, ms, fire, pg) : NULL;
}

/* Logs why it failed, in the words of the server or libpq, on one line. They hold addresses and
 * logins, never data. */
static void
complain(struct pg *pg, const char *event, const char *why)
{
	char line[512];

	snprintf(line, sizeof line, "%s", why);
	for (char *at = line; *at != '\0'; at++) {
		if (*at == '\n' || *at == '\t')
			*at = at[1] == '\0' ? '\0' : ' ';
	}
	figure_say(FIGURE_TEXT_DATABASE, line);
	/* Once per outage and reason: attempts come every few seconds, perhaps for hours. */
	if (pg->complained == hash_string(HASH_START, line))
		return;
	pg->complained = hash_string(HASH_START, line);
	log_event(LOG_WARN, event, LOG_STR("why", line));
}

static void
on_retry(void *ctx)
{
	struct pg *pg = ctx;

	pg->timer = NULL;
	pg->state = PG_CONNECTING;
	pg_conn_kick(pg);
}

enum pg_step
pg_conn_lose(struct pg *pg, const char *event, const char *why)
{
	complain(pg, event, why);
	pg_wire_close(pg);
	pg->state = PG_DOWN;
	pg->up = false;
	pg_conn_timer(pg, backoff_next_ms(&pg->backoff), on_retry);
	/* Before any answer: a call that was bound to the old connection must not be taken for one
	 * of the new. */
	pg->session++;
	if (pg->wire != NULL)
		pg_call_answer(pg->wire, STATUS_AGAIN, NULL);
	pg_call_drop_stale(pg);
	return PG_STEP_WAIT;
}

enum pg_step
pg_conn_lose_broken(struct pg *pg)
{
	return pg_conn_lose(pg,
	    pg->state == PG_CONNECTING ? "pg_connect_failed" : "pg_connection_lost",
	    PQerrorMessage(pg->conn));
}

static void tell(struct pg *pg);

static void
on_wire_limit(void *ctx)
{
	struct pg *pg = ctx;

	pg->timer = NULL;
	/* The socket may look open for hours after the other machine has gone. */
	pg_conn_lose(pg, "pg_connection_lost", "the server did not keep its own time limit");
	tell(pg);
}

enum pg_step
pg_conn_sent(struct pg *pg, int ok, enum pg_state state)
{
	if (!ok)
		return pg_conn_lose_broken(pg);
	pg->state = state;
	/* The server ends the statement first, which keeps the connection. This timer is for a
	 * server, or a network, that is gone. */
	pg_conn_timer(pg, pg->limit_ms + PG_WIRE_GRACE_MS, on_wire_limit);
	return PG_STEP_NEXT;
}

static pg_step_fn *const steps[PG_STATES] = {
    [PG_DOWN] = pg_step_down,
    [PG_CONNECTING] = pg_step_connecting,
    [PG_IDLE] = pg_step_idle,
    [PG_LISTENING] = pg_step_listening,
    [PG_LIMITING] = pg_step_limiting,
    [PG_PREPARING] = pg_step_preparing,
    [PG_RUNNING] = pg_step_running,
};

bool
pg_connected(const struct pg *pg)
{
	return pg->up;
}

/* Calls the watcher and the listeners, when no step is to be run any more. */
static void
tell(struct pg *pg)
{
	if (!pg->closed && pg->up != pg->announced) {
		pg->announced = pg->up;
		figure_add(FIGURE_DATABASE_UP, pg->up ? 1 : -1);
		if (pg->on_state != NULL)
			pg->on_state(pg->on_state_ctx, pg->up);
	}
	if (!pg->closed && pg->up)
		pg_listen_hint(pg);
}

void
pg_conn_run(struct pg *pg)
{
	while (!pg->closed && steps[pg->state](pg) == PG_STEP_NEXT)
		;
	tell(pg);
}

struct pg *
pg_open(struct loop *loop, const struct pg_options *options)
{
	struct pg *pg = xcalloc(1, sizeof *pg);

	pg->loop = loop;
	pg->arena = arena_new(0);
	pg->state = PG_CONNECTING;
	pg->session = 1;
	TAILQ_INIT(&pg->calls);
	backoff_init(&pg->backoff, PG_RETRY_LEAST_MS, PG_RETRY_MOST_MS);
	figure_add(FIGURE_DATABASE_WANTED, 1);
	figure_add(FIGURE_DATABASE_UP, 0);
	pg_options_keep(pg, options);
	pg_conn_kick(pg);
	return pg;
}

static void
destroy(void *memory)
{
	struct pg *pg = memory;

	pg_listen_free(pg);
	arena_free(pg->arena);
	free(pg);
}

void
pg_close(struct pg *pg)
{
	if (pg == NULL)
		return;
	pg->closed = true;
	figure_add(FIGURE_DATABASE_WANTED, -1);
	figure_add(FIGURE_DATABASE_UP, pg->announced ? -1 : 0);
	pg_conn_timer(pg, 0, NULL);
	loop_timer_cancel(pg->kick);
	/* Without an answer: the owner closes, so it is not interested, and its context may be
	 * gone. */
	while (!TAILQ_EMPTY(&pg->calls))
		pg_call_free(TAILQ_FIRST(&pg->calls));
	pg_wire_close(pg);
	/* We may be inside a callback of its own. */
	loop_free_later(pg->loop, pg, destroy);
}

void
pg_on_state(struct pg *pg, pg_state_fn *state, void *ctx)
{
	pg->on_state = state;
	pg->on_state_ctx = ctx;
}
