/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/region_second.h"
#include "server/base/vec.h"

/* The last step of a region file: one transaction, in which the database checks once more the
 * decisions that would end with the file. */

/* Decisions that were made while the file was compared, and that would end with it: one row
 * each. The sender has not seen them, so the file is refused rather than applied over them. */
static void
reply_came(struct job *job, const struct pg_rows *rows)
{
	struct arena *arena = job->ask.arena;
	VEC(struct problem_fault) errors = {0};

	for (size_t i = 0; i < pg_rows_count(rows); i++)
		*VEC_PUSH(arena, &errors) = (struct problem_fault){
		    arena_strdup(arena, pg_get_text(rows, i, API_REGION_PUT_DEPENDS_ON)),
		    arena_printf(arena,
			"the file removes it, and %s %lld, which %s made meanwhile, would end with it",
			pg_get_text(rows, i, API_REGION_PUT_KIND),
			(long long)pg_get_int(rows, i, API_REGION_PUT_ID),
			pg_get_text(rows, i, API_REGION_PUT_BY_ACCOUNT)),
		};
	problem_reply_with(job->ask.exchange, 409,
	    "While this file was compared with what is in force, something was decided that would end with it; nothing was changed. "
	    "Look at it, and apply again.",
	    &(struct problem_more){.faults = errors.items, .nfaults = errors.count});
	job_end(job);
}

static void
on_noted(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	(void)st;
	put->noted = pg_get_int(rows, 0, API_SINGLE_HANDED_ADD_ID);
	region_put_reply(job, put->made, true);
}

/* What wanted a second person is in force: it is noted that there was none. */
static bool
is_alone(const struct region_put *put, const struct pg_rows *rows)
{
	return put->alone != NULL && pg_get_bool(rows, 0, API_REGION_PUT_APPLIED) &&
	       region_second_first(put).verdict == SETUP_SECOND;
}

static void
on_applied(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	if (st == STATUS_REFUSED)
		region_put_reply_faults(job, pg_rows_refusal(rows));
	else if (!pg_is_null(rows, 0, API_REGION_PUT_DEPENDS_ON))
		reply_came(job, rows);
	/* No row and no version: another change came first. For one object the server can edit it
	 * into the newer set-up itself; a whole file is a person's to compare. */
	else if (pg_is_null(rows, 0, API_REGION_PUT_VERSION) && put->object != NULL)
		setup_object_again(job);
	else if (pg_is_null(rows, 0, API_REGION_PUT_VERSION))
		region_put_reply_changed(job, NULL);
	else if (is_alone(put, rows)) {
		put->made = pg_get_int(rows, 0, API_REGION_PUT_VERSION);
		region_second_note(job, put->made, on_noted);
	} else
		region_put_reply(job, pg_get_int(rows, 0, API_REGION_PUT_VERSION),
		    pg_get_bool(rows, 0, API_REGION_PUT_APPLIED));
}

/* The things with another code than before, as three arrays: kinds, former codes, new codes. */
static void
send_renames(struct region_put *put, struct pg_args *args)
{
	VEC(const char *) kinds = {0}, was = {0}, codes = {0};

	for (size_t i = 0; i < put->changes.count; i++) {
		const struct region_change *change = &put->changes.items[i];

		if (change->was == NULL)
			continue;
		/* The SQL function moves the rows of the record to the new code in the same
		 * transaction, so it needs the renames; from the document alone a rename looks like
		 * one thing that is removed and one that is added. */
		*VEC_PUSH(put->arena, &kinds) = change->kind;
		*VEC_PUSH(put->arena, &was) = change->was;
		*VEC_PUSH(put->arena, &codes) = change->code;
	}
	pg_text_array(args, kinds.items, kinds.count);
	pg_text_array(args, was.items, was.count);
	pg_text_array(args, codes.items, codes.count);
}

/* The arguments of the deed, and of its trial. */
static void
send_change(struct job *job, struct pg_args *args)
{
	struct region_put *put = job->data;

	if (put->object != NULL) {
		setup_object_send(job, args);
	} else {
		pg_slice(args, put->document);
		/* Kept as it was sent, not as it was completed: the next file from there is
		 * compared with what its author wrote. */
		pg_slice(args, put->origin != NULL ? put->sent : put->document);
		pg_text(args, put->origin);
	}
	/* NULL says that nothing was in force, which the function compares as well: two first files
	 * do not overwrite each other. */
	if (put->version == 0)
		pg_null(args);
	else
		pg_int8(args, put->version);
	pg_text(args, job->ask.account->name);
	send_renames(put, args);
	region_dependents_send(put->arena, &put->changes, &put->dependents, args);
	if (put->object != NULL)
		pg_text(args, put->object->reason);
	addresses_send(put->arena, &put->addresses, args);
}

void
region_put_deed(struct job *job)
{
	const struct region_put *put = job->data;
	struct pg_args args = {0};

	send_change(job, &args);
	job_write(job, put->object != NULL ? &API_SETUP_PUT : &API_REGION_PUT, &args, on_applied);
}

/* Whether a change can end an accepted risk: a requirement, or a code that one has, is another than before. */
static bool
may_end_a_risk(const struct region_change *change)
{
	return change->sign == '~' &&
	       (strcmp(change->kind, "requirement") == 0 || change->was != NULL);
}

bool
region_put_try(struct job *job, job_take_fn *take)
{
	const struct region_put *put = job->data;
	struct pg_args args = {0};
	size_t i = 0;

	while (i < put->changes.count && !may_end_a_risk(&put->changes.items[i]))
		i++;
	if (put->version == 0 || i == put->changes.count)
		return false;
	send_change(job, &args);
	job_call(job, put->object != NULL ? &API_SETUP_PUT_TRY : &API_REGION_PUT_TRY, &args, take);
	return true;
}
