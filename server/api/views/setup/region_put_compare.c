/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/region_diff.h"
#include "server/api/views/setup/region_put.h"
#include "server/base/vec.h"
#include "server/model/region_carry.h"
#include "server/model/region_keep.h"

/* Finds what a region file would undo, and decides which of it is refused, kept or overwritten. */

/* An id may name one key or a whole object; region_conflict_named knows both forms. */
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

/* Takes ${document}, completed with what the set-up before it knows of the past, as the one that
 * is to be in force. False: it has faults. */
static bool
carry(struct job *job, struct slice document)
{
	struct region_put *put = job->data;
	struct slice whole;

	if (put->patched != NULL)
		return true; /* what it knows of the past is in it */
	whole = region_carry(put->arena, document, put->before);
	/* Nothing was added, so the document has been read already. */
	if (whole.at == put->document.at)
		return true;
	/* Faults have paths of the document that was read; those of the one before would be listed
	 * twice. */
	put->faults = (struct region_faults){0};
	return region_put_read(job, whole) == STATUS_OK;
}

/* Gives each conflict its fate, and puts what is kept into the document. False: answered. */
static bool
keep_what_is_kept(struct job *job)
{
	struct region_put *put = job->data;
	VEC(struct region_conflict) kept = {0};
	bool refused = false;

	put->fates = arena_array(put->arena, put->conflicts.count + 1, sizeof *put->fates);
	for (size_t i = 0; i < put->conflicts.count; i++) {
		const struct region_conflict *conflict = &put->conflicts.items[i];

		/* A conflict that is named is overwritten even where "keep" is given for the rest:
		 * the more exact word counts. */
		put->fates[i] = is_meant(put, conflict) ? REGION_OVERWRITTEN
				: put->keep             ? REGION_KEPT
							: REGION_REFUSED;
		refused |= put->fates[i] == REGION_REFUSED;
		if (put->fates[i] == REGION_KEPT)
			*VEC_PUSH(put->arena, &kept) = *conflict;
	}
	/* A dry run lists every conflict in its answer instead of refusing at the first. */
	if (refused && !put->dry_run) {
		region_put_reply_conflicts(job);
		return false;
	}
	if (kept.count == 0)
		return true;
	/* From the file as it was sent, not from put->document: what was carried into that one must
	 * follow from what is kept. */
	if (carry(job, region_keep(put->arena, put->sent, region_put_before_document(put),
			   &(struct region_conflicts){kept.items, kept.count})))
		return true;
	/* Each set-up alone was free of faults; the mixture need not be, such as a kept rota of a
	 * service that the file removes. */
	region_put_reply_faults(job,
	    "What was changed here since the file was applied cannot be kept beside what the file changes; nothing was changed. "
	    "Take these changes into the file.");
	return false;
}

static void
find_changes(struct region_put *put)
{
	if (put->patched == NULL)
		region_compare(put->arena, put->before, put->region, &put->changes);
	else
		region_diff_one(put->arena, put->before, put->region,
		    &(struct region_diff_one){put->object->kind, (uint32_t)put->object->index},
		    &put->changes);
}

/* What was decided about the one would become the other's, and nobody has said so. False: answered. */
static bool
keeps_two_apart(struct job *job)
{
	struct region_put *put = job->data;
	const struct region_former *one = region_made_one(put->before, put->region);
	bool people = one != NULL && strcmp(one->kind, "person") == 0;

	if (one == NULL)
		return true;
	region_put_reply_faults(job,
	    arena_printf(put->arena,
		"%s \"%s\" and %s \"%s\" are two, and \"renamed_from\" would make one of them; nothing was changed. %s",
		one->kind, one->was, one->kind, one->code,
		people ? "Merge the two people instead (crisiscover people merge)."
		       : "Take the one out, and let the other keep its own codes."));
	return false;
}

static void
settle(struct job *job)
{
	struct region_put *put = job->data;

	if (!keeps_two_apart(job))
		return;
	/* A sender without a file that was applied before has read the set-up in force and edited
	 * that. Members that it leaves out were left out knowingly: the answer lists them, and
	 * nothing is in conflict. */
	if (put->origin != NULL || put->object != NULL)
		region_dependents_conflicts(
		    put->arena, &put->changes, &put->dependents, &put->conflicts);
	if (!keep_what_is_kept(job))
		return;
	/* Again, since what is kept has changed the document. */
	find_changes(put);
	if (setup_changes_allowed(job))
		region_put_go_on(job);
}

static void
on_dependents(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	(void)st;
	region_dependents_take(put->arena, rows, &put->dependents);
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
	/* The first comparison finds the conflicts; the one in settle() is what the answer
	 * lists. */
	find_changes(put);
	/* Without the file before it is not known what was changed by hand: a first file takes
	 * everything as meant. */
	if (put->origin != NULL && filed != NULL) {
		region_compare(put->arena, filed, put->before, &since);
		region_conflicts(put->arena, &since, &put->changes, &put->conflicts);
	}
	if (region_dependents_ask(put->arena, &put->changes, &args))
		job_call(job, &API_REGION_SAID, &args, on_dependents);
	else
		settle(job);
}
