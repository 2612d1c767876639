/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * HTTP/1.1 on libevent events and http-parser, after a gate that refuses every request that it
 * could misread (gate/gate.h has the list; reliability and smuggling, server/web/README.md). One
 * exchange at a time for each connection; pipelined bytes wait. A malformed request is answered
 * once with 4xx and the connection closed, so that trailing bytes are never a second request.
 *
 * Limits: head 16 KiB and 64 headers; target 2,048 bytes; body as the route says (default 64 KiB);
 * first request within 10 s of connecting, each head within 10 s of its first byte. A body, and an
 * answer that is taken, may last 30 s, and less where it stands still: what has not moved by 64 KiB
 * in 10 s is ended. 60 s idle between requests, 30 s while there are more than 256 connections.
 * 10,000 connections, 2,000 of strangers from one address; bodies in memory 64 MiB together, and 40
 * MiB from one address. For what a proxy passes on (option ${proxies}), requests count as
 * connections do, for the client that it names; what it asks for itself, and a program of this
 * machine, has no limit of an address.
 *
 * No byte of a body is taken, and none is called for (100-continue), before the head, the route and
 * ${admit} allow it.
 *
 * Every answer carries the security headers (README.md); every error is RFC 9457
 * application/problem+json.
 */
struct web_server;
struct web_exchange;

enum web_method {
	WEB_GET = 1,
	WEB_HEAD = 2,
	WEB_POST = 4,
	WEB_PUT = 8,
	WEB_DELETE = 16,
	WEB_PATCH = 32
};

/* Runs when the whole request is in. It must lead to exactly one web_reply, now or later (within
 * the route's limit, after which the exchange answers 503 itself and a late web_reply is ignored).
 * HEAD is answered by the GET handler, the body left out. */
typedef void web_handler_fn(void *ctx, struct web_exchange *exchange);

/* One row of the table of routes. */
struct web_route {
	unsigned methods;
	const char *pattern; /* "/v1/imports/{id}/confirm": {x} is one segment, percent-decoded;
				"{x}.txt" works */
	web_handler_fn *handler;
	size_t body_max_bytes; /* 0: no body allowed for GET; 64 KiB otherwise */
	unsigned limit_ms;     /* 0: 10,000 */
};

/* Asked of a request with a body, when nothing but its head is known: may the body come? False: it
 * has answered with web_reply or web_problem, before returning; the connection ends with that
 * answer. */
typedef bool web_admit_fn(void *ctx, struct web_exchange *exchange);

/* Writes to ${out} what is sent instead of the body ${body} of the type ${type}. False: the body is
 * sent as it is. */
typedef bool web_mark_fn(void *ctx, const char *type, struct slice body, struct buf *out);

/* The time of the Date header: seconds since 1970. */
typedef int64_t web_now_fn(void *ctx);

/* For tests and for tuning; 0 is the figure above. */
struct web_limits {
	size_t body_bytes, body_bytes_of_address; /* the second, if given, binds loopback too */
	unsigned first_ms, request_ms, body_ms, idle_ms, answer_ms;
	unsigned slow_ms;                       /* for the next 64 KiB of a body or an answer */
	unsigned pressed_from, pressed_idle_ms; /* idle_ms from so many connections on */
	unsigned connections;
	unsigned per_address;    /* of strangers */
	bool binds_this_machine; /* per_address, and proxies themselves */
};

struct web_server_options {
	const char *address; /* numeric */
	uint16_t port;       /* 0: any; web_server_port returns it */
	bool reuse_port;     /* several processes on one port */
	/* Listening sockets, taken over, in the place of address and port. The first is our own. At the others
	 * other processes listen: who is left waiting there is accepted here (others.c). */
	const int *listening;
	unsigned listening_count;
	bool waits;              /* nobody is accepted before web_server_accept */
	const char *socket_path; /* a unix socket in the place of address and port, for the group of
				     its folder; kept; replaces that of a dead process; NULL: none */
	const char *const *hosts; /* allowed Host values without port, NULL-terminated; NULL: any
				     well-formed one */
	/* Ranges of addresses of proxies, whose X-Forwarded-For and X-Forwarded-Proto are believed
	 * (address_range_parse), NULL-terminated; NULL: this machine. From others these headers count
	 * for nothing. */
	const char *const *proxies;
	const struct web_route *routes; /* kept; the last has a NULL pattern; first match wins */
	web_admit_fn *admit;            /* NULL: everybody may send a body */
	web_now_fn *now;                /* NULL: this machine's clock */
	web_mark_fn *mark; /* asked of every answer with a body; NULL: none is changed */
	void *ctx;         /* for the handlers, admit, now and mark */
	struct web_limits limits;
};

/* Whether each of ${proxies}, as in the options, is a range. */
bool web_proxies_fine(const char *const *proxies);

/* NULL with errno set if the port cannot be had. ${proxies} are fine. */
struct web_server *web_server_open(struct loop *loop, const struct web_server_options *options);
uint16_t web_server_port(const struct web_server *server);
void web_server_close(struct web_server *server);

/* With the option ${waits}: accepts from now on. */
void web_server_accept(struct web_server *server);

/*
 * Ends without leaving anybody: accepts no more, answers what has come, and calls ${drained} (once, not from within)
 * when no connection is left, or after WEB_DRAIN_MS. Every answer says that its connection ends with it. Idle
 * connections are given ${idle_ms} for a request that may be on its way, and are then closed. ${last}: nobody else
 * listens, so that what waits in the backlog is accepted before. Only web_server_close is called after it.
 */
#define WEB_DRAIN_MS 10000
struct web_drain {
	bool last;
	unsigned idle_ms;
	loop_fire_fn *drained;
	void *ctx;
};
void web_server_drain(struct web_server *server, const struct web_drain *drain);

