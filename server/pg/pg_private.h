/* SPDX-License-Identifier: MIT */
#pragma once

#include <libpq-fe.h>
#include <sys/queue.h>

#include "server/base/arena.h"
#include "server/base/backoff.h"
#include "server/pg/pg.h"

/* Shared by the files of server/pg and by nobody else. */

#define PG_TIMEOUT_MS 5000   /* of a statement that names none */
#define PG_CONNECT_MS 3000   /* for one attempt, all addresses of the conninfo together */
#define PG_WIRE_GRACE_MS 500 /* the server gets this much past its own limit before we hang up */
#define PG_RETRY_LEAST_MS 100
#define PG_RETRY_MOST_MS 3000

/* One argument as it goes to the server. */
struct pg_arg {
	Oid type;   /* 0: let the statement say what it is (sent as text) */
	int format; /* 0 text, 1 binary */
	int len;
	char *bytes; /* NULL: SQL null */
	bool malformed;
};

enum pg_state {
	PG_DOWN,       /* nothing; the timer brings CONNECTING */
	PG_CONNECTING, /* libpq wants the socket; then IDLE, or DOWN */
	PG_IDLE,      /* nothing on the wire; then LISTENING if a channel is not listened to yet, or
		    for a call one of the three last */
	PG_LISTENING, /* LISTEN of one channel on the wire; then IDLE */
	PG_LIMITING,  /* the session's time limit for the next call on the wire; then IDLE */
	PG_PREPARING, /* its statement is being prepared; then IDLE */
	PG_RUNNING,   /* it runs; then it is answered and IDLE */
	PG_STATES,
};

struct pg_channel {
	char *name;
	pg_hint_fn *hint;
	void *ctx;
	bool listening; /* in this connection */
	bool hinted;    /* hint is to be run at the end of this run */
};

/* A statement as this connection knows it. The same statement may be there twice, for other types
 * of arguments. */
struct pg_prepared {
	const struct pg_stmt *stmt;
	Oid *types;
	unsigned count;
	char name[80];
};

struct pg_call {
	TAILQ_ENTRY(pg_call) entry;
	struct pg *pg;
	const struct pg_stmt *stmt;
	struct pg_args args;
	unsigned limit_ms; /* of the session while it runs; 0: as it is */
	uint64_t session;  /* the only one it may be sent on; 0: any */
	bool malformed;    /* never sent */
	pg_done_fn *done;  /* NULL: nobody waits any more, but it is on the wire */
	void *ctx;
	struct loop_timer *timer;
};

struct pg {
	struct loop *loop;
	struct arena *arena; /* the conninfo */
	const char **keywords, **values;
	PGconn *conn;
	struct loop_watch *watch;
	int watching;
	enum pg_state state;
	struct loop_timer *timer; /* what the state waits for, at most */
	struct loop_timer *kick;  /* something was asked for: run the step of the state again */
	struct backoff backoff;
	TAILQ_HEAD(, pg_call) calls;
	struct pg_call *wire; /* the call that PREPARING, LIMITING and RUNNING are about */
	PGresult *result;     /* what has come so far of the answer on the wire */
	unsigned limit_ms;    /* statement_timeout of this session */
	uint64_t session;     /* the number of this connection, or of the next */
	struct pg_channel *channels;
	unsigned channels_count, listening;
	struct pg_prepared *prepared;
	unsigned prepared_count;
	pg_state_fn *on_state;
	void *on_state_ctx;
	bool ready;          /* CONNECTING: the socket is as the last poll wanted it */
	bool up;             /* connected, and every channel is listened to */
	bool announced;      /* the watcher was last called with this */
	uint64_t complained; /* hash of what the log has of this outage; 0: nothing */
	bool closed;
};

struct pg_rows {
	PGresult *result;
	struct pg_cursor *cursor; /* where the last item of an array was found */
	bool *kept;               /* set by pg_rows_keep; NULL: these are kept themselves */
};

struct pg_cursor {
	size_t row;
	unsigned column;
	size_t item;
	const char *at;
	bool set;
};

/* pg_options.c: checks ${options} and keeps what libpq is to be given. A conninfo that it cannot
 * keep its promises with is fatal. */
void pg_options_keep(struct pg *pg, const struct pg_options *options);

/* pg_conn.c: runs the states as far as they go, now (from an event of its own) or soon (from a
 * caller). */
void pg_conn_run(struct pg *pg);
void pg_conn_kick(struct pg *pg);

/* A step of the table: run the next one, or wait for an event. */
enum pg_step { PG_STEP_NEXT, PG_STEP_WAIT };
typedef enum pg_step pg_step_fn(struct pg *pg);
pg_step_fn pg_step_down, pg_step_connecting; /* pg_connect.c */
pg_step_fn pg_step_idle, pg_step_listening, pg_step_limiting, pg_step_preparing,
    pg_step_running; /* pg_steps.c */

/* Functions shared by the steps. timer: the one of the state, replaced (${fire} NULL: none). sent:
 * after a PQsend…, ${state} with a time limit of its own, or the loss if not ${ok}. lose: the
 * connection is gone or of no use; the call on the wire is answered, since it is not known whether
 * it took effect; lose_broken: the same in libpq's words. */
void pg_conn_timer(struct pg *pg, int64_t ms, loop_fire_fn *fire);
enum pg_step pg_conn_sent(struct pg *pg, int ok, enum pg_state state);
enum pg_step pg_conn_lose(struct pg *pg, const char *event, const char *why);
enum pg_step pg_conn_lose_broken(struct pg *pg);

/* pg_call.c */
struct pg_call *pg_call_next(struct pg *pg); /* the first that can be sent, or NULL */
void pg_call_answer(struct pg_call *call, enum status st, const struct pg_rows *rows);
void pg_call_free(struct pg_call *call);
unsigned pg_stmt_timeout_ms(const struct pg_stmt *stmt);
/* Answers all calls that could only be sent on a connection that is gone. */
void pg_call_drop_stale(struct pg *pg);

/* pg_wire.c: the socket and what goes over it. */
enum pg_wire { PG_WIRE_WAIT, PG_WIRE_DONE, PG_WIRE_LOST };
void pg_wire_watch(struct pg *pg, int what);
void pg_wire_unwatch(struct pg *pg);
enum pg_wire pg_wire_pull(
    struct pg *pg); /* DONE: pg->result is the answer (NULL if nothing was asked) */
void pg_wire_close(struct pg *pg);

/* pg_listen.c */
bool pg_listen_wanted(struct pg *pg); /* sets pg->listening */
int pg_listen_send(struct pg *pg);
void pg_listen_forget(struct pg *pg);
void pg_listen_heard(struct pg *pg, const char *name);
void pg_listen_hint(struct pg *pg);
void pg_listen_free(struct pg *pg);

/* pg_prepared.c */
const struct pg_prepared *pg_prepared_find(const struct pg *pg, const struct pg_call *call);
int pg_prepared_send(
    struct pg *pg, const struct pg_call *call); /* PQsendPrepare under a new name… */
void pg_prepared_forget_last(struct pg *pg);    /* …that the server did not take */
int pg_prepared_run(struct pg *pg, const struct pg_prepared *prepared, const struct pg_call *call);
void pg_prepared_free(struct pg *pg);
