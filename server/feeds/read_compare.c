/* SPDX-License-Identifier: MIT */
#include "server/base/instant.h"
#include "server/feeds/claimed.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/notes.h"
#include "server/feeds/read_private.h"
#include "server/feeds/read_weigh.h"
#include "server/model/guard.h"

static void
on_recalled(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;

	job->call = NULL;
	if (st != STATUS_OK) {
		read_finish(job, READ_LOST, NULL, NULL);
		return;
	}
	/* No row: nothing has been read for this rota yet. */
	if (pg_rows_count(rows) > 0) {
		job->versions = claimed_copy_bytes(job->arena, rows, 0, FEEDS_VERSIONS_VERSIONS);
		job->address_content =
		    claimed_copy_bytes(job->arena, rows, 0, FEEDS_VERSIONS_ADDRESS_CONTENT);
		job->found.memory = (struct forget_memory){
		    .listed_over_at =
			pg_get_time_or(rows, 0, FEEDS_VERSIONS_LISTED_OVER_AT, INSTANT_NONE),
		    .dropped = (uint32_t)pg_get_int(rows, 0, FEEDS_VERSIONS_DROPPED),
		    .dropped_start =
			pg_get_time_or(rows, 0, FEEDS_VERSIONS_DROPPED_START, INSTANT_NONE),
		};
		job->found.fullest_day = (uint32_t)pg_get_int(rows, 0, FEEDS_VERSIONS_FULLEST_DAY);
		job->found.fullest_week =
		    (uint32_t)pg_get_int(rows, 0, FEEDS_VERSIONS_FULLEST_WEEK);
	}
	read_enter(job, READ_COMPARE);
}

void
read_recall(struct read_job *job)
{
	struct pg_args args = {0};

	/* One instant for the whole judgement, also where the comparison is made again: a shift
	 * must not begin between two rules that use it. */
	job->found.now = feeds_now(job->env);
	pg_text(&args, job->ask->rota);
	pg_int4(&args, (int32_t)guard_first_day(job->found.now));
	job->call = pg_call(job->env->pg, &FEEDS_VERSIONS, &args, on_recalled, job);
}

static struct merge_row
row_in_force(struct read_job *job, const struct pg_rows *rows, size_t row)
{
	return (struct merge_row){
	    .id = pg_get_int(rows, row, FEEDS_ROWS_ID),
	    .key = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_KEY),
	    .start = pg_get_time(rows, row, FEEDS_ROWS_STARTS_AT),
	    .end = pg_get_time(rows, row, FEEDS_ROWS_ENDS_AT),
	    .class = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_CLASS),
	    .person = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_PERSON),
	    .title = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_TITLE),
	    .team = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_TEAM),
	    .as_last_read = pg_get_bool(rows, row, FEEDS_ROWS_AS_LAST_READ),
	};
}

/* Somebody may have confirmed another calendar while a stored one was being read again: it is not
 * the rota's any more, and must not come back. */
static bool
is_overtaken(const struct read_job *job, const struct pg_rows *rows)
{
	if (!job->ask->stored)
		return false;
	return pg_is_null(rows, 0, FEEDS_ROWS_BODY) ||
	       !hash_is(
		   pg_get_bytes(rows, 0, FEEDS_ROWS_BODY), job->ask->hash, sizeof job->ask->hash);
}

/* Whether an upload is in force instead of the address, and whether this is what the address had
 * before it anyway. */
static void
note_upload(struct read_job *job, const struct pg_rows *rows)
{
	unsigned char content[NOTES_CONTENT_BYTES];

	job->found.uploaded_at = pg_get_time_or(rows, 0, FEEDS_ROWS_UPLOADED_AT, INSTANT_NONE);
	notes_content(job->found.reading, content);
	job->found.says_as_before = hash_is(job->address_content, content, sizeof content);
}

static void
on_compared(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;
	struct merge_row *current;
	size_t ncurrent = 0;

	job->call = NULL;
	if (st != STATUS_OK) {
		read_finish(job, READ_LOST, NULL, NULL);
		return;
	}
	/* The rota has left the region, or has another body. */
	if (pg_rows_count(rows) == 0 || is_overtaken(job, rows)) {
		read_finish(job, READ_LATER, NULL, NULL);
		return;
	}
	job->found.base = pg_get_int(rows, 0, FEEDS_ROWS_READING);
	note_upload(job, rows);
	current = arena_array(job->arena, pg_rows_count(rows), sizeof *current);
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		/* The row has the body that is in force, and is the only one if there is no
		 * shift. */
		if (pg_is_null(rows, i, FEEDS_ROWS_ID))
			continue;
		/* Rows before the window are history, which a new reading does not touch. If the
		 * calendar gives one of their keys to a shift in the window, that shift gets
		 * another key. */
		if (pg_get_time(rows, i, FEEDS_ROWS_ENDS_AT) > job->ask->options.from)
			current[ncurrent++] = row_in_force(job, rows, i);
		else
			read_rows_part_from_past(
			    job->arena, &job->rows, pg_get_text(rows, i, FEEDS_ROWS_KEY));
	}
	read_weigh(
	    job->arena, job->ask, &job->rows, (struct merge_rows){current, ncurrent}, &job->found);
	read_enter(job, READ_WRITE);
}

void
read_compare(struct read_job *job)
{
	const char **keys = arena_array(job->arena, job->rows.count, sizeof *keys);
	struct pg_args args = {0};

	for (size_t i = 0; i < job->rows.count; i++)
		/* The keys are sent along so that rows before the window come back only where a key
		 * is used again. */
		keys[i] = job->rows.items[i].key;
	pg_text(&args, job->ask->rota);
	pg_time(&args, job->ask->options.from);
	pg_text_array(&args, keys, job->rows.count);
	job->call = pg_call(job->env->pg, &FEEDS_ROWS, &args, on_compared, job);
}
