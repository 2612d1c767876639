/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/pg/pg_private.h"
#include "server/pg/pg_status.h"

/* The states of an open session: what is sent next, and what becomes of its answer. */

/* Everything that a connection needs is done, so the outage is over. The back-off is reset only
 * here: a server that takes connections and fails at LISTEN must not be asked without pause. */
static void
settled(struct pg *pg)
{
	if (pg->complained != 0)
		log_plain(LOG_INFO, "pg_connected");
	pg->complained = 0;
	pg->up = true;
	backoff_reset(&pg->backoff);
}

static int
send_limit(struct pg *pg, unsigned ms)
{
	char text[16];
	const char *values[] = {text};

	snprintf(text, sizeof text, "%u", ms);
	/* set_config() and not SET, which takes no parameters. */
	return PQsendQueryParams(pg->conn, "SELECT set_config('statement_timeout', $1, false)", 1,
	    NULL, values, NULL, NULL, 0);
}

enum pg_step
pg_step_idle(struct pg *pg)
{
	const struct pg_prepared *prepared;
	struct pg_call *call;

	if (pg_wire_pull(pg) == PG_WIRE_LOST)
		return pg_conn_lose_broken(pg);
	/* Channels come before calls, so that no notification is missed between a call that reads
	 * and its LISTEN. */
	if (pg_listen_wanted(pg))
		return pg_conn_sent(pg, pg_listen_send(pg), PG_LISTENING);
	settled(pg);
	call = pg_call_next(pg);
	if (call == NULL)
		return PG_STEP_WAIT;
	pg->wire = call;
	/* The server ends the statement by itself at this limit. Most calls have the same one, so
	 * it is rarely sent. */
	if (call->limit_ms != 0 && call->limit_ms != pg->limit_ms)
		return pg_conn_sent(pg, send_limit(pg, call->limit_ms), PG_LIMITING);
	prepared = pg_prepared_find(pg, call);
	if (prepared == NULL)
		return pg_conn_sent(pg, pg_prepared_send(pg, call), PG_PREPARING);
	return pg_conn_sent(pg, pg_prepared_run(pg, prepared, call), PG_RUNNING);
}

/* Waits for the whole answer of what is on the wire. True: it is in pg->result, the state is
 * IDLE. */
static bool
has_come(struct pg *pg, enum pg_step *step)
{
	switch (pg_wire_pull(pg)) {
	case PG_WIRE_WAIT:
		*step = PG_STEP_WAIT;
		return false;
	case PG_WIRE_LOST:
		*step = pg_conn_lose_broken(pg);
		return false;
	case PG_WIRE_DONE:
		break;
	}
	INVARIANT(pg->result != NULL);
	pg_conn_timer(pg, 0, NULL);
	pg->state = PG_IDLE;
	*step = PG_STEP_NEXT;
	return true;
}

static PGresult *
take_answer(struct pg *pg)
{
	PGresult *result = pg->result;

	pg->result = NULL;
	return result;
}

static bool
is_fine(const PGresult *result)
{
	return PQresultStatus(result) == PGRES_TUPLES_OK ||
	       PQresultStatus(result) == PGRES_COMMAND_OK;
}

static const char *
sqlstate_of(const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	/* libpq's own errors have none: the connection broke. */
	return sqlstate != NULL ? sqlstate : "08006";
}

enum pg_step
pg_step_listening(struct pg *pg)
{
	struct pg_channel *channel = &pg->channels[pg->listening];
	enum pg_step step;

	if (!has_come(pg, &step))
		return step;
	/* A standby cannot listen; who reads from one has his poll. */
	if (!is_fine(pg->result) && strcmp(sqlstate_of(pg->result), "25006") != 0)
		return pg_conn_lose(pg, "pg_connection_lost", PQresultErrorMessage(pg->result));
	PQclear(take_answer(pg));
	channel->listening = true;
	channel->hinted = true; /* what was notified while we were away is lost: read again */
	return step;
}

/* The preparation for the call on the wire is done, and the call itself has not been sent: it is an
 * ordinary waiting call again, or, if nobody waits for it, it is dropped. */
static void
leave_wire(struct pg *pg)
{
	if (pg->wire->done == NULL)
		pg_call_free(pg->wire);
	pg->wire = NULL;
}

