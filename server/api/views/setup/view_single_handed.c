/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/reviewed.h"
#include "server/api/views/views.h"

/* Changes that an administrator put in force without a second person (region_second.h). They are listed for
 * accounts with a place that is affected, and somebody else must review them. */

#define NOTE_MAX_BYTES 500

/* ---------------------------------------------------------------------------------------- whose */

struct touched {
	const struct pg_rows *rows;
	size_t row;
	unsigned column; /* of the places */
};

/* How many of the affected places belong to the account. An account that lists no places has none here, although
 * it may read about all: this decides about a right to act. */
static size_t
count_own(const struct ask *ask, const struct touched *touched)
{
	size_t count = pg_get_array_count(touched->rows, touched->row, touched->column), own = 0;

	for (size_t i = 0; i < count && ask->account->nplaces > 0; i++) {
		struct slice code =
		    pg_get_array_text(touched->rows, touched->row, touched->column, i);
		uint32_t place = table_get(
		    &ask->region->place_by_code, arena_strndup(ask->arena, code.at, code.len));

		own += place != TABLE_NONE && rights_place(ask->region, ask->account, place);
	}
	return own;
}

static bool
keeps_places(const struct account *account)
{
	return account->role == ROLE_COMMISSIONER || account->role == ROLE_PLACE_MANAGER;
}

/* Auditors and administrators see all, or if they list places, what affects one of them; commissioners and place
 * managers see what affects a place that they list. */
static bool
may_see(const struct ask *ask, const struct touched *touched)
{
	if (rights_has(ask->account, RIGHT_REVIEW) && ask->account->nplaces == 0)
		return true;
	return (rights_has(ask->account, RIGHT_REVIEW) || keeps_places(ask->account)) &&
	       count_own(ask, touched) > 0;
}

/* An administrator, or a commissioner or place manager of all affected places. SQL refuses the account that made
 * the change. */
static bool
may_review(const struct ask *ask, const struct touched *touched)
{
	size_t count = pg_get_array_count(touched->rows, touched->row, touched->column);

	return ask->account->role == ROLE_ADMINISTRATOR ||
	       (keeps_places(ask->account) && count > 0 && count_own(ask, touched) == count);
}

/* ----------------------------------------------------------------------------------------- list */

static void
put_one(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_SINGLE_HANDED_ID));
	out_int(out, "version", pg_get_int(rows, row, API_SINGLE_HANDED_VERSION));
	out_text(out, "by", pg_get_text(rows, row, API_SINGLE_HANDED_ACCOUNT));
	out_text(out, "reason", ask_said(ask, pg_get_text(rows, row, API_SINGLE_HANDED_REASON)));
	out_raw(out, "shown", pg_get_bytes(rows, row, API_SINGLE_HANDED_SHOWN));
	out_array(out, "places");
	for (size_t i = 0; i < pg_get_array_count(rows, row, API_SINGLE_HANDED_PLACES); i++)
		out_slice(out, NULL, pg_get_array_text(rows, row, API_SINGLE_HANDED_PLACES, i));
	out_array_end(out);
	out_time(out, "at", pg_get_time(rows, row, API_SINGLE_HANDED_AT));
	out_time(out, "reviewed_at",
	    pg_get_time_or(rows, row, API_SINGLE_HANDED_REVIEWED_AT, INSTANT_NEVER));
	out_text(out, "reviewed_by", pg_get_text(rows, row, API_SINGLE_HANDED_REVIEWED_BY));
	out_text(out, "review_note",
	    ask_said(ask, pg_get_text(rows, row, API_SINGLE_HANDED_REVIEW_NOTE)));
	out_object_end(out);
}

static void
on_listed(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask_page *page = job->data;
	struct touched touched = {rows, 0, API_SINGLE_HANDED_PLACES};
	int64_t last = 0;
	uint32_t shown = 0;
	struct json_out out = {0};
	char cursor[24];

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "single_handed");
	for (; touched.row < pg_rows_count(rows) && shown < page->limit; touched.row++) {
		last = pg_get_int(rows, touched.row, API_SINGLE_HANDED_ID);
		if (!may_see(&job->ask, &touched))
			continue;
		put_one(&out, &job->ask, rows, touched.row);
		shown++;
	}
	out_array_end(&out);
	snprintf(cursor, sizeof cursor, "%lld", (long long)last);
	/* The statement gives at most 1,000 rows, so a full answer may have more after it. */
	out_text(&out, "next_cursor",
	    touched.row < pg_rows_count(rows) || touched.row == 1000 ? cursor : NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_single_handed(struct ask *ask)
{
	struct ask_page page = ask_page(ask);
	bool open_only = strcmp(ask_choice(ask, "state"), "open") == 0;
	int64_t before = INT64_MAX;
	struct pg_args args = {0};
	struct job *job;

	if (page.cursor != NULL && !text_int(slice_of(page.cursor), 1, INT64_MAX, &before))
		ask_fault(ask, "query.cursor", "is not one that this list gave");
	if (!ask_fine(ask))
		return;
	pg_int8(&args, before);
	pg_bool(&args, open_only);
	job = job_new(ask, sizeof page);
	*(struct ask_page *)job->data = page;
	job_call(job, &API_SINGLE_HANDED, &args, on_listed);
}

/* --------------------------------------------------------------------------------------- review */

struct reviewing {
	int64_t id;
	const char *note;
};

/* The same answer for a number that does not exist and one at others' places. */
static const char none[] = "There is none with this number that this account may review.";

static void
on_reviewed(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	reviewed_reply(job, pg_get_text(rows, 0, API_SINGLE_HANDED_REVIEW_REFUSED), none);
}

static void
on_places(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct reviewing *reviewing = job->data;
	const struct touched touched = {rows, 0, API_SINGLE_HANDED_TOUCHED_PLACES};
	struct pg_args args = {0};

	(void)st;
	if (pg_rows_count(rows) == 0 || !may_review(&job->ask, &touched)) {
		problem_reply(job->ask.exchange, 404, none);
		job_end(job);
		return;
	}
	pg_int8(&args, reviewing->id);
	pg_text(&args, reviewing->note);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_SINGLE_HANDED_REVIEW, &args, on_reviewed);
}

void
view_single_handed_review(struct ask *ask)
{
	static const char *const members[] = {"note", NULL};
	json_t *body = ask_body(ask, members);
	struct reviewing reviewing = {
	    .id = ask_id_named(ask, web_param(ask->exchange, "id"), "change"),
	    .note = ask_body_text(ask, body, "note", NOTE_MAX_BYTES, ASK_OPTIONAL),
	};
	struct pg_args args = {0};
	struct job *job;

	json_decref(body);
	if (!ask_fine(ask))
		return;
	pg_int8(&args, reviewing.id);
	job = job_new(ask, sizeof reviewing);
	*(struct reviewing *)job->data = reviewing;
	job_call(job, &API_SINGLE_HANDED_TOUCHED, &args, on_places);
}
