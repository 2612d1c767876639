/* SPDX-License-Identifier: MIT */
#pragma once

#include <event2/event_struct.h>
#include <http_parser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "server/web/answer.h"
#include "server/web/forwarded.h"
#include "server/web/gate/gate.h"
#include "server/web/intake.h"
#include "server/web/peers.h"
#include "server/web/route.h"
#include "server/web/server.h"

/* One accepted connection, and what the files of the server share. For this folder only. */

enum conn_state {
	CONN_HEAD,    /* awaits a head, whole or none; then BODY, HANDLER or ANSWER */
	CONN_BODY,    /* awaits the rest of the body; then HANDLER or ANSWER */
	CONN_HANDLER, /* a handler has the exchange; then ANSWER or STREAM */
	CONN_ANSWER,  /* the socket was full; then HEAD, LINGER or CLOSED */
	CONN_STREAM,  /* an answer without an end; then CLOSED */
	CONN_LINGER,  /* our side is shut; bytes that still come are read and dropped, or the kernel
			would reset the connection and our answer be lost */
	CONN_CLOSED   /* nothing but memory that somebody may still hold */
};

struct query_pair {
	struct gate_span name, value;
};

struct web_exchange {
	struct gate_head head;
	struct route_found found;
	struct query_pair query[GATE_QUERY_MAX]; /* decoded in place */
	unsigned query_count;
	char *decoded; /* parameters of the path that had escapes, or NULL */
	struct web_filter filter;
};

/* The head of the request before, if it was taken, had no body and was short. ${bytes} as they were
 * sent (NULL: there is none); the rest of what was read of them is still in exchange.head. */
struct head_before {
	char *bytes;
	size_t len;
	enum web_method method;
	unsigned field_count;
};

struct web_stream {
	web_closed_fn *closed;
	void *ctx;
};

struct conn {
	struct web_exchange exchange;
	struct web_stream stream;
	LIST_ENTRY(conn) entry;
	struct web_server *server; /* NULL once the server is gone */
	struct loop *loop;
	struct event readable, writable;
	int fd;
	enum conn_state state;
	bool read_armed, write_armed;
	bool advancing;    /* conn_advance is on the stack */
	bool handler_owes; /* the handler has not answered yet, perhaps long after its limit */
	bool started;      /* a byte of the current request is here */
	bool last;         /* the current answer is the connection's last */
	bool lingers;      /* after which what still comes is read and thrown away */
	bool parsed;       /* http-parser has seen the request's end */
	bool served;       /* this is not the first request */
	bool peer_ended;   /* the other side sends no more */
	bool known;        /* a request of it was of an account (web_known) */
	bool via_proxy;    /* from an address whose word about the client is taken */
	int64_t deadline_ms;
	int64_t rest_until_ms; /* CONN_HEAD, if it is to come: nothing is read before */
	int64_t until_ms; /* of a body or an answer: the whole of it, however well it goes on */
	size_t progress;  /* how much of it had come or gone when that was looked at last */

	/* The request: head, then the body or the start of the next one. */
	char *in;
	size_t in_len, in_capacity, in_scanned;
	size_t head_len, body_len; /* in ${in}; body_len without the chunked ones */
	struct buf body;           /* of chunks, put together */
	size_t body_max;
	struct gate_chunks chunks;
	http_parser parser;
	struct head_before before;
	size_t lingered;

	/* Bytes that the socket would not take yet. */
	struct buf out;
	size_t out_sent;
	struct web_bytes *shared;
	size_t shared_sent;
	size_t out_gone; /* of what has waited since the socket was full */

	struct intake_share intake; /* of the body that is here or on its way */
	struct peer *peer;          /* NULL once closed */
	bool peer_limited;          /* its address has a budget of its own for bodies */
	char peer_text[PEER_TEXT_MAX];

	/* Whom the proxy names, while the request lasts. NULL: nobody, the peer itself asks. */
	struct peer *client;
	bool client_counts;              /* as one more connection of a stranger */
	char client_text[PEER_TEXT_MAX]; /* "": nobody */
};

LIST_HEAD(conns, conn);

