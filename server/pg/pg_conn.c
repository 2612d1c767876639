#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/pg/pg_private.h"
#include "server/pg/pg_status.h"

/*
 * One connection as a table of states. Whatever happens (the socket, a timer, a new call) calls the
 * runner, which runs the step of the state until one has to wait; only then are the watcher and the
 * listeners told, so no callback of theirs finds a half-made state. Answers of calls are given from
 * inside a step, as its last act but one: they may call, cancel, listen and close, and nothing of
 * that runs a step.
 *
 *   DOWN -> CONNECTING -> IDLE -> LISTENING -> IDLE -> LIMITING -> IDLE -> PREPARING -> IDLE ->
 * RUNNING -> IDLE … any of them, when the connection is lost -> DOWN
 */

enum step { STEP_NEXT, STEP_WAIT };
typedef enum step pg_step_fn(struct pg *pg);

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

static void
set_timer(struct pg *pg, int64_t ms, loop_fire_fn *fire)
{
	loop_timer_cancel(pg->timer);
	pg->timer = fire != NULL ? loop_after(pg->loop, ms, fire, pg) : NULL;
}

/* Why it failed: the server's or libpq's own words, on one line. They hold addresses and logins,
 * never data. */
static void
complain(struct pg *pg, const char *event, const char *why)
{
	char line[512];

	if (pg->complained)
		return;
	pg->complained = true;
	snprintf(line, sizeof line, "%s", why);
	for (char *at = line; *at != '\0'; at++) {
		if (*at == '\n')
			*at = at[1] == '\0' ? '\0' : ' ';
	}
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

/* The connection is gone or of no use. What was on the wire is answered: nobody knows whether it
 * took effect. */
static enum step
lose(struct pg *pg, const char *event, const char *why)
{
	complain(pg, event, why);
	pg_wire_close(pg);
	pg->state = PG_DOWN;
	pg->up = false;
	set_timer(pg, backoff_next_ms(&pg->backoff), on_retry);
	if (pg->wire != NULL)
		pg_call_answer(pg->wire, STATUS_AGAIN, NULL);
	return STEP_WAIT;
}

static enum step
lose_broken(struct pg *pg)
{
	return lose(pg, pg->state == PG_CONNECTING ? "pg_connect_failed" : "pg_connection_lost",
	    PQerrorMessage(pg->conn));
}

static void
on_connect_limit(void *ctx)
{
	struct pg *pg = ctx;

	pg->timer = NULL;
	lose(pg, "pg_connect_failed", "no answer in time");
}

static void tell(struct pg *pg);

static void
on_wire_limit(void *ctx)
{
	struct pg *pg = ctx;

	pg->timer = NULL;
	lose(pg, "pg_connection_lost", "the server did not keep its own time limit");
	tell(pg);
}

/* After a PQsend…: a new state with a limit of its own, or the loss. */
static enum step
sent(struct pg *pg, int ok, enum pg_state state)
{
	if (!ok)
		return lose_broken(pg);
	pg->state = state;
	set_timer(pg, pg->limit_ms + PG_WIRE_GRACE_MS, on_wire_limit);
	return STEP_NEXT;
}

static enum step
step_down(struct pg *pg)
{
	if (pg->timer == NULL)
		set_timer(pg, 0, on_retry);
	return STEP_WAIT;
}

static void
swallow_notice(void *ctx, const PGresult *result)
{
	(void)ctx;
	(void)result;
}

static enum step
start_connecting(struct pg *pg)
{
	pg->conn = PQconnectStartParams(pg->keywords, pg->values, 0);
	if (pg->conn == NULL)
		fatal("out of memory");
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return lose_broken(pg);
	PQsetNoticeReceiver(pg->conn, swallow_notice, NULL);
	set_timer(pg, PG_CONNECT_MS, on_connect_limit);
	pg->ready = false;
	pg_wire_watch(pg, LOOP_WRITE); /* as if the first poll had said so */
	return STEP_WAIT;
}

static enum step
connected(struct pg *pg)
{
	PQsetnonblocking(pg->conn, 1);
	set_timer(pg, 0, NULL);
	pg_wire_watch(pg, LOOP_READ);
	pg->limit_ms = PG_TIMEOUT_MS;
	pg->state = PG_IDLE;
	return STEP_NEXT;
}

static enum step
step_connecting(struct pg *pg)
{
	if (pg->conn == NULL)
		return start_connecting(pg);
	/* Woken by something else: libpq would take a connect still under way for done. */
	if (!pg->ready)
		return STEP_WAIT;
	pg->ready = false;
	/* The poll may close the socket and open another under the same number: not while we watch
	 * it. */
	pg_wire_unwatch(pg);
	switch (PQconnectPoll(pg->conn)) {
	case PGRES_POLLING_READING:
		pg_wire_watch(pg, LOOP_READ);
		return STEP_WAIT;
	case PGRES_POLLING_WRITING:
		pg_wire_watch(pg, LOOP_WRITE);
		return STEP_WAIT;
	case PGRES_POLLING_OK:
		return connected(pg);
	default:
		return lose_broken(pg);
	}
}

static void
settled(struct pg *pg)
{
	if (pg->complained)
		log_plain(LOG_INFO, "pg_connected");
	pg->complained = false;
	pg->up = true;
	backoff_reset(&pg->backoff);
}

static int
send_limit(struct pg *pg, unsigned ms)
{
	char text[16];
	const char *values[] = {text};

	snprintf(text, sizeof text, "%u", ms);
	return PQsendQueryParams(pg->conn, "SELECT set_config('statement_timeout', $1, false)", 1,
	    NULL, values, NULL, NULL, 0);
}

static enum step
step_idle(struct pg *pg)
{
	const struct pg_prepared *prepared;
	struct pg_call *call;

	if (pg_wire_pull(pg) == PG_WIRE_LOST)
		return lose_broken(pg);
	if (pg_listen_wanted(pg))
		return sent(pg, pg_listen_send(pg), PG_LISTENING);
	settled(pg);
	call = pg_call_next(pg);
	if (call == NULL)
		return STEP_WAIT;
	pg->wire = call;
	if (pg_stmt_timeout_ms(call->stmt) != pg->limit_ms)
		return sent(pg, send_limit(pg, pg_stmt_timeout_ms(call->stmt)), PG_LIMITING);
	prepared = pg_prepared_find(pg, call);
	if (prepared == NULL)
		return sent(pg, pg_prepared_send(pg, call), PG_PREPARING);
	return sent(pg, pg_prepared_run(pg, prepared, call), PG_RUNNING);
}

/* Waits for the whole answer of what is on the wire. True: it is in pg->result, the state is IDLE.
 */
static bool
has_come(struct pg *pg, enum step *step)
{
	switch (pg_wire_pull(pg)) {
	case PG_WIRE_WAIT:
		*step = STEP_WAIT;
		return false;
	case PG_WIRE_LOST:
		*step = lose_broken(pg);
		return false;
	case PG_WIRE_DONE:
		break;
	}
	INVARIANT(pg->result != NULL);
	set_timer(pg, 0, NULL);
	pg->state = PG_IDLE;
	*step = STEP_NEXT;
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

static enum step
step_listening(struct pg *pg)
{
	struct pg_channel *channel = &pg->channels[pg->listening];
	enum step step;

	if (!has_come(pg, &step))
		return step;
	/* A standby cannot listen; who reads from one has his poll. */
	if (!is_fine(pg->result) && strcmp(sqlstate_of(pg->result), "25006") != 0)
		return lose(pg, "pg_connection_lost", PQresultErrorMessage(pg->result));
	PQclear(take_answer(pg));
	channel->listening = true;
	channel->hinted = true; /* what was notified while we were away is lost: look */
	return step;
}

/* What was done for the call on the wire is done, and it has not been sent itself: it is an
 * ordinary waiting call again, or, if nobody waits for it, nothing. */
static void
leave_wire(struct pg *pg)
{
	if (pg->wire->done == NULL)
		pg_call_free(pg->wire);
	pg->wire = NULL;
}

static enum step
step_limiting(struct pg *pg)
{
	enum step step;

	if (!has_come(pg, &step))
		return step;
	if (!is_fine(pg->result))
		return lose(pg, "pg_connection_lost", PQresultErrorMessage(pg->result));
	PQclear(take_answer(pg));
	pg->limit_ms = pg_stmt_timeout_ms(pg->wire->stmt);
	leave_wire(pg);
	return step;
}

/* What the server said no to. A message of class 22 may quote data, so it stays out of the log. */
_Noreturn static void
die_of(const struct pg_call *call, const PGresult *result, const char *sqlstate)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	fatal("statement %s failed with SQLSTATE %s: %s", call->stmt->name, sqlstate,
	    strncmp(sqlstate, "22", 2) != 0 && message != NULL ? message
							       : "(its message is not logged)");
}

/* Answers the call on the wire with an error of the server. */
static enum step
fail_call(struct pg *pg, PGresult *result)
{
	const char *sqlstate = sqlstate_of(result);
	struct pg_call *call = pg->wire;
	enum pg_verdict verdict = pg_verdict_of(sqlstate, call->stmt->expects);
	struct pg_cursor cursor = {0};
	struct pg_rows rows = {.result = result, .cursor = &cursor};

	if (verdict == PG_VERDICT_BUG)
		die_of(call, result, sqlstate);
	if (verdict != PG_VERDICT_REFUSED)
		log_event(LOG_WARN, "pg_call_failed", LOG_STR("statement", call->stmt->name),
		    LOG_STR("sqlstate", sqlstate));
	if (verdict == PG_VERDICT_RENEW)
		lose(pg, "pg_connection_lost", "the session is of no more use");
	else if (verdict == PG_VERDICT_REFUSED)
		pg_call_answer(call, STATUS_REFUSED, &rows);
	else
		pg_call_answer(
		    call, verdict == PG_VERDICT_LIMIT ? STATUS_LIMIT : STATUS_AGAIN, NULL);
	PQclear(result);
	return STEP_NEXT;
}

static enum step
step_preparing(struct pg *pg)
{
	enum step step;

	if (!has_come(pg, &step))
		return step;
	if (!is_fine(pg->result)) {
		pg_prepared_forget_last(pg);
		return fail_call(pg, take_answer(pg));
	}
	PQclear(take_answer(pg));
	leave_wire(pg);
	return step;
}

static enum step
step_running(struct pg *pg)
{
	struct pg_cursor cursor = {0};
	struct pg_rows rows = {.cursor = &cursor};
	enum step step;

	if (!has_come(pg, &step))
		return step;
	if (!is_fine(pg->result))
		return fail_call(pg, take_answer(pg));
	rows.result = take_answer(pg);
	pg_call_answer(pg->wire, STATUS_OK, &rows);
	PQclear(rows.result);
	return step;
}

static pg_step_fn *const steps[PG_STATES] = {
    [PG_DOWN] = step_down,
    [PG_CONNECTING] = step_connecting,
    [PG_IDLE] = step_idle,
    [PG_LISTENING] = step_listening,
    [PG_LIMITING] = step_limiting,
    [PG_PREPARING] = step_preparing,
    [PG_RUNNING] = step_running,
};

bool
pg_connected(const struct pg *pg)
{
	return pg->up;
}

/* The watcher and the listeners, once nothing moves. */
static void
tell(struct pg *pg)
{
	if (!pg->closed && pg->up != pg->announced) {
		pg->announced = pg->up;
		if (pg->on_state != NULL)
			pg->on_state(pg->on_state_ctx, pg->up);
	}
	if (!pg->closed && pg->up)
		pg_listen_hint(pg);
}

void
pg_conn_run(struct pg *pg)
{
	while (!pg->closed && steps[pg->state](pg) == STEP_NEXT)
		;
	tell(pg);
}

struct pg *
pg_open(struct loop *loop, const struct pg_options *options)
{
	struct pg *pg = xcalloc(1, sizeof *pg);

	pg->loop = loop;
	pg->arena = arena_new(0);
	TAILQ_INIT(&pg->calls);
	backoff_init(&pg->backoff, PG_RETRY_LEAST_MS, PG_RETRY_MOST_MS);
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
	set_timer(pg, 0, NULL);
	loop_timer_cancel(pg->kick);
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
