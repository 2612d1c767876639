/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/pg/pg_private.h"

unsigned
pg_stmt_timeout_ms(const struct pg_stmt *stmt)
{
	return stmt->timeout_ms != 0 ? stmt->timeout_ms : PG_TIMEOUT_MS;
}

struct pg_call *
pg_call_next(struct pg *pg)
{
	struct pg_call *call;

	TAILQ_FOREACH(call, &pg->calls, entry)
	{
		/* A malformed call only waits for its timer, which answers it. */
		if (!call->malformed)
			return call;
	}
	return NULL;
}

void
pg_call_free(struct pg_call *call)
{
	if (call->pg->wire == call)
		call->pg->wire = NULL;
	TAILQ_REMOVE(&call->pg->calls, call, entry);
	loop_timer_cancel(call->timer);
	pg_args_free(&call->args);
	free(call);
}

void
pg_call_answer(struct pg_call *call, enum status st, const struct pg_rows *rows)
{
	pg_done_fn *done = call->done;
	void *ctx = call->ctx;

	pg_call_free(call);
	if (done != NULL)
		done(ctx, st, rows);
}

/* Nobody waits for the answer any more, but the server is still working on it: the call keeps
 * the wire until the server has answered, which the server's own limit ensures, or our limit of
 * the wire. */
static void
abandon(struct pg_call *call)
{
	call->done = NULL;
	loop_timer_cancel(call->timer);
	call->timer = NULL;
}

static void
on_limit(void *ctx)
{
	struct pg_call *call = ctx;
	pg_done_fn *done = call->done;
	void *done_ctx = call->ctx;

	call->timer = NULL;
	/* Never sent, so it can be freed at once. On the wire, the answer that is still to come
	 * needs it. */
	if (call->pg->wire != call) {
		pg_call_answer(call, call->malformed ? STATUS_MALFORMED : STATUS_AGAIN, NULL);
		return;
	}
	abandon(call);
	done(done_ctx, STATUS_AGAIN, NULL);
}

static bool
has_malformed(const struct pg_args *args)
{
	for (unsigned i = 0; i < args->count; i++) {
		if (args->items[i].malformed)
			return true;
	}
	return false;
}

const struct pg_stmt PG_COMMIT = {.name = "PG_COMMIT", .sql = "commit", .timeout_ms = 10000};
static const struct pg_stmt rollback = {
    .name = "PG_ROLLBACK", .sql = "rollback", .timeout_ms = 60000};
static const struct pg_stmt begin = {.name = "PG_BEGIN", .sql = "begin"};
static const struct pg_stmt begin_reading = {
    .name = "PG_BEGIN_READING", .sql = "begin isolation level repeatable read read only"};

void
pg_call_drop_stale(struct pg *pg)
{
	struct pg_call *call = TAILQ_FIRST(&pg->calls);

	while (!pg->closed && call != NULL) {
		if (call->session == 0 || call->session == pg->session || call->done == NULL) {
			call = TAILQ_NEXT(call, entry);
			continue;
		}
		pg_call_answer(call, STATUS_AGAIN, NULL);
		/* From the beginning: the answer may have removed or added any call. */
		call = TAILQ_FIRST(&pg->calls);
	}
}

struct pg_session
pg_session(struct pg *pg)
{
	return (struct pg_session){pg, pg->session};
}

struct pg_call *
pg_begin(struct pg *pg, unsigned limit_ms, pg_done_fn *done, void *ctx)
{
	struct pg_call *call = pg_call(pg, &begin, NULL, done, ctx);

	call->limit_ms = limit_ms;
	return call;
}

struct pg_call *
pg_begin_reading(struct pg *pg, unsigned limit_ms, pg_done_fn *done, void *ctx)
{
	struct pg_call *call = pg_call(pg, &begin_reading, NULL, done, ctx);

	call->limit_ms = limit_ms;
	return call;
}

static void
on_rolled_back(void *ctx, enum status st, const struct pg_rows *rows)
{
	(void)ctx;
	(void)st;
	(void)rows;
}

void
pg_rollback(struct pg *pg)
{
	/* The session keeps its time limit: after an error the server takes nothing but
	 * ROLLBACK, so a statement that sets the limit would be an error of its own, and the
	 * connection lost. */
	pg_call(pg, &rollback, NULL, on_rolled_back, NULL)->limit_ms = 0;
}

static void
on_stale(void *ctx)
{
	struct pg_call *call = ctx;

	call->timer = NULL;
	pg_call_answer(call, STATUS_AGAIN, NULL);
}

struct pg_call *
pg_call_in(struct pg_session session, const struct pg_stmt *stmt, struct pg_args *args,
    pg_done_fn *done, void *ctx)
{
	struct pg_call *call = pg_call(session.pg, stmt, args, done, ctx);

	call->limit_ms = 0;
	call->session = session.number;
	/* Answered from the loop and not from here: no call answers before it has returned. */
	if (session.number != session.pg->session) {
		loop_timer_cancel(call->timer);
		call->malformed = true; /* never sent */
		call->timer = loop_after(session.pg->loop, 0, on_stale, call);
	}
	return call;
}

struct pg_call *
pg_call(
    struct pg *pg, const struct pg_stmt *stmt, struct pg_args *args, pg_done_fn *done, void *ctx)
{
	struct pg_call *call = xcalloc(1, sizeof *call);

	INVARIANT(!pg->closed && done != NULL);
	call->pg = pg;
	call->stmt = stmt;
	call->limit_ms = pg_stmt_timeout_ms(stmt);
	call->done = done;
	call->ctx = ctx;
	if (args != NULL) {
		call->args = *args;
		/* Taken over: the caller may continue with an empty list. */
		*args = (struct pg_args){0};
		call->malformed = has_malformed(&call->args);
	}
	TAILQ_INSERT_TAIL(&pg->calls, call, entry);
	call->timer =
	    /* A malformed call is answered at once, but from the loop as well. */
	    loop_after(pg->loop, call->malformed ? 0 : pg_stmt_timeout_ms(stmt), on_limit, call);
	pg_conn_kick(pg);
	return call;
}

/* On the wire it cannot be taken back: the connection would be out of step with the server. */
void
pg_call_cancel(struct pg_call *call)
{
	if (call == NULL)
		return;
	INVARIANT(call->done != NULL);
	if (call->pg->wire == call)
		abandon(call);
	else
		pg_call_free(call);
}
