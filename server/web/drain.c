/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include "server/base/clock.h"
#include "server/web/conn.h"
#include "server/web/listen.h"

/* A server that ends, and leaves nobody without an answer. */

/* The owner frees the server when it hears of it, which must not be from within a connection's callback. */
static void
on_drained(void *ctx)
{
	struct web_server *server = ctx;

	server->drain_ends = NULL;
	server->drain.drained(server->drain.ctx);
}

/* The timer of the limit is replaced by one that is due, so that the owner hears of it once. */
void
drain_look(struct web_server *server)
{
	if (!server->draining || server->drain_over || server->stats.open_connections > 0)
		return;
	server->drain_over = true;
	loop_timer_cancel(server->drain_ends);
	server->drain_ends = loop_after(server->loop, 0, on_drained, server);
}

/* A stream is not told here: its owner closes it, with a word of its own. */
static void
leave_all(struct web_server *server)
{
	struct conn *conn;

	server->now_ms = clock_mono_ms();
	LIST_FOREACH(conn, &server->conns, entry)
	conn_leave(conn, server->drain.idle_ms);
}

void
web_server_drain(struct web_server *server, const struct web_drain *drain)
{
	if (server->draining)
		return;
	server->drain = *drain;
	/* What is beyond the limit of connections is turned away with a word, which is an answer, too. */
	while (drain->last && server_accept_one(server, server->fd))
		;
	others_close(server, drain->last);
	loop_watch_cancel(server->watch);
	server->watch = NULL;
	close(server->fd);
	server->fd = -1;
	server->draining = true;
	server->resting = false; /* the watch is gone */
	leave_all(server);
	server->drain_ends = loop_after(server->loop, WEB_DRAIN_MS, on_drained, server);
	drain_look(server);
}
