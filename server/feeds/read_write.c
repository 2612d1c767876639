/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/notes.h"
#include "server/feeds/read_json.h"
#include "server/feeds/read_private.h"
#include "server/model/guard.h"

enum { COMPARISONS_MAX = 5 };

static const char not_kept[] =
    "This calendar was read, but what it says cannot be kept. Ask the operator of this server to look into its log.";

void
read_job_add_merge(struct pg_args *args, const struct merge *merge)
{
	size_t count = merge->nadded;
	/* One column after the other: keys, classes, persons, teams, titles. */
	/* Rows go as one array a column: the statement has as many parameters as columns, whatever
	 * the number of rows. */
	const char **texts = xcalloc(count * 5 + 1, sizeof *texts);
	int64_t *times = xcalloc(count * 2 + 1, sizeof *times);

	for (size_t i = 0; i < count; i++) {
		const struct merge_row *row = merge->added[i];

		texts[i] = row->key;
		texts[count + i] = row->class;
		texts[count * 2 + i] = row->person;
		texts[count * 3 + i] = row->team;
		texts[count * 4 + i] = row->title;
		times[i] = row->start;
		times[count + i] = row->end;
	}
	pg_int8_array(args, merge->superseded, merge->nsuperseded);
	for (size_t column = 0; column < 5; column++)
		pg_text_array(args, texts + count * column, count);
	pg_time_array(args, times, count);
	pg_time_array(args, times + count, count);
	free(texts);
	free(times);
}

/* Each statement that writes a reading gives one column, what became of it. */
enum { WRITTEN_OUTCOME = FEEDS_APPLY_OUTCOME };
_Static_assert((int)FEEDS_HOLD_OUTCOME == WRITTEN_OUTCOME &&
		   (int)FEEDS_GOOD_OUTCOME == WRITTEN_OUTCOME &&
		   (int)FEEDS_PREVIEW_IMPORT_OUTCOME == WRITTEN_OUTCOME,
    "one column for all of them");

static void
on_written(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;
	const char *answer;

	job->call = NULL;
	switch (st) {
	case STATUS_OK:
		break;
	/* Lost on the way: it may be written or not. The claim runs out, and the next job sees by
	 * the hash of the body which it is. */
	case STATUS_AGAIN:
	case STATUS_GONE:
		read_finish(job, READ_LOST, NULL, NULL);
		return;
	/* An exception of our SQL that the statement expects. The text of the refusal may quote the
	 * calendar, so only its SQLSTATE is logged. */
	case STATUS_REFUSED:
		log_event(LOG_ERROR, "reading_not_kept", LOG_STR("rota", job->ask->rota),
		    LOG_STR("sqlstate", pg_rows_sqlstate(rows)));
		read_finish(job, READ_FAILED, not_kept, NULL);
		return;
	case STATUS_MALFORMED:
	case STATUS_LIMIT:
		read_finish(job, READ_FAILED, not_kept, NULL);
		return;
	}
	answer = arena_strdup(job->arena, pg_get_text(rows, 0, WRITTEN_OUTCOME));
	/* "again": somebody has changed the rows since they were compared. Nothing was written, so
	 * the comparison is made again with what is in force now. */
	if (strcmp(answer, "again") != 0)
		read_finish(job, READ_WRITTEN, NULL, answer);
	else if (++job->comparisons < COMPARISONS_MAX)
		read_enter(job, READ_RECALL);
	else
		read_finish(job, READ_LATER, NULL, NULL);
}

const char *
read_format(const struct read_ask *ask)
{
	return guard_format(ask->body, ask->options.kind == READING_CSV);
}

void
read_write(struct read_job *job)
{
	struct pg_args args = {0};
	const struct pg_stmt *stmt;

	/* The document is made last, after the guards: it says what they withheld and what was
	 * forgotten. */
	struct notes_about about = {
	    .before = job->versions,
	    .now = job->found.now,
	    .zones = zonedb_fingerprint(job->env->zones),
	    .moved = job->found.merge->counts[MERGE_MOVED],
	    .withheld = job->found.withheld,
	    .forget = &job->found.forget,
	    .listed = job->rows.count,
	};

	job->found.document = read_json_reading(
	    job->arena, job->found.reading, &job->ask->options, read_format(job->ask), &about);
	stmt = job->owner.write(job->owner.ctx, &job->found, &args);
	job->call = pg_call(job->env->pg, stmt, &args, on_written, job);
}
