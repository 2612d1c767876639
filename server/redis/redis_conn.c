/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/hash.h"
#include "server/base/log.h"
#include "server/redis/redis_private.h"

/*
 * One connection as a table of states. Calls, timers and the socket kick; the kick runs the step of
 * the state from an event of its own, so nothing is connected, written or called back inside
 * anybody's callback.
 *
 *   DOWN -> CONNECTING -> GREETING -> UP;  any of them, when the connection is lost -> DOWN
 */

static void on_kick(void *ctx);

/* Several kicks in a turn become one step. */
void
redis_conn_kick(struct redis *redis)
{
	if (redis->kick == NULL && !redis->closed)
		redis->kick = loop_after(redis->loop, 0, on_kick, redis);
}

static void
set_timer(struct redis *redis, int64_t ms, loop_fire_fn *fire)
{
	loop_timer_cancel(redis->timer);
	redis->timer = fire != NULL ? loop_after(redis->loop, ms, fire, redis) : NULL;
}

static void
on_retry(void *ctx)
{
	struct redis *redis = ctx;

	redis->timer = NULL;
	redis->state = REDIS_CONNECTING;
	redis_conn_kick(redis);
}

/* One line of the log for each time that Redis is lost and each reason, not one for each attempt. The calls are
 * answered last, since an answer may close the connection. */
void
redis_conn_lose(struct redis *redis, const char *event, const char *why)
{
	uint64_t reason = hash_string(HASH_START, why);

	figure_say(FIGURE_TEXT_REDIS, why);
	if (redis->complained != reason)
		log_event(LOG_WARN, event, LOG_STR("why", why));
	redis->complained = reason;
	redis_socket_close(redis);
	redis_subscribe_forget(redis);
	redis->state = REDIS_DOWN;
	set_timer(redis, backoff_next_ms(&redis->backoff), on_retry);
	redis_conn_kick(redis);
	redis_call_lost(redis);
}

static void
on_connect_limit(void *ctx)
{
	struct redis *redis = ctx;

	redis->timer = NULL;
	redis_conn_lose(redis, "redis_connect_failed", "no answer in time");
}

/* After an interval in which nothing was received, a PING is sent; after a second one in a row, the
 * connection is given up. */
static void
on_pulse(void *ctx)
{
	struct redis *redis = ctx;

	redis->timer = NULL;
	if (redis->pinged && !redis->heard) {
		redis_conn_lose(redis, "redis_connection_lost", "no answer to a ping");
		return;
	}
	redis->pinged = !redis->heard;
	if (redis->pinged && redis->subscriptions_count > 0)
		redis_socket_put(redis, &SLICE("PING"), 1);
	else if (redis->pinged)
		redis_call_ping(redis);
	redis->heard = false;
	set_timer(redis, redis->command_ms, on_pulse);
	redis_conn_kick(redis);
}

static void
step_down(struct redis *redis)
{
	(void)redis; /* the retry timer wakes it */
}

/* AUTH and PING are sent in one go. PING's answer proves that commands are accepted: with a wrong
 * password, or while Redis loads its data, it is an error. */
static void
greet(struct redis *redis)
{
	const struct redis_address *address = &redis->address;

	redis->greetings = 1;
	if (address->password != NULL) {
		struct slice argv[3] = {SLICE("AUTH"), slice_of(address->password)};

		if (address->user != NULL) {
			argv[1] = slice_of(address->user);
			argv[2] = slice_of(address->password);
		}
		redis->greetings++;
		redis_socket_put(redis, argv, address->user != NULL ? 3 : 2);
	}
	redis_socket_put(redis, &SLICE("PING"), 1);
	redis->state = REDIS_GREETING;
	redis_socket_write(redis);
}

/* Also called by kicks for other reasons, so that it asks the socket whether it is connected. */
static void
step_connecting(struct redis *redis)
{
	const char *why;

	if (redis->fd < 0) {
		set_timer(redis, redis->connect_ms, on_connect_limit);
		if (!redis_socket_connect(redis))
			redis_conn_lose(redis, "redis_connect_failed", strerror(errno));
		return;
	}
	if (redis_socket_connected(redis, &why))
		greet(redis);
	else if (why != NULL)
		redis_conn_lose(redis, "redis_connect_failed", why);
}

