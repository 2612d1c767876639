/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/sandbox.h"
#include "server/loop/loop.h"

/*
 * A process that hands each request to a child of its own: it listens on a socket in the state
 * directory, forks for each connection, and never reads a byte of what arrives. The child seals
 * itself, reads one request, writes one answer, exits (base/sandbox.h). Its processor time and
 * memory are bounded by its own limits, its life by a timer here. A connection that comes while all
 * children are at work waits in the backlog.
 *
 *   listening --connection--> forked --exits, or is killed when its time is up--> reaped
 */
struct zygote;

#define ZYGOTE_CHILDREN_MAX 8

struct zygote_options {
	const char *state_directory;
	const char *socket; /* its name there */
	unsigned children;  /* at once */
	unsigned child_ms;
	struct sandbox_limits limits;
	sandbox_work_fn *work;
	void *ctx; /* of work */
};

/* Fatal if the socket cannot be had (door.h). Takes SIGCHLD of ${loop}. ${options} is copied. */
struct zygote *zygote_open(struct loop *loop, const struct zygote_options *options);

/* Its children end with it. */
void zygote_close(struct zygote *zygote);
