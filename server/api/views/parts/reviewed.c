/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/reviewed.h"

#include <string.h>

#include "server/api/views/parts/numbered.h"

#define NOTE_MAX_BYTES 500
#define ROWS_MAX 1000 /* that a statement gives at once */

/* ----------------------------------------------------------------------------------------- list */

struct listing {
	const struct reviewed_list *list;
	uint32_t limit;
};

static void
on_listed(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct listing *listing = job->data;
	const struct numbered_list list = {
	    .name = listing->list->name,
	    .id = listing->list->id,
	    .rows_max = ROWS_MAX,
	    .may_see = listing->list->may_see,
	    .put = listing->list->put,
	};

	(void)st;
	(void)numbered_reply(job, &list, listing->limit, rows);
	job_end(job);
}

void
reviewed_list(struct ask *ask, const struct reviewed_list *list)
{
	struct numbered_page page = numbered_page(ask, INT64_MAX);
	bool open_only = strcmp(ask_choice(ask, "state"), "open") == 0;
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_int8(&args, page.cursor);
	pg_bool(&args, open_only);
	job = job_new(ask, sizeof(struct listing));
	*(struct listing *)job->data = (struct listing){list, page.limit};
	job_call(job, list->statement, &args, on_listed);
}

/* --------------------------------------------------------------------------------------- review */

struct reviewing {
	const struct reviewed_review *review;
	int64_t id;
	const char *note;
};

/* A review by the account that did it would be none, so "own" is refused. */
static void
on_reviewed(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct reviewing *reviewing = job->data;
	const char *why = pg_get_text(rows, 0, reviewing->review->refused);

	(void)st;
	if (why == NULL)
		ask_reply_nothing(&job->ask, NULL);
	else if (strcmp(why, "own") == 0)
		problem_reply(job->ask.exchange, 403, "Nobody reviews what they did themselves.");
	else if (strcmp(why, "done") == 0)
		problem_reply(job->ask.exchange, 409, "This was reviewed already.");
	else
		problem_reply(job->ask.exchange, 404, reviewing->review->none);
	job_end(job);
}

/* Only the row says whose it is, so it is read first and judged before anything is written. */
static void
on_looked_up(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct reviewing *reviewing = job->data;
	const struct reviewed_review *review = reviewing->review;
	struct pg_args args = {0};

	(void)st;
	if (pg_rows_count(rows) == 0 || !review->may_review(&job->ask, rows)) {
		job_problem(job, 404, review->none);
		return;
	}
	pg_int8(&args, reviewing->id);
	pg_text(&args, reviewing->note);
	pg_text(&args, job->ask.account->name);
	job_write(job, review->review, &args, on_reviewed);
}

void
reviewed_review(struct ask *ask, const struct reviewed_review *review)
{
	static const char *const members[] = {"note", NULL};
	json_t *body = ask_body(ask, members);
	struct reviewing reviewing = {
	    .review = review,
	    .id = ask_id_named(ask, web_param(ask->exchange, "id"), review->what),
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
	job_call(job, review->look, &args, on_looked_up);
}