struct web_server {
	struct loop *loop;
	struct web_server_options options; /* limits filled in */
	int fd;
	uint16_t port;
	struct loop_watch *watch;
	bool resting; /* out of descriptors; the sweep tries again */
	int *others;  /* sockets at which other processes listen */
	unsigned other_count, next_other;
	struct loop_timer *others_timer;
	bool draining, drain_over;
	struct web_drain drain;
	struct loop_timer *drain_ends;
	struct loop_timer *sweep;
	struct conns conns;
	unsigned streams; /* how many of them are answers without an end */
	struct peers *peers;
	struct forwarded *proxies;
	struct intake *intake;
	struct web_stats stats;

	/* Checked once a tick: deadlines and the Date header need no better, and requests no system
	 * call. */
	int64_t now_ms;
	char date[ANSWER_DATE_MAX];

	struct buf head, body, marked, packed; /* scratch of the answer being made */
};

/* conn.c: the states. */
void conn_open(
    struct web_server *server, int fd, const struct sockaddr *address, struct peer *peer);
void conn_close(struct conn *conn);
void conn_go_on(struct conn *conn); /* after a rest */
/* For whom its bodies count: the client that the proxy names, or the peer. */
struct peer *conn_payer(const struct conn *conn);
void conn_leave_client(struct conn *conn);
void conn_free_later(struct conn *conn);
void conn_after_answer(struct conn *conn); /* all of it is out */
void conn_arm_read(struct conn *conn, bool on);

/* patience.c: how long a state lasts. A body or an answer begins that may take ${whole_ms}. */
void patience_begin(struct conn *conn, unsigned whole_ms);
void conn_leave(struct conn *conn, unsigned idle_ms); /* the server drains */
bool patience_rests(const struct conn *conn);         /* nothing is read yet (web_rest) */
void conn_sweep(struct conn *conn);                   /* acts if its deadline has passed */

/* server.c: accepts one that waits at ${fd}. False: nobody waits, or nobody can be accepted now. */
bool server_accept_one(struct web_server *server, int fd);

/* others.c: whom other processes leave waiting. others_close accepts all of them first if ${last}. */
void others_open(struct web_server *server, const struct web_server_options *options);
void others_accept(struct web_server *server);
void others_close(struct web_server *server, bool last);

/* drain.c: a connection has closed, or a tick is over. */
void drain_look(struct web_server *server);

/* request.c: from bytes to a request. A step answers true if there may be more to do at once. */
bool request_read_head(struct conn *conn);
bool request_read_body(struct conn *conn);
void request_make_room(struct conn *conn);
void request_forget(struct conn *conn); /* and keep the bytes after it */

/* second_reader.c: whether http-parser takes these bytes, all of them, and without a fault. A head that ${conn} has
 * begins a request; the bytes of a body follow. */
bool second_reader_agrees_on_head(struct conn *conn);
bool second_reader_agrees(struct conn *conn, const char *bytes, size_t len);

/* head_before.c: a client that asks the same again sends the same bytes, and what the gate and the
 * second reader make of them is known. comes_again: the head is taken as read, head_len is set. */
bool head_before_comes_again(struct conn *conn);
void head_before_keep(struct conn *conn); /* the head at hand has been judged, and is taken */

/* request_params.c: the query into exchange->query, decoded in place; and the parameters of the
 * path that have escapes. The gate has accepted the target. */
void request_split_query(struct conn *conn);
void request_decode_params(struct web_exchange *exchange);

/* exchange.c: the handler answers; true if somebody still waits for it. */
bool exchange_is_awaited(struct conn *conn);

/* reply.c: answers out. */
void reply_send(struct conn *conn, const struct web_answer *answer);
void reply_pack(struct conn *conn, const struct web_answer *answer);
void reply_refuse(struct conn *conn, struct gate_refusal refusal); /* a problem, then the end */
/* The same for a request that may succeed later, with Retry-After. */
void reply_refuse_for_now(struct conn *conn, unsigned status, const char *detail);
void reply_problem(struct conn *conn, unsigned status, const char *detail, const char *extra);
void reply_continue(struct conn *conn);
void reply_await_writable(struct conn *conn);
bool reply_flush(struct conn *conn); /* true once nothing waits; false: more to come, or closed */

/* bytes.c: the same bytes compressed, borrowed; NULL if they do not get smaller. */
struct web_bytes *bytes_gzip(struct web_bytes *bytes);

/* stream.c: calls the owner, at the end of the turn, when the reader is gone. */
void stream_end(struct conn *conn);
