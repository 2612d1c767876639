/* SPDX-License-Identifier: MIT */
#include "server/api/record/reads_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/api/api_sql.h"
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

#define BATCH_MAX 500
#define TICK_MS 1000
#define RETRY_TICKS 5
#define ORPHANS_TICKS 15

static const char *const route_names[READ_ROUTES] = {
    [READ_NOW] = "/v1/now",
    [READ_NOW_TEXT] = "/now/{place}.txt",
    [READ_COVERAGE] = "/v1/coverage",
    [READ_HISTORY] = "/v1/history",
    [READ_PEOPLE] = "/v1/people",
    [READ_SHIFTS] = "/v1/shifts",
    [READ_REGION] = "/v1/region",
    [READ_IMPORT] = "/v1/imports/{id}",
    [READ_AUDIT] = "/v1/audit",
    [READ_OVERRIDES] = "/v1/overrides",
    [READ_OVERRIDE_PLAN] = "/v1/overrides?dry_run=1",
    [READ_ABSENCES] = "/v1/absences",
    [READ_ABSENCE_PLAN] = "/v1/absences?dry_run=1",
    [READ_DECISIONS] = "/v1/rotas/{id}/decisions",
    [READ_FEEDS] = "/v1/feeds",
    [READ_OVERRIDE_MADE] = "POST /v1/overrides",
    [READ_APPROVALS] = "/v1/approvals",
    [READ_CONTACTS] = "/v1/contacts/unverified",
    [READ_PERSON] = "/v1/people/{id}",
    [READ_ROTA] = "/v1/rotas/{id}",
    [READ_PROPOSALS] = "/v1/proposals",
    [READ_REPORTS] = "/v1/contacts",
    [READ_NOTES] = "/v1/notes",
    [READ_NOW_PAGE] = "/now/{place}",
    [READ_SHEET] = "/v1/sheet",
    [READ_TYPED] = "/v1/rotas/{id}/shifts",
    [READ_TONIGHT] = "/v1/tonight",
    [READ_ROTATION] = "/v1/rotas/{id}/rotation",
    [READ_ROTA_CALENDAR] = "/v1/rotas/{id}.ics",
    [READ_SERVICE_CALENDAR] = "/v1/services/{id}.ics",
    [READ_PERSON_CALENDAR] = "/v1/people/{id}.ics",
    [READ_SWAPS] = "/v1/swaps",
    [READ_SWAP] = "/v1/swaps/{id}",
    [READ_SWAP_PLAN] = "/v1/swaps?dry_run=1",
    [READ_SWAP_LINK] = "/swap",
    [READ_LEAVE] = "/v1/leave",
    [READ_LEAVE_PLAN] = "/v1/leave?dry_run=1",
    [READ_FAIRNESS] = "/v1/rotas/{id}/fairness",
    [READ_MY_SHIFTS] = "/v1/me/shifts",
};

/* The kind of `what`, for the object of the audit's row. */
static const char *const route_objects[READ_ROUTES] = {
    [READ_NOW] = "place",
    [READ_NOW_TEXT] = "place",
    [READ_COVERAGE] = "place",
    [READ_HISTORY] = "place",
    [READ_PEOPLE] = "people",
    [READ_SHIFTS] = "rota",
    [READ_REGION] = "region",
    [READ_IMPORT] = "import",
    [READ_AUDIT] = "audit",
    [READ_OVERRIDES] = "rota",
    [READ_OVERRIDE_PLAN] = "rota",
    [READ_ABSENCES] = "absences",
    [READ_ABSENCE_PLAN] = "plan",
    [READ_DECISIONS] = "rota",
    [READ_FEEDS] = "feeds",
    [READ_OVERRIDE_MADE] = "rota",
    [READ_APPROVALS] = "approvals",
    [READ_CONTACTS] = "contacts",
    [READ_PERSON] = "person",
    [READ_ROTA] = "rota",
    [READ_PROPOSALS] = "proposals",
    [READ_REPORTS] = "rota",
    [READ_NOTES] = "place",
    [READ_NOW_PAGE] = "place",
    [READ_SHEET] = "place",
    [READ_TYPED] = "rota",
    [READ_TONIGHT] = "place",
    [READ_ROTATION] = "rota",
    [READ_ROTA_CALENDAR] = "rota",
    [READ_SERVICE_CALENDAR] = "service",
    [READ_PERSON_CALENDAR] = "person",
    [READ_SWAPS] = "swaps",
    [READ_SWAP] = "swaps",
    [READ_SWAP_PLAN] = "plan",
    [READ_SWAP_LINK] = "swaps",
    [READ_LEAVE] = "leave",
    [READ_LEAVE_PLAN] = "plan",
    [READ_FAIRNESS] = "rota",
    [READ_MY_SHIFTS] = "shifts",
};

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

