/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/sandbox.h"
#include "server/loop/loop.h"

/*
 * A process that gives each request to a child of its own. It listens on a socket in the state
 * directory, forks for each connection, and reads nothing from it. The child seals itself, reads one
 * request, writes one answer and exits (base/sandbox.h). The sandbox limits its processor time and
 * memory, and a timer here its life. While all children are busy, new connections wait in the backlog
 * of the socket.
 *
 *   listening --connection--> forked --exits, or is killed when its time is up--> reaped
 */
struct zygote;

#define ZYGOTE_CHILDREN_MAX 8

struct zygote_options {
	const char *state_directory;
	const char *socket;   /* its name there */
	unsigned socket_mode; /* its permissions */
	unsigned children;    /* at once, at most ZYGOTE_CHILDREN_MAX */
	unsigned child_ms;    /* after which a child is killed */
	struct sandbox_limits limits;
	sandbox_work_fn *work;
	void *ctx; /* of work */
};

/* Opens the socket and begins to accept. Fatal if the socket cannot be made (door.h). Handles SIGCHLD on
 * ${loop}, so a loop has at most one zygote. ${options} is copied; its ctx is borrowed. */
struct zygote *zygote_open(struct loop *loop, const struct zygote_options *options);

/* Kills the children and waits for their end, removes the socket, frees ${zygote}. */
void zygote_close(struct zygote *zygote);
