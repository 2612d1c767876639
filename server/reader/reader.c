/* SPDX-License-Identifier: MIT */
/*
 * The reader: a zygote that hands each calendar to a child of its own.
 *
 * A calendar is somebody else's bytes, and the process that parses it must be assumed to be theirs
 * a moment later. So the parser lives one body long in a child without network, files, database or
 * even the right to open any; what it says is checked by the process that asked (server/feeds).
 * This process does what must happen before: it opens the tz database once, listens on a socket in
 * the state directory that only our own user can reach, and forks. It never reads a byte of what
 * arrives.
 *
 * A connection is one body: a child seals itself, reads the request, writes the reading, exits
 * (base/sandbox.h). Its processor time and memory are bounded by its own limits, its life by a
 * timer here. At most READER_CHILDREN_MAX live at once; who comes then waits in the backlog.
 *
 *   listening --connection--> forked --exits, or is killed when its time is up--> reaped
 *
 * It is woken by a connection, by SIGCHLD and by those timers, and ends with SIGTERM, taking its
 * children along. Its death costs the readings under way: feeds counts them as attempts and comes
 * again. Nothing is kept here.
 */
#include "server/reader/reader.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calendars/reading.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/sandbox.h"
#include "server/base/zone.h"
#include "server/loop/loop.h"
#include "server/reader/door.h"

enum { READER_CHILDREN_MAX = 4, READER_CHILD_MS = 10000 };

/* A body is at most 10 MiB and comes with the directory of its rota. An honest one needs 16 bytes
 * of memory for each of its own; the address space counts the libraries too. The largest honest one
 * takes less than half a second of the processor (test_bombs.c), a hostile one what it is given. */
static const struct sandbox_limits child_limits = {
    .request_max_bytes = (size_t)16 << 20,
    .answer_max_bytes = (size_t)64 << 20,
    .cpu_seconds = SANDBOX_SANITIZED ? 6 : 2,
    .memory_bytes = (size_t)512 << 20,
};

struct child {
	struct reader *reader;
	pid_t pid; /* 0: this place is free */
	struct loop_timer *limit;
};

struct reader {
	struct loop *loop;
	struct zonedb *zones;
	struct reading_tools tools;
	struct door door;
	struct loop_watch *watch;
	struct child children[READER_CHILDREN_MAX];
};

/* ------------------------------------------------------------------------------------ children */

static struct child *
find_child(struct reader *reader, pid_t pid)
{
	for (unsigned i = 0; i < READER_CHILDREN_MAX; i++)
		if (reader->children[i].pid == pid)
			return &reader->children[i];
	return NULL;
}

static void
on_child_slow(void *ctx)
{
	struct child *child = ctx;

	child->limit = NULL;
	log_event(LOG_WARN, "reader_child_slow", LOG_INT("ms", READER_CHILD_MS));
	kill(child->pid, SIGKILL);
}

static void
start_child(struct reader *reader, int connection)
{
	struct child *child = find_child(reader, 0);
	pid_t pid = fork();

	if (pid == 0)
		sandbox_child(connection, &child_limits, reading_answer, &reader->tools);
	/* The process that asked sees the connection end without an answer. */
	if (pid < 0) {
		log_event(LOG_ERROR, "reader_fork_failed", LOG_STR("why", strerror(errno)));
		return;
	}
	child->pid = pid;
	child->limit = loop_after(reader->loop, READER_CHILD_MS, on_child_slow, child);
}

static void
reap_child(struct child *child, int end)
{
	if (WIFSIGNALED(end))
		log_event(LOG_WARN, "reader_child_died", LOG_INT("signal", WTERMSIG(end)));
	else if (WEXITSTATUS(end) != 0)
		log_event(LOG_WARN, "reader_child_died", LOG_INT("exit", WEXITSTATUS(end)));
	loop_timer_cancel(child->limit);
	child->limit = NULL;
	child->pid = 0;
}

/* -------------------------------------------------------------------------------------- events */

static void
on_connection(void *ctx, int what)
{
	struct reader *reader = ctx;
	int connection;

	(void)what;
	while (find_child(reader, 0) != NULL) {
		connection = accept4(reader->door.fd, NULL, NULL, SOCK_CLOEXEC);
		if (connection < 0)
			return;
		start_child(reader, connection);
		close(connection);
	}
	loop_watch_set(reader->watch, 0);
}

static void
on_children_ended(void *ctx)
{
	struct reader *reader = ctx;
	struct child *child;
	pid_t pid;
	int end;

	while ((pid = waitpid(-1, &end, WNOHANG)) > 0) {
		child = find_child(reader, pid);
		if (child != NULL)
			reap_child(child, end);
	}
	if (find_child(reader, 0) != NULL)
		loop_watch_set(reader->watch, LOOP_READ);
}

/* ---------------------------------------------------------------------------------------- main */

static void
end_children(struct reader *reader)
{
	int end;

	for (unsigned i = 0; i < READER_CHILDREN_MAX; i++) {
		struct child *child = &reader->children[i];

		if (child->pid == 0)
			continue;
		kill(child->pid, SIGKILL);
		while (waitpid(child->pid, &end, 0) < 0 && errno == EINTR)
			;
		loop_timer_cancel(child->limit);
	}
}

int
reader_main(const struct role_env *env)
{
	struct reader reader = {.loop = loop_new()};

	role_signals(reader.loop);
	reading_prepare();
	if (zonedb_open(env->config->zoneinfo_directory, &reader.zones) != STATUS_OK)
		fatal(
		    "could not read the tz database in %s: install tzdata, or set zoneinfo_directory",
		    env->config->zoneinfo_directory);
	reader.tools.zones = reader.zones;
	for (unsigned i = 0; i < READER_CHILDREN_MAX; i++)
		reader.children[i].reader = &reader;
	door_open(&reader.door, env->config->state_directory);
	reader.watch = loop_watch(reader.loop, reader.door.fd, LOOP_READ, on_connection, &reader);
	loop_on_signal(reader.loop, SIGCHLD, on_children_ended, &reader);
	log_event(LOG_INFO, "reader_listening", LOG_STR("tzdata", zonedb_version(reader.zones)));

	loop_run(reader.loop);

	loop_watch_cancel(reader.watch);
	door_close(&reader.door);
	end_children(&reader);
	loop_free(reader.loop);
	zonedb_free(reader.zones);
	return EXIT_SUCCESS;
}
