/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/record/reads_private.h"
#include "server/base/log.h"

/* Reads on their way to the audit. Numbers rise along the queue, and the database knows the last one of each
 * writer, so that a batch whose answer was lost is sent again without harm. */

#define BATCH_MAX 500
#define RETRY_TICKS 5

/* What the audit calls each route, and the kind of what was read by it. Both stay as they are once written: who
 * asks the audit what was seen of something searches for these words. */
static const struct {
	const char *name, *object;
} routes[READ_ROUTES] = {
    [READ_NOW] = {"/v1/now", "place"},
    [READ_NOW_TEXT] = {"/now/{place}.txt", "place"},
    [READ_COVERAGE] = {"/v1/coverage", "place"},
    [READ_HISTORY] = {"/v1/history", "place"},
    [READ_PEOPLE] = {"/v1/people", "people"},
    [READ_SHIFTS] = {"/v1/shifts", "rota"},
    [READ_REGION] = {"/v1/region", "region"},
    [READ_IMPORT] = {"/v1/imports/{id}", "import"},
    [READ_AUDIT] = {"/v1/audit", "audit"},
    [READ_OVERRIDES] = {"/v1/overrides", "rota"},
    [READ_OVERRIDE_PLAN] = {"/v1/overrides?dry_run=1", "rota"},
    [READ_ABSENCES] = {"/v1/absences", "absences"},
    [READ_ABSENCE_PLAN] = {"/v1/absences?dry_run=1", "plan"},
    [READ_DECISIONS] = {"/v1/rotas/{id}/decisions", "rota"},
    [READ_FEEDS] = {"/v1/feeds", "feeds"},
    [READ_OVERRIDE_MADE] = {"POST /v1/overrides", "rota"},
    [READ_APPROVALS] = {"/v1/approvals", "approvals"},
    [READ_CONTACTS] = {"/v1/contacts/unverified", "contacts"},
    [READ_PERSON] = {"/v1/people/{id}", "person"},
    [READ_ROTA] = {"/v1/rotas/{id}", "rota"},
    [READ_PROPOSALS] = {"/v1/proposals", "proposals"},
    [READ_REPORTS] = {"/v1/contacts", "rota"},
    [READ_NOTES] = {"/v1/notes", "place"},
    [READ_NOW_PAGE] = {"/now/{place}", "place"},
    [READ_SHEET] = {"/v1/sheet", "place"},
    [READ_TYPED] = {"/v1/rotas/{id}/shifts", "rota"},
    [READ_TONIGHT] = {"/v1/tonight", "place"},
    [READ_ROTATION] = {"/v1/rotas/{id}/rotation", "rota"},
    [READ_ROTA_CALENDAR] = {"/v1/rotas/{id}.ics", "rota"},
    [READ_SERVICE_CALENDAR] = {"/v1/services/{id}.ics", "service"},
    [READ_PERSON_CALENDAR] = {"/v1/people/{id}.ics", "person"},
    [READ_SWAPS] = {"/v1/swaps", "swaps"},
    [READ_SWAP] = {"/v1/swaps/{id}", "swaps"},
    [READ_SWAP_PLAN] = {"/v1/swaps?dry_run=1", "plan"},
    [READ_SWAP_LINK] = {"/swap", "swaps"},
    [READ_LEAVE] = {"/v1/leave", "leave"},
    [READ_LEAVE_PLAN] = {"/v1/leave?dry_run=1", "plan"},
    [READ_FAIRNESS] = {"/v1/rotas/{id}/fairness", "rota"},
    [READ_MY_SHIFTS] = {"/v1/me/shifts", "shifts"},
    [READ_SUBJECT] = {"/v1/subjects/{id}", "person"},
    [READ_LADDER] = {"/v1/ladder", "place"},
    [READ_REPORT_MADE] = {"POST /v1/contacts", "place"},
};

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
	const char *accounts[BATCH_MAX], *names[BATCH_MAX], *objects[BATCH_MAX],
	    *functions[BATCH_MAX];
	char text[BATCH_MAX][CODE_MAX + 16];

	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = &entries[i];
		const char *what = word_or_null(entry->what);

		numbers[i] = entry->number;
		firsts[i] = entry->first_at;
		counts[i] = entry->count;
		accounts[i] = entry->account;
		names[i] = routes[entry->route].name;
		snprintf(text[i], sizeof text[i], "%s%s%s", routes[entry->route].object,
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
	pg_text_array(args, names, count);
	pg_text_array(args, objects, count);
	pg_text_array(args, functions, count);
	pg_time_array(args, ats, count);
	pg_time_array(args, knowns, count);
	pg_int8_array(args, counts, count);
}

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
		reads_send(reads);
	}
}

/* The database keeps one last number for each writer, so that a batch has one writer. */
void
reads_send(struct reads *reads)
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
