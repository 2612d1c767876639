/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/api/record/reads_private.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/base/text.h"

/* A read of a name must not be lost with the process or while the database is away, and an answer
 * must not wait for a disk. So reads go to a file within a second; at most those of the last second
 * are lost if the process is killed. */

#define FILE_MAX_BYTES ((size_t)64 << 20)
#define LINE_FORMAT                                                                                \
	"%16[0-9a-f] %" SCNd64 " %" SCNd64 " %" SCNd64 " %u %64s %64s %64s %" SCNd64 " %" SCNd64
#define LINE_FIELDS 10

static void
add_line(struct buf *out, const struct entry *entry)
{
	buf_printf(out, "%s %lld %lld %lld %u %s %s %s %lld %lld\n", entry->writer,
	    (long long)entry->number, (long long)entry->first_at, (long long)entry->count,
	    entry->route, entry->account, entry->what, entry->function, (long long)entry->at,
	    (long long)entry->known_at);
}

/* A page cache's worth of bytes, once a second at most; the disk is not waited for. After a failure
 * nothing more is written to the file, whose last line may be cut off. The reads in memory still go
 * to the database. */
static void
append(struct reads *reads, struct buf *lines)
{
	if (lines->len > 0 && reads->fd >= 0 &&
	    write(reads->fd, lines->at, lines->len) != (ssize_t)lines->len) {
		log_plain(LOG_ERROR, "reads_not_filed");
		close(reads->fd);
		reads->fd = -1;
	}
	buf_free(lines);
}

void
reads_file_from(struct reads *reads, size_t first)
{
	struct buf lines = {0};

	for (size_t i = first; i < reads->nopen; i++)
		add_line(&lines, &reads->open[i]);
	reads->nfiled = reads->nopen;
	append(reads, &lines);
}

void
reads_file_counts(struct reads *reads)
{
	struct buf lines = {0};

	for (size_t i = 0; i < reads->nopen; i++)
		if (reads->open[i].count > 1)
			add_line(&lines, &reads->open[i]);
	append(reads, &lines);
}

/* Nothing waits any more: all of the file has been written, except the current minute. By a new
 * file and a rename, so that a crash leaves one or the other whole. If it fails, the old file stays
 * in use: its reads would be sent twice and written once. */
void
reads_file_replace(struct reads *reads)
{
	int fd = reads->lock < 0 ? -1
				 : open(reads->path_new,
				       O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);

	if (fd >= 0 && rename(reads->path_new, reads->path) == 0) {
		if (reads->fd >= 0)
			close(reads->fd);
		reads->fd = fd;
		reads_file_from(reads, 0);
	} else if (fd >= 0) {
		close(fd);
	}
}

/* A line that a crash has cut off is passed over. */
static bool
read_line(const char *line, struct entry *out)
{
	*out = (struct entry){0};
	return sscanf(line, LINE_FORMAT, out->writer, &out->number, &out->first_at, &out->count,
		   &out->route, out->account, out->what, out->function, &out->at,
		   &out->known_at) == LINE_FIELDS &&
	       strlen(out->writer) == WRITER_LEN && out->route < READ_ROUTES && out->count > 0;
}

/* Of two lines of a number the one with the higher count comes first and is kept. */
static int
by_number(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = strcmp(a->writer, b->writer);

	if (order != 0)
		return order;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return (a->count < b->count) - (a->count > b->count);
}

/* Room for entries that will come without allocating (seal()). */
void
reads_reserve(struct reads *reads, size_t more)
{
	if (reads->head > 0) {
		memmove(reads->queue, reads->queue + reads->head,
		    (reads->count - reads->head) * sizeof *reads->queue);
		reads->count -= reads->head;
		reads->head = 0;
	}
	if (reads->count + more > reads->capacity) {
		reads->capacity = reads->count + 2 * more;
		reads->queue = xrealloc(reads->queue, reads->capacity * sizeof *reads->queue);
	}
}

/* The reads that a process left: one entry for each number, with the highest count that was
 * written. */
void
reads_file_take(struct reads *reads, const char *path)
{
	char *bytes = NULL, *line, *rest;
	size_t len = 0, first = reads->count, kept;

	if (file_read(path, FILE_MAX_BYTES, &bytes, &len) != STATUS_OK)
		return;
	for (rest = bytes; (line = strsep(&rest, "\n")) != NULL;) {
		struct entry entry;

		if (!read_line(line, &entry))
			continue;
		reads_reserve(reads, 1024);
		reads->queue[reads->count++] = entry;
	}
	free(bytes);
	if (reads->count == first)
		return;
	qsort(reads->queue + first, reads->count - first, sizeof *reads->queue, by_number);
	kept = first + 1;
	for (size_t i = first + 1; i < reads->count; i++) {
		const struct entry *last = &reads->queue[kept - 1];

		if (reads->queue[i].number != last->number ||
		    strcmp(reads->queue[i].writer, last->writer) != 0)
			reads->queue[kept++] = reads->queue[i];
	}
	reads->count = kept;
	log_event(LOG_INFO, "reads_taken_over", LOG_INT("reads", (int64_t)(kept - first)));
}

/* "reads.3" and "reads.3.new"; free() */
static char *
path_of(const char *directory, unsigned number, const char *suffix)
{
	return xasprintf("%s/reads.%u%s", directory, number, suffix);
}

/* The lock of the file ${number}, held until it is closed; -1: another process has it. The lock is a file of its
 * own, because the other one is replaced. */
static int
lock_number(const char *directory, unsigned number)
{
	char *path = path_of(directory, number, ".lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	free(path);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Of a process that has ended. Its reads are written to our own file before the other is removed. */
static void
take_orphan(struct reads *reads, const char *path)
{
	size_t before;

	reads_reserve(reads, OPEN_MAX); /* what was sent is gone from the queue's front */
	before = reads->count;
	reads_file_take(reads, path);
	for (size_t j = before; j < reads->count; j++) {
		struct buf line = {0};

		add_line(&line, &reads->queue[j]);
		append(reads, &line);
	}
	(void)unlink(path);
}

void
reads_file_take_orphans(struct reads *reads)
{
	for (unsigned i = 0; reads->fd >= 0 && i < FILES_MAX; i++) {
		char *path = path_of(reads->directory, i, "");
		int lock = i != reads->file && access(path, F_OK) == 0
			       ? lock_number(reads->directory, i)
			       : -1;

		if (lock >= 0) {
			take_orphan(reads, path);
			close(lock);
		}
		free(path);
	}
}

void
reads_file_open(struct reads *reads)
{
	while ((reads->lock = lock_number(reads->directory, reads->file)) < 0 &&
	       reads->file < FILES_MAX - 1)
		reads->file++;
	reads->path = path_of(reads->directory, reads->file, "");
	reads->path_new = path_of(reads->directory, reads->file, ".new");
	reads->fd = -1;
	if (reads->lock >= 0) {
		reads_file_take(reads, reads->path);
		reads->fd = open(reads->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	}
	if (reads->fd < 0)
		log_event(LOG_ERROR, "reads_not_filed", LOG_STR("why", strerror(errno)));
}