/* The request. Borrowed until the exchange is answered. */
enum web_method web_method(const struct web_exchange *exchange);
const struct web_route *web_route_of(const struct web_exchange *exchange);
struct slice web_path(const struct web_exchange *exchange); /* as sent, without query */
struct slice web_param(const struct web_exchange *exchange,
    const char *name); /* {name} of the pattern; at NULL if none */
bool web_query(const struct web_exchange *exchange, const char *name,
    struct slice *value); /* decoded; false if absent */
/* Name of a query parameter that is not in ${known} (NULL-terminated), or that is given twice; at
 * NULL if all are fine. A '+' in a query is a space, as browsers write it. */
struct slice web_query_stranger(const struct web_exchange *exchange, const char *const *known);
struct slice web_header(
    const struct web_exchange *exchange, const char *lower_name); /* at NULL if absent */
/* Whether the reader takes the content coding ${coding} ("br", "gzip"). */
bool web_accepts(const struct web_exchange *exchange, const char *coding);
struct slice web_body(const struct web_exchange *exchange);
void web_body_wipe(struct web_exchange *exchange); /* it had a secret: zeros in its place */
struct slice web_query_bytes(const struct web_exchange *exchange); /* the same for the same query */
/* Whether somebody still waits for the answer: not once the other side has gone, or the route's
 * time has run out and 503 was sent in the handler's name. */
bool web_awaited(const struct web_exchange *exchange);
const char *web_peer(const struct web_exchange *exchange); /* numeric address */
/* The address of whom the request is of: the client that a proxy names, or the peer. */
const char *web_client(const struct web_exchange *exchange);
/* Before the reply: the connection is not read again for ${ms}, if its client does not close it. What it sends
 * meanwhile costs nothing. */
void web_rest(struct web_exchange *exchange, int64_t ms);
/* Says that the request is of an account: its connection is none of a stranger from now on. */
void web_known(struct web_exchange *exchange);
/* Whether the proxy in front says that the reader came to it over TLS (X-Forwarded-Proto: https).
 * Every answer to such a reader says to come in no other way (HSTS). */
bool web_is_tls(const struct web_exchange *exchange);

/* Bytes shared between answers: sent without copying; freed when the last answer is out and the
 * owner has released them. */
struct web_bytes;
struct web_bytes *web_bytes_take(
    char *at, size_t len); /* takes over malloc'd memory; one reference, yours */
struct web_bytes *web_bytes_copy(struct slice bytes);
struct web_bytes *web_bytes_ref(struct web_bytes *bytes);
void web_bytes_unref(struct web_bytes *bytes);
struct slice web_bytes_slice(const struct web_bytes *bytes);

struct web_answer {
	unsigned status;
	const char *type;          /* "application/json", or NULL with an empty body */
	const char *cache_control; /* NULL: "no-store" */
	const char *etag;  /* with quotes, or NULL; a matching If-None-Match turns a 200 into 304 by
			      itself */
	const char *extra; /* further header lines "Name: value\r\n…" of our own words, or NULL */
	struct slice body; /* copied */
	struct web_bytes *shared; /* instead of body: one reference is consumed */
	const char *encoding; /* "gzip" or "br" if the bytes are compressed already, else NULL */
	bool verbatim; /* never compressed, because ${etag} comes back in If-Match, which does
				 not take the weak tag of a compressed answer */
	bool varies; /* by Accept-Encoding. Filled in by web_reply where it compresses by itself */
	bool hsts;   /* filled in by web_reply: the reader came over TLS */
};
/* A 200 to GET or HEAD with more than 1,000 bytes of text is compressed for those who take gzip, and
 * has a weak ETag then; a shared body is compressed once. Answers to other methods are not: some
 * have secrets, whose length must not show beside words that somebody else chose. */
void web_reply(struct web_exchange *exchange, const struct web_answer *answer);

/* Compresses the shared bytes of ${answer} before they are sent, if they will be sent so; with breath() (base/breath.h)
 * on the way, which web_reply has not. */
void web_pack(struct web_exchange *exchange, const struct web_answer *answer);

/* What the bytes of the body go through on their way out, no matter who answers: ${change} gives what is
 * to be sent instead in ${out}, or false to send them as they are. ${drop} is called with ${ctx} once
 * the exchange is answered, or another filter takes its place. */
struct web_filter {
	bool (*change)(void *ctx, struct slice body, struct buf *out);
	void (*drop)(void *ctx);
	void *ctx;
};
/* NULL: none. */
void web_filter(struct web_exchange *exchange, const struct web_filter *filter);

/* The usual answer to what cannot be done: application/problem+json with ${detail} as its sentence. */
void web_problem(struct web_exchange *exchange, unsigned status, const char *detail);

/*
 * An answer without an end, for server-sent events: instead of web_reply. Data are sent at once or
 * wait, at most 64 KiB; a reader that is further back, gone, or not reading for the time an answer
 * may take is cut off. ${closed} runs once when that has happened, at the end of that turn; the
 * stream is dead then. The owner ends it with web_stream_close, after which ${closed} never runs.
 * The request is not to be read any more once the stream is open.
 */
struct web_stream;
typedef void web_closed_fn(void *ctx);
struct web_stream *web_stream_open(
    struct web_exchange *exchange, const char *type, web_closed_fn *closed, void *ctx);
void web_stream_send(struct web_stream *stream, struct slice bytes); /* copied */
void web_stream_close(struct web_stream *stream);

/* Counters for /metrics. */
struct web_stats {
	uint64_t connections, open_connections, requests, refused, timed_out;
};
struct web_stats web_server_stats(const struct web_server *server);
