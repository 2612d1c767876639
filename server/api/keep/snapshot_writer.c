/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/api/keep/snapshot_file.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"

#define WRITE_EVERY_MS 10000

/* A child has the snapshot as it was when it was forked, and all the time it needs: writing never
 * holds up an answer. */
struct snapshot_writer {
	const char *directory;
	const struct snapshot_store *store;
	struct loop_timer *timer;
	pid_t child;  /* 0: none at work */
	bool changed; /* since the last child was forked */
};

/* A failure is logged. The two files from before stay as they are then. */
static bool
write_here(const struct snapshot_writer *writer)
{
	enum status st = snapshot_file_write(writer->directory, writer->store);
	int cause = errno;

	if (st != STATUS_OK)
		log_event(LOG_ERROR, "last_good_not_written", LOG_STR("error", strerror(errno)),
		    LOG_STR("fix", "make room for the state directory; it is tried again"));
	errno = cause;
	return st == STATUS_OK;
}

/* Memory is shared with the child until one of the two changes it, so that nothing is copied for
 * it. */
static void
start_child(struct snapshot_writer *writer)
{
	pid_t child = fork();

	if (child == 0)
		/* _exit: the child must not run what the parent registered for its end. */
		_exit(write_here(writer) ? 0 : errno > 0 && errno < 128 ? errno : EIO);
	if (child < 0) {
		log_event(LOG_WARN, "last_good_not_written", LOG_STR("error", strerror(errno)));
		return;
	}
	writer->child = child;
	writer->changed = false;
}

/* What was changed since the child was forked waits from now on. */
static void
note_written(const struct snapshot_writer *writer)
{
	figure_set(FIGURE_LAST_GOOD_AT, clock_boot_ms());
	figure_set(FIGURE_LAST_GOOD_WAITING, writer->changed ? clock_boot_ms() : 0);
	figure_say(FIGURE_TEXT_LAST_GOOD, "");
}

static void
note_failed(int status)
{
	figure_say(FIGURE_TEXT_LAST_GOOD,
	    WIFEXITED(status) ? strerror(WEXITSTATUS(status)) : "its process was killed");
}

/* ${wait}: until it has ended. A child that failed is logged, and the next tick writes again. */
static void
reap(struct snapshot_writer *writer, bool wait)
{
	int status = 0;
	pid_t ended;

	if (writer->child == 0)
		return;
	do {
		ended = waitpid(writer->child, &status, wait ? 0 : WNOHANG);
	} while (ended < 0 && errno == EINTR);
	if (ended == 0)
		return;
	writer->child = 0;
	if (ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		note_written(writer);
		return;
	}
	note_failed(status);
	/* The child itself has said why, unless it was killed. */
	if (ended > 0 && WIFSIGNALED(status))
		log_event(LOG_ERROR, "last_good_not_written", LOG_INT("signal", WTERMSIG(status)));
	writer->changed = true;
}

/* At most one child at a time. */
static void
on_timer(void *ctx)
{
	struct snapshot_writer *writer = ctx;

	/* First the child that has ended, so that its failure is seen before another is started. */
	reap(writer, false);
	if (writer->child == 0 && writer->changed)
		start_child(writer);
}

struct snapshot_writer *
snapshot_writer_new(struct loop *loop, const char *directory, const struct snapshot_store *store)
{
	struct snapshot_writer *writer = xcalloc(1, sizeof *writer);

	writer->directory = directory;
	writer->store = store;
	writer->timer = loop_every(loop, WRITE_EVERY_MS, on_timer, writer);
	return writer;
}

/* The first snapshot of the database is written at once and not at the next tick: a process that has just learnt
 * everything should not lose it. It is the second that is shown where a file was read at the start, else the first. */
void
snapshot_writer_changed(struct snapshot_writer *writer)
{
	bool first = !writer->changed && writer->child == 0 && writer->store->shown <= 2;

	if (!writer->changed && writer->child == 0)
		figure_set(FIGURE_LAST_GOOD_WAITING, clock_boot_ms());
	writer->changed = true;
	if (first)
		start_child(writer);
}

/* Written once more at the end: the next process starts with the latest state. */
void
snapshot_writer_free(struct snapshot_writer *writer)
{
	if (writer == NULL)
		return;
	loop_timer_cancel(writer->timer);
	reap(writer, true);
	if (writer->changed)
		(void)write_here(writer);
	free(writer);
}
