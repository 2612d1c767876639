/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/web/conn.h"

/*
 * The kernel spreads connections over the sockets of all processes that listen at a port, also over that of a
 * process that is hung, has died, or is full. So each process looks now and then whether somebody waits at the
 * others'. A process that works has emptied its own long before.
 */
#define LOOK_MS 100
#define SOCKETS_A_LOOK                                                                             \
	4 /* of 64, so that nobody waits for two seconds; and 40 system calls a second at most */
#define ACCEPTS_A_LOOK 64

static void
on_look(void *ctx)
{
	struct web_server *server = ctx;

	for (unsigned i = 0; !server->resting && i < SOCKETS_A_LOOK && i < server->other_count;
	     i++) {
		int fd = server->others[server->next_other++ % server->other_count];

		for (int j = 0; j < ACCEPTS_A_LOOK && server_accept_one(server, fd); j++)
			;
	}
}

void
others_accept(struct web_server *server)
{
	if (server->other_count > 0 && server->others_timer == NULL)
		server->others_timer = loop_every(server->loop, LOOK_MS, on_look, server);
}

void
others_open(struct web_server *server, const struct web_server_options *options)
{
	if (options->listening_count < 2)
		return;
	server->other_count = options->listening_count - 1;
	server->others = xcalloc(server->other_count, sizeof *server->others);
	for (unsigned i = 0; i < server->other_count; i++)
		server->others[i] = options->listening[i + 1];
	if (!options->waits)
		others_accept(server);
}

void
others_close(struct web_server *server, bool last)
{
	loop_timer_cancel(server->others_timer);
	server->others_timer = NULL;
	for (unsigned i = 0; i < server->other_count; i++) {
		while (last && server_accept_one(server, server->others[i]))
			;
		close(server->others[i]);
	}
	server->other_count = 0;
	free(server->others);
	server->others = NULL;
}
