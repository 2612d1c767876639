/* SPDX-License-Identifier: MIT */
/*
 * server/pg/pg.h between a simulated process and the model of the database. A statement travels,
 * happens in one instant, and its answer travels back; a connection may break at either end of
 * each, so that the caller cannot know whether it took effect. Statements that a dead process had
 * sent may still take effect.
 */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

enum { LISTENS = 2, CALL_LIMIT_MS = 5000 };

/* A statement on its way. It outlives its call, and its connection until it is at the server. */
struct request {
	struct request *next, **before; /* all of the world */
	struct pg_call *call;           /* NULL: nobody waits for the answer */
	struct pg *pg;                  /* NULL: the connection is gone */
	bool lost;                      /* it never got to the server */
	struct loop_timer *answering;   /* it has happened, and the answer is on its way */
	int node;
	int64_t session;
	const struct pg_stmt *stmt;
	struct pg_args args;
	enum status st;
	struct pg_rows *rows;
};

struct pg_call {
	struct pg *pg;
	struct pg_call *next;
	const struct pg_stmt *stmt;
	struct pg_args args;
	pg_done_fn *done;
	void *ctx;
	struct loop_timer *limit;
	struct request *request; /* NULL: waits for its turn */
};

struct pg {
	struct loop *loop;
	struct pg *next, **before;
	bool primary_only, connected;
	int node;
	int64_t session;
	struct pg_call *calls; /* in order; the first may be on the wire */
	struct request *wire;  /* what the connection is busy with */
	struct {
		const char *channel;
		pg_hint_fn *hint;
		void *ctx;
	} listens[LISTENS];
	unsigned nlistens;
	pg_state_fn *state;
	void *state_ctx;
	struct loop_timer *attempt;
};

/* Kept for all connections of the world. */
static struct pg *all;
static struct request *requests;
static int64_t sessions;

static void send_next(struct pg *pg);
static void break_one(struct pg *pg, bool server_gone);

/* ---------------------------------------------------------------------------------- connecting */

static int64_t
a_while(void)
{
	return sim_odds(50) ? sim_between(20000, 6000000) : sim_between(100, 8000);
}

/* A connection that led to a standby is corrected in the end. */
static void
on_led_right(void *ctx)
{
	struct pg *pg = ctx;

	if (pg->connected && pg->node != db_primary_node())
		break_one(pg, false);
}

static void
on_attempt(void *ctx)
{
	struct pg *pg = ctx;
	int primary = db_primary_node(), node = primary;

	pg->attempt = NULL;
	/* The address led to the primary a moment ago, and leads to a standby now. */
	if (!pg->primary_only && primary >= 0 && sim_odds(3)) {
		node = 1 - primary;
		host_after_us(pg->loop, sim_between(100000, 30000000), on_led_right, pg);
	}
	if (node < 0 || !db_node_up(node)) {
		pg->attempt = host_after_us(pg->loop, sim_between(50000, 1000000), on_attempt, pg);
		return;
	}
	pg->connected = true;
	pg->node = node;
	pg->session = ++sessions;
	sim_note("%s is connected to node %d", host_name(pg->loop), node);
	if (pg->state != NULL)
		pg->state(pg->state_ctx, true);
	for (unsigned i = 0; i < pg->nlistens && pg->connected; i++)
		pg->listens[i].hint(pg->listens[i].ctx);
	if (pg->connected)
		send_next(pg);
}

struct pg *
pg_open(struct loop *loop, const struct pg_options *options)
{
	struct pg *pg = xcalloc(1, sizeof *pg);

	*pg = (struct pg){
	    .loop = loop, .next = all, .before = &all, .primary_only = options->primary_only};
	if (all != NULL)
		all->before = &pg->next;
	all = pg;
	pg->attempt = host_after_us(loop, a_while(), on_attempt, pg);
	return pg;
}

bool
pg_connected(const struct pg *pg)
{
	return pg->connected;
}

void
pg_on_state(struct pg *pg, pg_state_fn *state, void *ctx)
{
	pg->state = state;
	pg->state_ctx = ctx;
}

void
pg_listen(struct pg *pg, const char *channel, pg_hint_fn *hint, void *ctx)
{
	INVARIANT(pg->nlistens < LISTENS);
	pg->listens[pg->nlistens].channel = channel;
	pg->listens[pg->nlistens].hint = hint;
	pg->listens[pg->nlistens++].ctx = ctx;
}

/* ------------------------------------------------------------------------------------ sessions */

static void
on_session_over(void *ctx)
{
	db_session_over((intptr_t)ctx);
}

/* The server notices at once, or only when its keepalive does. */
static void
end_session(int64_t number)
{
	sim_after(sim_odds(5) ? sim_between(1000000, 15000000) : 1000, on_session_over,
	    (void *)(intptr_t)number);
}

/* -------------------------------------------------------------------------------------- calls */

static void
take_out(struct pg_call *call)
{
	struct pg_call **at = &call->pg->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	loop_timer_cancel(call->limit);
	if (call->request != NULL)
		call->request->call = NULL;
	pg_args_free(&call->args);
	free(call);
}

static void
answer(struct pg_call *call, enum status st, const struct pg_rows *rows)
{
	pg_done_fn *done = call->done;
	void *ctx = call->ctx;

	take_out(call);
	done(ctx, st, rows);
}

static void
on_limit(void *ctx)
{
	struct pg_call *call = ctx;

	call->limit = NULL;
	sim_note("%s: %s took too long", host_name(call->pg->loop), call->stmt->name);
	answer(call, STATUS_AGAIN, NULL);
}

