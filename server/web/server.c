/* SPDX-License-Identifier: MIT */
#include "server/web/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/web/conn.h"
#include "server/web/listen.h"

/* The listener: takes connections in, up to its limits, and sweeps them once a tick. */

#define ACCEPTS_A_TURN 64
#define BODY_BYTES ((size_t)64 << 20)
#define BODY_BYTES_OF_ADDRESS ((size_t)40 << 20)
#define TICK_MIN_MS 10
#define TICK_MAX_MS 1000
/* A limit of ten seconds, seen to once a second: nobody has longer, and nobody less than 8.5 s. */
#define TEN_SECONDS_MS 9500

static unsigned
or_else(unsigned given, unsigned usual)
{
	return given == 0 ? usual : given;
}

/* Zero means the usual limit: there is no way to have none. */
static void
fill_limits(struct web_limits *limits)
{
	limits->first_ms = or_else(limits->first_ms, TEN_SECONDS_MS);
	limits->request_ms = or_else(limits->request_ms, TEN_SECONDS_MS);
	limits->slow_ms = or_else(limits->slow_ms, TEN_SECONDS_MS);
	limits->body_ms = or_else(limits->body_ms, 30000);
	limits->idle_ms = or_else(limits->idle_ms, 60000);
	limits->answer_ms = or_else(limits->answer_ms, 30000);
	limits->pressed_from = or_else(limits->pressed_from, 256);
	limits->pressed_idle_ms = or_else(limits->pressed_idle_ms, 29000);
	limits->connections = or_else(limits->connections, 10000);
	limits->per_address = or_else(limits->per_address, 2000);
}

/* A quarter of the shortest limit, so that none is late by more than that. */
static unsigned
tick_of(const struct web_server_options *options)
{
	const struct web_limits *limits = &options->limits;
	unsigned shortest = TICK_MAX_MS * 4;
	const unsigned all[] = {limits->first_ms, limits->request_ms, limits->body_ms,
	    limits->idle_ms, limits->answer_ms, limits->slow_ms, limits->pressed_idle_ms};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		shortest = all[i] < shortest ? all[i] : shortest;
	for (const struct web_route *route = options->routes; route->pattern != NULL; route++)
		if (route->limit_ms != 0 && route->limit_ms < shortest)
			shortest = route->limit_ms;
	return shortest / 4 < TICK_MIN_MS ? TICK_MIN_MS : shortest / 4;
}

/* Once a tick, not for each request. The Date of an answer may be a tick old, which its precision
 * of a second hides; the owner may give the database's clock for it. */
static void
read_clocks(struct web_server *server)
{
	const struct web_server_options *options = &server->options;

	server->now_ms = clock_mono_ms();
	answer_date(options->now == NULL ? clock_wall() : options->now(options->ctx), server->date);
}

/* Too many: says so in one go and hangs up, whether it is heard or not. The peer may never read it;
 * a send that does not block costs nothing. */
