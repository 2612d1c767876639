/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/pg/pg_private.h"

static void
on_ready(void *ctx, int what)
{
	struct pg *pg = ctx;

	/* The runner asks libpq itself what there is; readiness is only the reason to ask. */
	(void)what;
	pg->ready = true;
	pg_conn_run(pg);
}

/* A new watch each time the socket may be another one: libpq closes and opens while it connects. */
void
pg_wire_watch(struct pg *pg, int what)
{
	pg_wire_unwatch(pg);
	pg->watch = loop_watch(pg->loop, PQsocket(pg->conn), what, on_ready, pg);
	pg->watching = what;
}

void
pg_wire_unwatch(struct pg *pg)
{
	loop_watch_cancel(pg->watch);
	pg->watch = NULL;
}

static void
watch_for(struct pg *pg, int what)
{
	/* Each change is a system call, and most pulls change nothing. */
	if (pg->watching != what)
		loop_watch_set(pg->watch, what);
	pg->watching = what;
}

static bool
is_error(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

/* One answer is enough: the first error, or else the last. */
static void
take_result(struct pg *pg, PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
	case PGRES_COPY_BOTH:
		fatal("statement %s is a COPY, which a call cannot carry",
		    pg->wire != NULL ? pg->wire->stmt->name : "?");
	default:
		break;
	}
	if (pg->result != NULL && is_error(pg->result)) {
		PQclear(result);
		return;
	}
	PQclear(pg->result);
	pg->result = result;
}

static void
take_notifications(struct pg *pg)
{
	PGnotify *notify;

	while ((notify = PQnotifies(pg->conn)) != NULL) {
		pg_listen_heard(pg, notify->relname);
		PQfreemem(notify);
	}
}

/*
 * Everything libpq has, before going back to the loop: what it holds in its own buffer will not
 * make the socket readable again. Input first, then the flush: a server that is itself blocked on
 * sending to us would not read.
 */
enum pg_wire
pg_wire_pull(struct pg *pg)
{
	enum pg_wire wire = PG_WIRE_WAIT;
	int unsent;

	if (!PQconsumeInput(pg->conn))
		return PG_WIRE_LOST;
	unsent = PQflush(pg->conn);
	if (unsent < 0)
		return PG_WIRE_LOST;
	while (!PQisBusy(pg->conn)) {
		PGresult *result = PQgetResult(pg->conn);

		if (result == NULL) {
			wire = PG_WIRE_DONE;
			break;
		}
		take_result(pg, result);
	}
	take_notifications(pg);
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return PG_WIRE_LOST;
	watch_for(pg, LOOP_READ | (unsent ? LOOP_WRITE : 0));
	return wire;
}

void
pg_wire_close(struct pg *pg)
{
	pg_wire_unwatch(pg);
	PQclear(pg->result);
	pg->result = NULL;
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg_prepared_free(pg);
	pg_listen_forget(pg);
}