static void
request_free(struct request *request)
{
	if (request->call != NULL)
		request->call->request = NULL;
	if (request->pg != NULL)
		request->pg->wire = NULL;
	*request->before = request->next;
	if (request->next != NULL)
		request->next->before = request->before;
	pg_args_free(&request->args);
	rows_free(request->rows);
	free(request);
}

static void
on_answer(void *ctx)
{
	struct request *request = ctx;
	struct pg *pg = request->pg;
	struct pg_call *call = request->call;
	enum status st = request->st;
	struct pg_rows *rows = request->rows;

	request->rows = NULL;
	request_free(request);
	if (call != NULL)
		answer(call, st, rows);
	rows_free(rows);
	send_next(pg);
}

static void
on_server(void *ctx)
{
	struct request *request = ctx;

	if (request->lost) {
		request_free(request);
		return;
	}
	request->rows =
	    db_run(request->node, request->session, request->pg != NULL ? request->pg->loop : NULL,
		request->stmt, &request->args, &request->st);
	if (request->pg == NULL) {
		end_session(request->session);
		request_free(request);
		return;
	}
	request->answering = host_after_us(request->pg->loop, a_while(), on_answer, request);
}

static void
link_request(struct request *request)
{
	if (request->next != NULL)
		request->next->before = &request->next;
	requests = request;
}

static void
send_next(struct pg *pg)
{
	struct pg_call *call = pg->calls;
	struct request *request;

	if (!pg->connected || pg->wire != NULL || call == NULL)
		return;
	request = xcalloc(1, sizeof *request);
	*request = (struct request){.next = requests,
	    .before = &requests,
	    .call = call,
	    .pg = pg,
	    .node = pg->node,
	    .session = pg->session,
	    .stmt = call->stmt,
	    .args = call->args};
	call->args = (struct pg_args){0};
	link_request(request);
	call->request = pg->wire = request;
	sim_after(a_while(), on_server, request);
}

struct pg_call *
pg_call(
    struct pg *pg, const struct pg_stmt *stmt, struct pg_args *args, pg_done_fn *done, void *ctx)
{
	struct pg_call *call = xcalloc(1, sizeof *call), **at = &pg->calls;

	while (*at != NULL)
		at = &(*at)->next;
	*at = call;
	*call = (struct pg_call){.pg = pg, .stmt = stmt, .done = done, .ctx = ctx};
	if (args != NULL) {
		call->args = *args;
		*args = (struct pg_args){0};
	}
	call->limit = loop_after(
	    pg->loop, stmt->timeout_ms > 0 ? stmt->timeout_ms : CALL_LIMIT_MS, on_limit, call);
	send_next(pg);
	return call;
}

void
pg_call_cancel(struct pg_call *call)
{
	if (call != NULL)
		take_out(call);
}

/* ----------------------------------------------------------------------------------- breaking */

/* The call on the wire: its answer is lost, or it never arrives, or it arrives and nobody is there
 * for the answer. */
static void
drop_wire(struct pg *pg, bool server_gone)
{
	struct request *request = pg->wire;

	if (request == NULL)
		return;
	if (request->answering != NULL) {
		loop_timer_cancel(request->answering);
		request_free(request);
		return;
	}
	request->lost = server_gone || sim_odds(2);
	request->pg = NULL;
	if (request->call != NULL)
		request->call->request = NULL;
	request->call = NULL;
	pg->wire = NULL;
}

static void
break_one(struct pg *pg, bool server_gone)
{
	struct pg_call *sent = pg->wire != NULL ? pg->wire->call : NULL;

	sim_note("%s loses its connection to node %d", host_name(pg->loop), pg->node);
	drop_wire(pg, server_gone);
	pg->connected = false;
	end_session(pg->session);
	if (sent != NULL)
		answer(sent, STATUS_AGAIN, NULL);
	if (pg->state != NULL)
		pg->state(pg->state_ctx, false);
	if (pg->attempt == NULL)
		pg->attempt = host_after_us(pg->loop, sim_between(1000, 500000), on_attempt, pg);
}

void
fake_pg_break_all(int node)
{
	for (struct pg *pg = all; pg != NULL; pg = pg->next)
		if (pg->connected && (node < 0 || pg->node == node))
			break_one(pg, true);
}

void
fake_pg_break_of(const struct loop *loop)
{
	for (struct pg *pg = all; pg != NULL; pg = pg->next)
		if (pg->connected && pg->loop == loop)
			break_one(pg, false);
}

void
fake_pg_notify(int node, const char *channel)
{
	for (struct pg *pg = all; pg != NULL; pg = pg->next)
		for (unsigned i = 0; i < pg->nlistens; i++)
			if (pg->connected && pg->node == node &&
			    strcmp(pg->listens[i].channel, channel) == 0 && !sim_odds(20))
				host_after_us(pg->loop, sim_between(100, 5000), pg->listens[i].hint,
				    pg->listens[i].ctx);
}

void
pg_close(struct pg *pg)
{
	while (pg->calls != NULL)
		take_out(pg->calls);
	drop_wire(pg, false);
	if (pg->connected)
		end_session(pg->session);
	loop_timer_cancel(pg->attempt);
	*pg->before = pg->next;
	if (pg->next != NULL)
		pg->next->before = pg->before;
	free(pg);
}

void
fake_pg_finish(void)
{
	while (requests != NULL)
		request_free(requests);
	sessions = 0;
}