static void
turn_away(struct web_server *server, int fd)
{
	struct buf *head = &server->head, *body = &server->body;
	struct web_answer answer = {
	    .status = 503, .type = ANSWER_PROBLEM_TYPE, .extra = "Retry-After: 5\r\n"};

	buf_reset(head);
	buf_reset(body);
	answer_problem(body, 503, "There are too many connections. Try again.");
	answer_head(head, &answer, body->len, server->date, ANSWER_LAST);
	buf_add(head, body->at, body->len);
	if (send(fd, head->at, head->len, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		shutdown(fd, SHUT_WR);
	close(fd);
	server->stats.refused++;
}

/* Both limits are checked before anything is allocated for the connection. */
static void
take_in(struct web_server *server, int fd, const struct sockaddr *address)
{
	const struct web_limits *limits = &server->options.limits;
	struct peer *peer;
	unsigned max = limits->per_address;

	/* A proxy brings everybody from one address: those whom it names are counted (request.c). */
	if (!limits->binds_this_machine &&
	    (peer_is_loopback(address) || forwarded_trusts(server->proxies, address)))
		max = 0;
	if (server->stats.open_connections >= limits->connections) {
		turn_away(server, fd);
		return;
	}
	peer = peers_enter(server->peers, address, max);
	if (peer == NULL)
		turn_away(server, fd);
	else
		conn_open(server, fd, address, peer);
}

/* accept() also reports faults of a connection that has ended before it was accepted. They say
 * nothing of the listener. */
static bool
is_passing(int error)
{
	return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM;
}

/* Out of descriptors or memory: those who knock wait in the backlog until the next tick.
 * Accepting again at once would fail again and keep the loop from serving those who could free a
 * descriptor. */
static void
rest(struct web_server *server)
{
	log_event(LOG_WARN, "accept_failed", LOG_STR("reason", strerror(errno)),
	    LOG_INT("open_connections", (int64_t)server->stats.open_connections));
	server->resting = true;
	loop_watch_set(server->watch, 0);
}

bool
server_accept_one(struct web_server *server, int listening)
{
	union listen_address address;
	int fd = listen_accept(listening, &address);

	if (fd >= 0) {
		take_in(server, fd, &address.any);
		return true;
	}
	if (errno == EAGAIN)
		return false;
	if (is_passing(errno))
		return true;
	rest(server);
	return false;
}

/* Only so many a turn, so that a flood of connections does not keep the open ones waiting. */
static void
on_knock(void *ctx, int what)
{
	struct web_server *server = ctx;

	(void)what;
	for (int i = 0; i < ACCEPTS_A_TURN && server_accept_one(server, server->fd); i++)
		;
}

/* The next item is read first, because a swept connection may leave the list. */
static void
on_tick(void *ctx)
{
	struct web_server *server = ctx;
	struct conn *conn, *next;

	read_clocks(server);
	for (conn = LIST_FIRST(&server->conns); conn != NULL; conn = next) {
		next = LIST_NEXT(conn, entry);
		conn_sweep(conn);
	}
	drain_look(server);
	if (server->resting) {
		server->resting = false;
		loop_watch_set(server->watch, LOOP_READ);
	}
}

bool
web_proxies_fine(const char *const *proxies)
{
	struct forwarded *forwarded = forwarded_new(proxies);
	bool fine = forwarded != NULL;

	forwarded_free(forwarded);
	return fine;
}

static struct intake *
new_intake(const struct web_limits *limits)
{
	return intake_new(limits->body_bytes == 0 ? BODY_BYTES : limits->body_bytes,
	    limits->body_bytes_of_address == 0 ? BODY_BYTES_OF_ADDRESS
					       : limits->body_bytes_of_address);
}

/* NULL with errno set if it cannot listen. */
struct web_server *
web_server_open(struct loop *loop, const struct web_server_options *options)
{
	struct web_server *server;
	uint16_t port;
	int fd = listen_open(options, &port);

	if (fd < 0)
		return NULL;
	server = xcalloc(1, sizeof *server);
	server->loop = loop;
	server->options = *options;
	fill_limits(&server->options.limits);
	server->fd = fd;
	server->port = port;
	server->proxies = forwarded_new(options->proxies);
	INVARIANT(server->proxies != NULL);
	server->peers = peers_new();
	server->intake = new_intake(&server->options.limits);
	LIST_INIT(&server->conns);
	read_clocks(server);
	server->watch = loop_watch(loop, fd, options->waits ? 0 : LOOP_READ, on_knock, server);
	server->sweep = loop_every(loop, tick_of(&server->options), on_tick, server);
	others_open(server, options);
	return server;
}

void
web_server_accept(struct web_server *server)
{
	loop_watch_set(server->watch, LOOP_READ);
	others_accept(server);
}

uint16_t
web_server_port(const struct web_server *server)
{
	return server->port;
}

struct web_stats
web_server_stats(const struct web_server *server)
{
	return server->stats;
}

static void
destroy(void *memory)
{
	struct web_server *server = memory;

	peers_free(server->peers);
	forwarded_free(server->proxies);
	intake_unref(server->intake);
	buf_free(&server->head);
	buf_free(&server->body);
	buf_free(&server->marked);
	buf_free(&server->packed);
	free(server);
}

void
web_server_close(struct web_server *server)
{
	struct conn *conn;

	if (server == NULL)
		return;
	loop_watch_cancel(server->watch);
	loop_timer_cancel(server->sweep);
	loop_timer_cancel(server->drain_ends);
	others_close(server, false);
	if (server->fd >= 0)
		close(server->fd);
	if (server->options.socket_path != NULL)
		unlink(server->options.socket_path);
	/* Each close takes the first one out of the list. */
	while ((conn = LIST_FIRST(&server->conns)) != NULL)
		conn_close(conn);
	/* A handler that this server called may be on the stack. */
	loop_free_later(server->loop, server, destroy);
}
