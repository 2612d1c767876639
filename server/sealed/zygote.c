/* SPDX-License-Identifier: MIT */
#include "server/sealed/zygote.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/sealed/door.h"

struct child {
	struct zygote *zygote;
	pid_t pid; /* 0: this place is free */
	struct loop_timer *limit;
};

struct zygote {
	struct zygote_options options;
	struct loop *loop;
	struct door door;
	struct loop_watch *watch;
	struct child children[ZYGOTE_CHILDREN_MAX];
};

/* ------------------------------------------------------------------------------------ children */

static struct child *
find_child(struct zygote *zygote, pid_t pid)
{
	for (unsigned i = 0; i < zygote->options.children; i++)
		if (zygote->children[i].pid == pid)
			return &zygote->children[i];
	return NULL;
}

static void
on_child_slow(void *ctx)
{
	struct child *child = ctx;

	child->limit = NULL;
	log_event(LOG_WARN, "child_slow", LOG_INT("ms", child->zygote->options.child_ms));
	kill(child->pid, SIGKILL);
}

static void
start_child(struct zygote *zygote, int connection)
{
	struct child *child = find_child(zygote, 0);
	pid_t pid = fork();

	/* In the child; does not return. It inherits what the parent had loaded before, and nothing
	 * of a request: the parent never reads from a connection. */
	if (pid == 0)
		sandbox_child(
		    connection, &zygote->options.limits, zygote->options.work, zygote->options.ctx);
	/* The caller sees the connection end without an answer. */
	if (pid < 0) {
		log_event(LOG_ERROR, "fork_failed", LOG_STR("why", strerror(errno)));
		return;
	}
	/* A caller has a limit of its own, but it may have gone away. And the sandbox limits
	 * processor time, not a child that waits for the rest of a request. */
	child->pid = pid;
	child->limit = loop_after(zygote->loop, zygote->options.child_ms, on_child_slow, child);
}

static void
reap_child(struct child *child, int end)
{
	if (WIFSIGNALED(end))
		log_event(LOG_WARN, "child_died", LOG_INT("signal", WTERMSIG(end)));
	else if (WEXITSTATUS(end) != 0)
		log_event(LOG_WARN, "child_died", LOG_INT("exit", WEXITSTATUS(end)));
	loop_timer_cancel(child->limit);
	child->limit = NULL;
	child->pid = 0;
}

/* -------------------------------------------------------------------------------------- events */

/* At the limit connections stay in the backlog, and the watch is off, or the loop would spin on
 * them. */
static void
on_connection(void *ctx, int what)
{
	struct zygote *zygote = ctx;
	int connection;

	(void)what;
	while (find_child(zygote, 0) != NULL) {
		connection = accept4(zygote->door.fd, NULL, NULL, SOCK_CLOEXEC);
		if (connection < 0)
			return;
		start_child(zygote, connection);
		close(connection);
	}
	loop_watch_set(zygote->watch, 0);
}

/* Several children may end before one signal is delivered, so all that ended are collected. */
static void
on_children_ended(void *ctx)
{
	struct zygote *zygote = ctx;
	struct child *child;
	pid_t pid;
	int end;

	while ((pid = waitpid(-1, &end, WNOHANG)) > 0) {
		child = find_child(zygote, pid);
		if (child != NULL)
			reap_child(child, end);
	}
	if (find_child(zygote, 0) != NULL)
		/* A place is free: take the connections that wait in the backlog. */
		loop_watch_set(zygote->watch, LOOP_READ);
}

/* ----------------------------------------------------------------------------------- life */

/* It waits for their end, so that no child outlives the role with a calendar or a password in memory. */
static void
end_children(struct zygote *zygote)
{
	int end;

	for (unsigned i = 0; i < zygote->options.children; i++) {
		struct child *child = &zygote->children[i];

		if (child->pid == 0)
			continue;
		kill(child->pid, SIGKILL);
		while (waitpid(child->pid, &end, 0) < 0 && errno == EINTR)
			;
		loop_timer_cancel(child->limit);
	}
}

struct zygote *
zygote_open(struct loop *loop, const struct zygote_options *options)
{
	struct zygote *zygote = xcalloc(1, sizeof *zygote);

	INVARIANT(options->children > 0 && options->children <= ZYGOTE_CHILDREN_MAX);
	zygote->loop = loop;
	zygote->options = *options;
	/* A timer's callback has only its child, and needs the zygote for the log. */
	for (unsigned i = 0; i < options->children; i++)
		zygote->children[i].zygote = zygote;
	door_open(&zygote->door, options->state_directory, options->socket, options->socket_mode);
	zygote->watch = loop_watch(loop, zygote->door.fd, LOOP_READ, on_connection, zygote);
	loop_on_signal(loop, SIGCHLD, on_children_ended, zygote);
	return zygote;
}

void
zygote_close(struct zygote *zygote)
{
	loop_watch_cancel(zygote->watch);
	door_close(&zygote->door);
	end_children(zygote);
	free(zygote);
}