enum pg_step
pg_step_limiting(struct pg *pg)
{
	enum pg_step step;

	if (!has_come(pg, &step))
		return step;
	if (!is_fine(pg->result))
		return pg_conn_lose(pg, "pg_connection_lost", PQresultErrorMessage(pg->result));
	PQclear(take_answer(pg));
	pg->limit_ms = pg->wire->limit_ms;
	leave_wire(pg);
	return step;
}

/* The refusal of the server. A message of class 22 may quote data, so it stays out of the log. */
_Noreturn static void
die_of(const struct pg_call *call, const PGresult *result, const char *sqlstate)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	fatal("statement %s failed with SQLSTATE %s: %s", call->stmt->name, sqlstate,
	    strncmp(sqlstate, "22", 2) != 0 && message != NULL ? message
							       : "(its message is not logged)");
}

/* Answers the call on the wire with an error of the server. */
static enum pg_step
fail_call(struct pg *pg, PGresult *result)
{
	const char *sqlstate = sqlstate_of(result);
	struct pg_call *call = pg->wire;
	enum pg_verdict verdict = pg_verdict_of(sqlstate, call->stmt->expects);
	struct pg_cursor cursor = {0};
	struct pg_rows rows = {.result = result, .cursor = &cursor};

	/* A statement that fails in a way nobody foresaw is wrong, or the schema is. The process
	 * ends, and the supervisor starts it again. */
	if (verdict == PG_VERDICT_BUG)
		die_of(call, result, sqlstate);
	if (verdict != PG_VERDICT_REFUSED)
		log_event(LOG_WARN, "pg_call_failed", LOG_STR("statement", call->stmt->name),
		    LOG_STR("sqlstate", sqlstate));
	if (verdict == PG_VERDICT_RENEW)
		pg_conn_lose(pg, "pg_connection_lost", "the session is of no more use");
	else if (verdict == PG_VERDICT_REFUSED)
		pg_call_answer(call, STATUS_REFUSED, &rows);
	else
		pg_call_answer(
		    call, verdict == PG_VERDICT_LIMIT ? STATUS_LIMIT : STATUS_AGAIN, NULL);
	PQclear(result);
	return PG_STEP_NEXT;
}

/* Every statement is prepared once in a connection, so this is where a program and a schema that do not belong
 * together meet. The process goes on: an api answers from what it has, and the statement is prepared again at its
 * next call, when the database may have been migrated. */
static bool
is_other_schema(const struct pg *pg)
{
	const char *sqlstate = sqlstate_of(pg->result);

	return pg_verdict_of(sqlstate, pg->wire->stmt->expects) == PG_VERDICT_BUG &&
	       pg_is_other_schema(sqlstate);
}

static enum pg_step
await_schema(struct pg *pg)
{
	PGresult *result = take_answer(pg);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	figure_set(FIGURE_SCHEMA_DIFFERED_AT, clock_boot_ms());
	log_event(LOG_ERROR, "schema_differs", LOG_STR("statement", pg->wire->stmt->name),
	    LOG_STR("reason", message),
	    LOG_STR("fix",
		"run crisiscoverd migrate of this version, or start the version that the database was migrated by"));
	pg_call_answer(pg->wire, STATUS_AGAIN, NULL);
	PQclear(result);
	return PG_STEP_NEXT;
}

enum pg_step
pg_step_preparing(struct pg *pg)
{
	enum pg_step step;

	if (!has_come(pg, &step))
		return step;
	if (!is_fine(pg->result)) {
		pg_prepared_forget_last(pg);
		return is_other_schema(pg) ? await_schema(pg) : fail_call(pg, take_answer(pg));
	}
	PQclear(take_answer(pg));
	leave_wire(pg);
	return step;
}

enum pg_step
pg_step_running(struct pg *pg)
{
	struct pg_cursor cursor = {0};
	bool kept = false;
	struct pg_rows rows = {.cursor = &cursor, .kept = &kept};
	enum pg_step step;

	if (!has_come(pg, &step))
		return step;
	if (!is_fine(pg->result))
		return fail_call(pg, take_answer(pg));
	/* Taken out before the callback, which may close the connection. */
	rows.result = take_answer(pg);
	pg_call_answer(pg->wire, STATUS_OK, &rows);
	if (!kept)
		PQclear(rows.result);
	return step;
}
