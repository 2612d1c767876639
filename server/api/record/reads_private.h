/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/record/reads.h"

/* Inside of reads*.c. */

#define CODE_MAX 64
#define WRITER_LEN 16
#define OPEN_MAX 3072 /* different reads in one minute before they are sealed early */
#define SLOTS 8192
#define FILES_MAX 64 /* api processes of one machine */

struct entry {
	char writer[WRITER_LEN + 1];
	int64_t number, first_at, count;
	unsigned route;
	char account[CODE_MAX + 1], what[CODE_MAX + 1], function[CODE_MAX + 1]; /* "-": none */
	int64_t at, known_at;
};

struct reads {
	struct loop *loop;
	struct pg *pg;
	struct loop_timer *timer;
	struct pg_call *call;
	const char *directory;
	unsigned file; /* its number */
	int lock;      /* of that number; -1: it could not be had, and nothing is filed */
	char *path, *path_new;
	int fd; /* the file, appended to; -1: cannot be written, noted once */
	char writer[WRITER_LEN + 1];
	int64_t next_number;

	struct entry *open;    /* OPEN_MAX; of the minute that runs */
	int64_t opened_ms;     /* when the first of them came, by clock_boot_ms */
	size_t nopen, nfiled;  /* how many of them have a line in the file */
	uint16_t slots[SLOTS]; /* place in open, plus one; 0: empty */

	struct entry *queue;
	size_t head, count, capacity; /* queue[head .. count) waits */
	size_t sent;                  /* of them, under way */
	unsigned wait_ticks, ticks;
	struct reads_stats stats;
};

/*
 * The file of reads that are not in the database yet. It cannot be written: that is logged once,
 * and nothing else stops.
 */

/* Opens the file with the first number that nobody has locked, and takes over what is in it. */
void reads_file_open(struct reads *reads);

/* Takes over what is in the files of processes that have ended. */
void reads_file_take_orphans(struct reads *reads);

/* Appends the open entries from place ${first} on. */
void reads_file_from(struct reads *reads, size_t first);

/* Appends the counts of the open entries that have grown. */
void reads_file_counts(struct reads *reads);

/* The file with the open entries only: all others are in the database. */
void reads_file_replace(struct reads *reads);

/* Adds the reads that a process left in ${path} to the queue. */
void reads_file_take(struct reads *reads, const char *path);

/* Makes room in the queue for ${more} entries. */
void reads_reserve(struct reads *reads, size_t more);

/* Sends the next of the queue, some hundred of one writer, unless some are under way; and those that follow as they
 * are acknowledged. */
void reads_send(struct reads *reads);
