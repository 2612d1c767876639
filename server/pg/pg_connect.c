/* SPDX-License-Identifier: MIT */
#include "server/base/fatal.h"
#include "server/pg/pg_private.h"

/* From no connection to a session, in libpq's own steps: it says what to wait for on the socket. */

static void
on_connect_limit(void *ctx)
{
	struct pg *pg = ctx;

	pg->timer = NULL;
	pg_conn_lose(pg, "pg_connect_failed", "no answer in time");
}

enum pg_step
pg_step_down(struct pg *pg)
{
	(void)pg; /* the retry timer wakes it */
	return PG_STEP_WAIT;
}

/* Otherwise libpq prints notices on stderr, between our lines of JSON. */
static void
swallow_notice(void *ctx, const PGresult *result)
{
	(void)ctx;
	(void)result;
}

static enum pg_step
start_connecting(struct pg *pg)
{
	pg->conn = PQconnectStartParams(pg->keywords, pg->values, 0);
	if (pg->conn == NULL)
		fatal("out of memory");
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return pg_conn_lose_broken(pg);
	PQsetNoticeReceiver(pg->conn, swallow_notice, NULL);
	pg_conn_timer(pg, PG_CONNECT_MS, on_connect_limit);
	pg->ready = false;
	pg_wire_watch(pg, LOOP_WRITE); /* as if the first poll had said so */
	return PG_STEP_WAIT;
}

static enum pg_step
connected(struct pg *pg)
{
	PQsetnonblocking(pg->conn, 1);
	pg_conn_timer(pg, 0, NULL);
	pg_wire_watch(pg, LOOP_READ);
	pg->limit_ms = PG_TIMEOUT_MS;
	pg->state = PG_IDLE;
	return PG_STEP_NEXT;
}

enum pg_step
pg_step_connecting(struct pg *pg)
{
	if (pg->conn == NULL)
		return start_connecting(pg);
	/* Something else woke us, such as a new call: libpq would take a connect() that is still
	 * under way for a finished one. */
	if (!pg->ready)
		return PG_STEP_WAIT;
	pg->ready = false;
	/* The poll may close the socket and open another with the same number, so it must not be
	 * watched meanwhile. */
	pg_wire_unwatch(pg);
	switch (PQconnectPoll(pg->conn)) {
	case PGRES_POLLING_READING:
		pg_wire_watch(pg, LOOP_READ);
		return PG_STEP_WAIT;
	case PGRES_POLLING_WRITING:
		pg_wire_watch(pg, LOOP_WRITE);
		return PG_STEP_WAIT;
	case PGRES_POLLING_OK:
		return connected(pg);
	default:
		return pg_conn_lose_broken(pg);
	}
}
