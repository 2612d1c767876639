/* SPDX-License-Identifier: MIT */
#include "server/api/record/reads_private.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/hash.h"
#include "server/base/log.h"
#include "server/base/text.h"

/*
 * Reads of the minute that runs are entries in order of their first, found by a table of places.
 * Once a second the new ones go to the file; when the minute is over all of them are sealed: they
 * join the queue, and the queue goes to the database, some hundred at a time. A read that is
 * acknowledged leaves the queue; when the queue is empty, the file begins again. Numbers rise along
 * the queue, and the database knows the last one of each writer: sending twice writes once.
 */

#define TICK_MS 1000
#define ORPHANS_TICKS 15

/* ------------------------------------------------------------------------------------ noting */

/* As a word of the file. A word that does not fit is cut, and characters that would break the line
 * are replaced: the file has one read a line. */
static void
put_word(char out[CODE_MAX + 1], const char *text)
{
	size_t i;

	if (text == NULL || text[0] == '\0')
		text = "-";
	for (i = 0; i < CODE_MAX && text[i] != '\0'; i++)
		out[i] = (unsigned char)text[i] <= ' ' || text[i] == 0x7f ? '?' : text[i];
	out[i] = '\0';
}

/* The byte between keeps "ab","c" apart from "a","bc". */
static uint64_t
mix_text(uint64_t hash, const char *text)
{
	return hash_bytes(hash_text(hash, text != NULL ? text : ""), "\xff", 1);
}

/* Without the time: the same read in the same minute is one entry with a count. */
static uint64_t
hash_of(const struct read *read)
{
	uint64_t hash = HASH_START ^ (uint64_t)read->route;

	hash = mix_text(mix_text(mix_text(hash, read->account), read->what), read->function);
	hash = hash_spread(hash ^ (uint64_t)read->at);
	hash = hash_spread(hash ^ (uint64_t)read->known_at);
	return hash ^ (hash >> 32);
}

/* Compares as put_word() would have stored it. */
static bool
same_word(const char *word, const char *text)
{
	return text == NULL || text[0] == '\0' ? strcmp(word, "-") == 0
					       : strncmp(word, text, CODE_MAX) == 0;
}

static bool
is_of(const struct entry *entry, const struct read *read)
{
	return entry->route == (unsigned)read->route && entry->at == read->at &&
	       entry->known_at == read->known_at && same_word(entry->what, read->what) &&
	       same_word(entry->account, read->account) &&
	       same_word(entry->function, read->function);
}

/* The minute is over, or has had too many different reads. Needs no memory: room was made. False:
 * there is none. */
static bool
seal(struct reads *reads)
{
	if (reads->count + reads->nopen > reads->capacity)
		return false;
	memcpy(reads->queue + reads->count, reads->open, reads->nopen * sizeof *reads->open);
	reads->count += reads->nopen;
	reads->nopen = reads->nfiled = 0;
	memset(reads->slots, 0, sizeof reads->slots);
	return true;
}

static void
add_entry(struct reads *reads, const struct read *read, uint16_t *slot)
{
	struct entry *entry = &reads->open[reads->nopen];

	if (reads->nopen == 0)
		reads->opened_ms = clock_boot_ms();
	memcpy(entry->writer, reads->writer, sizeof entry->writer);
	entry->number = reads->next_number++;
	entry->first_at = read->now;
	entry->count = 1;
	entry->route = (unsigned)read->route;
	put_word(entry->account, read->account);
	put_word(entry->what, read->what);
	put_word(entry->function, read->function);
	entry->at = read->at;
	entry->known_at = read->known_at;
	*slot = (uint16_t)++reads->nopen;
}

/* Called for every answer that shows a name. It never blocks or allocates; what cannot be kept is
 * counted as dropped, and /metrics shows it. */
void
reads_note(struct reads *reads, const struct read *read)
{
	size_t slot = hash_of(read) % SLOTS;

	reads->stats.noted++;
	for (; reads->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
		struct entry *entry = &reads->open[reads->slots[slot] - 1];

		if (is_of(entry, read)) {
			entry->count++;
			return;
		}
	}
	if (reads->count - reads->head + reads->nopen >= READS_MAX ||
	    (reads->nopen == OPEN_MAX && !seal(reads))) {
		reads->stats.dropped++;
		return;
	}
	if (reads->nopen == 0)
		slot = hash_of(read) % SLOTS;
	add_entry(reads, read, &reads->slots[slot]);
}

struct reads_stats
reads_stats(const struct reads *reads)
{
	struct reads_stats stats = reads->stats;

	stats.waiting = (int64_t)(reads->count - reads->head + reads->nopen);
	return stats;
}

/* ------------------------------------------------------------------------------ the second */

/* The lines that are there have smaller counts. Counts may have grown since a line was written, so
 * that such entries get another line; reads_file_take() uses the higher count. */
static void
close_minute(struct reads *reads)
{
	reads_file_counts(reads);
	reads_reserve(reads, 2 * OPEN_MAX);
	(void)seal(reads);
}

/* Whether the minute of the first read is over, by the clock that its time was read from. */
static bool
minute_is_over(const struct reads *reads)
{
	int64_t first = reads->open[0].first_at;
	int64_t now = first + (clock_boot_ms() - reads->opened_ms) / 1000;

	return first / 60 != now / 60;
}

/* Memory for the next minute is reserved here, outside of any request. */
static void
on_tick(void *ctx)
{
	struct reads *reads = ctx;

	reads_file_from(reads, reads->nfiled);
	if (reads->nopen > 0 && minute_is_over(reads))
		close_minute(reads);
	else
		reads_reserve(reads, 2 * OPEN_MAX);
	/* A process that was replaced has ended after this one began. */
	if (++reads->ticks % ORPHANS_TICKS == 0)
		reads_file_take_orphans(reads);
	reads->wait_ticks -= reads->wait_ticks > 0;
	if (reads->wait_ticks == 0)
		reads_send(reads);
}

/* ----------------------------------------------------------------------------- start, end */

/* A writer's name is chosen again at each start, since numbers begin at one again. Reads that an
 * earlier process left in the file are taken over first. */
struct reads *
reads_open(struct loop *loop, struct pg *pg, const char *directory)
{
	struct reads *reads = xcalloc(1, sizeof *reads);
	uint8_t name[WRITER_LEN / 2];

	reads->loop = loop;
	reads->pg = pg;
	randombytes_buf(name, sizeof name);
	text_hex(name, sizeof name, reads->writer);
	reads->open = xcalloc(OPEN_MAX, sizeof *reads->open);
	reads->directory = directory;
	reads_file_open(reads);
	reads_file_take_orphans(reads);
	reads_reserve(reads, 2 * OPEN_MAX);
	reads->timer = loop_every(loop, TICK_MS, on_tick, reads);
	return reads;
}

/* Reads that were not sent stay in the file for the next process. */
void
reads_close(struct reads *reads)
{
	if (reads == NULL)
		return;
	loop_timer_cancel(reads->timer);
	pg_call_cancel(reads->call);
	reads_file_from(reads, reads->nfiled);
	close_minute(reads);
	if (reads->fd >= 0)
		close(reads->fd);
	free(reads->open);
	free(reads->queue);
	free(reads->path);
	free(reads->path_new);
	if (reads->lock >= 0)
		close(reads->lock);
	free(reads);
}
