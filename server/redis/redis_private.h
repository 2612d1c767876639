/* SPDX-License-Identifier: MIT */
#pragma once

#include <hiredis/hiredis.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "server/base/arena.h"
#include "server/base/backoff.h"
#include "server/redis/redis.h"

/* Shared by the files of server/redis and by nobody else. */

#define REDIS_DEFAULT_MS 2000
#define REDIS_RETRY_LEAST_MS 100
#define REDIS_RETRY_MOST_MS 3000
#define REDIS_WIRE_MAX 100                         /* commands on the wire at once */
#define REDIS_REPLY_MAX ((size_t)16 * 1024 * 1024) /* bytes of one reply */

enum redis_state {
	REDIS_DOWN,       /* nothing; the timer brings CONNECTING */
	REDIS_CONNECTING, /* the socket becomes writable; then GREETING, or DOWN */
	REDIS_GREETING,   /* AUTH and PING on the wire; then UP, or DOWN */
	REDIS_UP,         /* calls, or messages */
	REDIS_STATES,
};

/* The server's address, and the login. */
struct redis_address {
	union {
		struct sockaddr any;
		struct sockaddr_storage storage;
		struct sockaddr_un local;
	};
	socklen_t len;
	char *user, *password; /* or NULL */
};

struct redis_call {
	TAILQ_ENTRY(redis_call) entry;
	struct redis *redis;
	char *bytes; /* the command in Redis' form; NULL once it is in the out buffer */
	size_t len;
	redis_done_fn *done; /* NULL: nobody waits any more, but its reply will come */
	void *ctx;
	struct loop_timer *timer;
};
TAILQ_HEAD(redis_calls, redis_call);

struct redis_subscription {
	char *channel;
	redis_message_fn *message;
	loop_fire_fn *subscribed;
	void *ctx;
	bool asked; /* in this connection */
};

struct redis {
	struct loop *loop;
	struct redis_address address;
	unsigned connect_ms, command_ms;
	enum redis_state state;
	int fd;
	struct loop_watch *watch;
	int watching;
	redisReader *reader;
	size_t unanswered_bytes; /* read since the last whole reply */
	struct buf out;
	size_t out_sent;
	unsigned greetings;       /* replies that GREETING still waits for */
	struct loop_timer *timer; /* what the state waits for, at most; UP: the pulse */
	struct loop_timer *kick;
	struct backoff backoff;
	struct redis_calls waiting, wire;
	unsigned wire_count;
	struct redis_subscription *subscriptions;
	unsigned subscriptions_count;
	bool heard, pinged; /* since the last beat of the pulse */
	redis_state_fn *on_state;
	void *on_state_ctx;
	bool announced, closed;
	uint64_t complained; /* hash of what the log has of this outage; 0: nothing */
};

/* redis_url.c: false with ${reason} if ${url} is none of the forms of redis.h. */
bool redis_address_parse(const char *url, struct redis_address *address, const char **reason);
void redis_address_free(struct redis_address *address);

/* redis_conn.c */
void redis_conn_kick(struct redis *redis);
void redis_conn_lose(struct redis *redis, const char *event, const char *why);
void redis_conn_greeted(struct redis *redis); /* GREETING is over */

/* redis_socket.c. connect: false if it failed at once. The others lose the connection if it is
 * gone. */
bool redis_socket_connect(struct redis *redis);
bool redis_socket_connected(struct redis *redis, const char **why);
void redis_socket_put(struct redis *redis, const struct slice *argv, size_t argc);
void redis_socket_write(struct redis *redis);
void redis_socket_read(struct redis *redis);
void redis_socket_close(struct redis *redis);

/* A command in Redis' form: free with redisFreeCommand. */
char *redis_command_new(const struct slice *argv, size_t argc, size_t *len);

/* redis_call.c */
void redis_call_send(struct redis *redis); /* as many as may be on the wire */
void redis_call_reply(struct redis *redis, const struct redis_reply *reply);
void redis_call_lost(struct redis *redis); /* answers what was on the wire */
void redis_call_free_all(struct redis *redis);
void redis_call_ping(struct redis *redis);

/* redis_reply.c: passes each whole reply that the reader holds to its call or subscription. */
void redis_reply_take(struct redis *redis);

/* redis_subscribe.c */
void redis_subscribe_send(struct redis *redis);
void redis_subscribe_forget(struct redis *redis);
void redis_subscribe_message(struct redis *redis, const struct redis_reply *reply);
void redis_subscribe_free(struct redis *redis);
