/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/region_diff.h"
#include "server/api/views/setup/region_put.h"
#include "server/base/vec.h"
#include "server/model/region_carry.h"
#include "server/model/region_keep.h"

/* What a region file would undo: found, and refused, kept or meant. */

static bool
is_meant(const struct region_put *put, const struct region_conflict *conflict)
{
	struct slice left = put->overwrite;

	while (left.len > 0) {
		const char *comma = memchr(left.at, ',', left.len);
		size_t len = comma != NULL ? (size_t)(comma - left.at) : left.len;

		if (region_conflict_named(conflict, (struct slice){left.at, len}))
			return true;
		len += comma != NULL;
		left = (struct slice){left.at + len, left.len - len};
	}
	return false;
}

/* Takes ${document} for what is to be in force, with what the set-up before it knows of the past.
 * False: it cannot be. */
static bool
carry(struct job *job, struct slice document)
{
	struct region_put *put = job->data;
	struct slice whole = region_carry(put->arena, document, put->before);

	if (whole.at == put->document.at)
		return true;
	put->faults = (struct region_faults){0};
	return region_put_read(job, whole) == STATUS_OK;
}

/* False: answered. */
static bool
keep_what_is_kept(struct job *job)
{
	struct region_put *put = job->data;
	VEC(struct region_conflict) kept = {0};
	bool refused = false;

	put->fates = arena_array(put->arena, put->conflicts.count + 1, sizeof *put->fates);
	for (size_t i = 0; i < put->conflicts.count; i++) {
		const struct region_conflict *conflict = &put->conflicts.items[i];

		put->fates[i] = is_meant(put, conflict) ? REGION_OVERWRITTEN
				: put->keep             ? REGION_KEPT
							: REGION_REFUSED;
		refused |= put->fates[i] == REGION_REFUSED;
		if (put->fates[i] == REGION_KEPT)
			*VEC_PUSH(put->arena, &kept) = *conflict;
	}
	if (refused && !put->dry_run) {
		region_put_reply_conflicts(job);
		return false;
	}
	if (kept.count == 0)
		return true;
	if (carry(job, region_keep(put->arena, web_body(job->ask.exchange), put->before_document,
			   &(struct region_conflicts){kept.items, kept.count})))
		return true;
	region_put_reply_faults(job,
	    "What was changed here since the file was applied cannot be kept beside what the file changes; nothing was changed. "
	    "Take these changes into the file.");
	return false;
}

static void
settle(struct job *job)
{
	struct region_put *put = job->data;

	/* A sender without a file that was applied before has read what is in force, and says
	 * what is to be: nothing of it is in conflict, and the answer says what goes. */
	if (put->origin != NULL || put->object != NULL)
		region_said_conflicts(put->arena, &put->changes, &put->saids, &put->conflicts);
	if (!keep_what_is_kept(job))
		return;
	region_diff(put->arena, put->before, put->region, &put->changes);
	if ((put->object == NULL && !put->judged) || setup_object_allowed(job))
		region_put_go_on(job);
}

static void
on_said(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	(void)st;
	region_said_take(put->arena, rows, &put->saids);
	settle(job);
}

void
region_put_compare(struct job *job, const struct region *filed)
{
	struct region_put *put = job->data;
	struct region_changes since = {0};
	struct pg_args args = {0};

	if (!carry(job, put->document)) {
		region_put_reply_faults(job, NULL);
		return;
	}
	region_diff(put->arena, put->before, put->region, &put->changes);
	if (put->origin != NULL && filed != NULL) {
		region_compare(put->arena, filed, put->before, &since);
		region_conflicts(put->arena, &since, &put->changes, &put->conflicts);
	}
	if (region_said_ask(put->arena, &put->changes, &args))
		job_call(job, &API_REGION_SAID, &args, on_said);
	else
		settle(job);
}