/* The waiting times begin from the shortest again only here: a server that accepts connections and
 * answers nothing must not be asked without pause. */
void
redis_conn_greeted(struct redis *redis)
{
	if (redis->complained != 0)
		log_plain(LOG_INFO, "redis_connected");
	redis->complained = 0;
	backoff_reset(&redis->backoff);
	redis->heard = redis->pinged = false;
	redis->state = REDIS_UP;
	set_timer(redis, redis->command_ms, on_pulse);
	redis_conn_kick(redis);
}

static void
step_up(struct redis *redis)
{
	if (redis->subscriptions_count > 0)
		redis_subscribe_send(redis);
	else
		redis_call_send(redis);
	redis_socket_write(redis);
}

static void (*const steps[REDIS_STATES])(struct redis *redis) = {
    [REDIS_DOWN] = step_down,
    [REDIS_CONNECTING] = step_connecting,
    [REDIS_GREETING] = redis_socket_write,
    [REDIS_UP] = step_up,
};

bool
redis_connected(const struct redis *redis)
{
	return redis->state == REDIS_UP;
}

/* The callbacks of a change of state are called here and not where it happens, outside of every
 * callback. */
static void
on_kick(void *ctx)
{
	struct redis *redis = ctx;
	bool up;

	redis->kick = NULL;
	steps[redis->state](redis);
	up = redis_connected(redis);
	if (redis->closed || up == redis->announced)
		return;
	redis->announced = up;
	figure_add(FIGURE_REDIS_UP, up ? 1 : -1);
	if (redis->on_state != NULL)
		redis->on_state(redis->on_state_ctx, up);
}

void
redis_on_state(struct redis *redis, redis_state_fn *state, void *ctx)
{
	redis->on_state = state;
	redis->on_state_ctx = ctx;
}

struct redis *
redis_open(struct loop *loop, const struct redis_options *options, const char **reason)
{
	struct redis_address address;
	const char *unasked;
	struct redis *redis;

	if (!redis_address_parse(options->url, &address, reason != NULL ? reason : &unasked))
		return NULL;
	if (options->password != NULL) {
		free(address.password);
		address.password = xstrdup(options->password);
	}
	redis = xcalloc(1, sizeof *redis);
	redis->loop = loop;
	redis->address = address;
	redis->connect_ms = options->connect_ms != 0 ? options->connect_ms : REDIS_DEFAULT_MS;
	redis->command_ms = options->command_ms != 0 ? options->command_ms : REDIS_DEFAULT_MS;
	redis->fd = -1;
	redis->state = REDIS_CONNECTING;
	backoff_init(&redis->backoff, REDIS_RETRY_LEAST_MS, REDIS_RETRY_MOST_MS);
	TAILQ_INIT(&redis->waiting);
	TAILQ_INIT(&redis->wire);
	figure_add(FIGURE_REDIS_WANTED, 1);
	figure_add(FIGURE_REDIS_UP, 0);
	redis_conn_kick(redis);
	return redis;
}

static void
destroy(void *memory)
{
	struct redis *redis = memory;

	redis_subscribe_free(redis);
	redis_address_free(&redis->address);
	buf_free(&redis->out);
	free(redis);
}

void
redis_close(struct redis *redis)
{
	if (redis == NULL)
		return;
	redis->closed = true;
	figure_add(FIGURE_REDIS_WANTED, -1);
	figure_add(FIGURE_REDIS_UP, redis->announced ? -1 : 0);
	/* Everything that could call back is removed before the memory is given up. */
	set_timer(redis, 0, NULL);
	loop_timer_cancel(redis->kick);
	redis_socket_close(redis);
	redis_call_free_all(redis);
	/* We may be inside a callback of its own. */
	loop_free_later(redis->loop, redis, destroy);
}