/* -------------------------------------------------------------------------------- the database */

static const char *
word_or_null(const char *word)
{
	return strcmp(word, "-") == 0 ? NULL : word;
}

/* The arrays are as large as a batch may be, on the stack of a function that calls nothing deep. */
static void
send_entries(const struct entry *entries, size_t count, struct pg_args *args)
{
	int64_t numbers[BATCH_MAX], firsts[BATCH_MAX], ats[BATCH_MAX], knowns[BATCH_MAX],
	    counts[BATCH_MAX];
	const char *accounts[BATCH_MAX], *routes[BATCH_MAX], *objects[BATCH_MAX],
	    *functions[BATCH_MAX];
	char text[BATCH_MAX][CODE_MAX + 16];

	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = &entries[i];
		const char *what = word_or_null(entry->what);

		numbers[i] = entry->number;
		firsts[i] = entry->first_at;
		counts[i] = entry->count;
		accounts[i] = entry->account;
		routes[i] = route_names[entry->route];
		snprintf(text[i], sizeof text[i], "%s%s%s", route_objects[entry->route],
		    what ? "/" : "", what ? what : "");
		objects[i] = text[i];
		functions[i] = word_or_null(entry->function);
		/* Not given: the minus infinity of the database becomes null there. */
		ats[i] = entry->at;
		knowns[i] = entry->known_at;
	}
	pg_text(args, entries[0].writer);
	pg_int8_array(args, numbers, count);
	pg_time_array(args, firsts, count);
	pg_text_array(args, accounts, count);
	pg_text_array(args, routes, count);
	pg_text_array(args, objects, count);
	pg_text_array(args, functions, count);
	pg_time_array(args, ats, count);
	pg_time_array(args, knowns, count);
	pg_int8_array(args, counts, count);
}

static void send_some(struct reads *reads);

static void
on_written(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct reads *reads = ctx;

	(void)rows;
	reads->call = NULL;
	/* It is not known whether the batch was written. It is sent again, and the database leaves
	 * out the numbers that it has. */
	if (st == STATUS_AGAIN) {
		reads->sent = 0;
		reads->wait_ticks = RETRY_TICKS;
		return;
	}
	if (st != STATUS_OK) {
		/* Not to be had by sending it again. */
		log_event(LOG_ERROR, "reads_refused", LOG_STR("status", status_name(st)));
		reads->stats.dropped += (int64_t)reads->sent;
	}
	reads->head += reads->sent;
	reads->sent = 0;
	if (reads->head == reads->count) {
		reads->head = reads->count = 0;
		reads_file_replace(reads);
	} else {
		send_some(reads);
	}
}

/* Some hundred of one writer. The database keeps one last number for each writer, so that a batch
 * has one writer. */
static void
send_some(struct reads *reads)
{
	const struct entry *first = &reads->queue[reads->head];
	struct pg_args args = {0};

	if (reads->call != NULL || reads->head == reads->count)
		return;
	reads->sent = 1;
	while (reads->sent < BATCH_MAX && reads->head + reads->sent < reads->count &&
	       strcmp(first[reads->sent].writer, first->writer) == 0)
		reads->sent++;
	send_entries(first, reads->sent, &args);
	reads->call = pg_call(reads->pg, &API_AUDIT_READS, &args, on_written, reads);
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
		send_some(reads);
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
