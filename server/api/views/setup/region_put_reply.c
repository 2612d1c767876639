/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/views/setup/object.h"
#include "server/api/views/setup/region_diff.h"
#include "server/api/views/setup/region_effect.h"
#include "server/api/views/setup/region_put.h"
#include "server/api/views/setup/region_second.h"
#include "server/base/vec.h"

/* The names are part of the API. */
static const char *
fate_name(enum region_fate fate)
{
	static const char *const names[] = {
	    [REGION_REFUSED] = "refused",
	    [REGION_KEPT] = "kept",
	    [REGION_OVERWRITTEN] = "overwritten",
	};

	return names[fate];
}

const char *
region_etag(struct arena *arena, int64_t version)
{
	return arena_printf(arena, "\"region-%lld\"", (long long)version);
}

static const char *
etag_line(struct arena *arena, int64_t version)
{
	return arena_printf(arena, "ETag: %s\r\n", region_etag(arena, version));
}

void
region_put_change(struct json_out *out, const struct region_put *put, size_t index)
{
	const struct region_change *change = &put->changes.items[index];
	const char sign[] = {change->sign, '\0'};

	out_object(out, NULL);
	out_text(out, "sign", sign);
	out_text(out, "kind", change->kind);
	out_text(out, "code", change->code);
	out_text(out, "what", change->what);
	/* Only where it is so: files of a country have thousands of changes. */
	if (put->answers != NULL && put->answers[index].verdict == SETUP_SECOND)
		out_text(out, "second", put->answers[index].why);
	out_object_end(out);
}

static void
put_conflicts(struct json_out *out, const struct region_put *put)
{
	out_array(out, "conflicts");
	for (size_t i = 0; i < put->conflicts.count; i++) {
		const struct region_conflict *conflict = &put->conflicts.items[i];

		out_object(out, NULL);
		out_text(out, "id", conflict->id);
		out_text(out, "kind", conflict->kind);
		out_text(out, "code", conflict->code);
		out_text(out, "what", conflict->key);
		out_text(out, "fate", fate_name(put->fates[i]));
		out_text(out, "by", put->by);
		out_time(out, "at", put->at);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_files(struct json_out *out, const struct region_put *put)
{
	out_array(out, "files");
	/* "filed" and "in_force" are digests, never the bytes: calendars hold names. */
	for (size_t i = 0; i < put->nfiles; i++) {
		const struct region_file *file = &put->files[i];

		out_object(out, NULL);
		out_text(out, "rota", file->rota);
		out_text(out, "filed", file->filed);
		out_text(out, "in_force", file->in_force);
		/* Only a person's import is named; the client then asks before it replaces those
		 * bytes. */
		if (file->import != 0) {
			out_int(out, "import", file->import);
			out_text(out, "by", file->by);
			out_time(out, "at", file->at);
		}
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_warnings(struct json_out *out, const struct region_faults *faults)
{
	out_array(out, "warnings");
	for (size_t i = 0; i < faults->count; i++) {
		out_object(out, NULL);
		out_text(out, "path", faults->items[i].path);
		out_text(out, "detail", faults->items[i].detail);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_effect(struct json_out *out, const struct job *job)
{
	const struct region_put *put = job->data;

	/* A deed that this process could not preview has no effect to show: null, not an empty one,
	 * which would say that nothing happens. */
	if (!put->effect.known) {
		out_null(out, "effect");
		return;
	}
	out_object(out, "effect");
	region_dependents_put(out, &job->ask, &put->dependents, &put->changes);
	region_effect_put(out, &job->ask, &put->effect, put->setup->region);
	region_risks_put(out, &put->risks);
	out_object_end(out);
}

/* Shared by files, objects, packs and proposals, so that a proposal shows exactly what a dry run
 * would. */
void
region_put_dependents(struct json_out *out, const struct job *job)
{
	const struct region_put *put = job->data;

	out_array(out, "changes");
	for (size_t i = 0; i < put->changes.count; i++)
		region_put_change(out, put, i);
	out_array_end(out);
	region_second_put_less(out, put);
	put_conflicts(out, put);
	put_files(out, put);
	put_effect(out, job);
	put_warnings(out, &put->faults);
}

void
region_put_reply(struct job *job, int64_t version, bool applied)
{
	const struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	struct json_out out = {0};

	if (put->then != NULL && applied) {
		put->then(job);
		return;
	}
	if (put->object != NULL) {
		setup_object_reply(job, version, applied);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "version", version);
	out_bool(&out, "applied", applied);
	out_bool(&out, "dry_run", put->dry_run);
	if (put->noted != 0)
		out_int(&out, "single_handed", put->noted);
	region_put_dependents(&out, job);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, etag_line(arena, version));
	job_end(job);
}

/* Whether an object that others refer to was to be deleted: the only way in which a deletion can
 * have faults. */
static bool
is_referred_to(const struct region_put *put)
{
	return put->object != NULL && put->object->change == SETUP_DELETE;
}

void
region_put_reply_faults(struct job *job, const char *sentence)
{
	const struct region_put *put = job->data;
	VEC(struct problem_fault) errors = {0};

	/* Warnings do not refuse anything and would only hide the fault. */
	for (size_t i = 0; i < put->faults.count; i++)
		if (!put->faults.items[i].warning)
			*VEC_PUSH(job->ask.arena, &errors) =
			    put->object != NULL ? setup_object_fault(job, &put->faults.items[i])
						: (struct problem_fault){put->faults.items[i].path,
						      put->faults.items[i].detail};
	problem_reply_with(job->ask.exchange, is_referred_to(put) ? 409 : 422,
	    sentence              ? sentence
	    : is_referred_to(put) ? "Others refer to this; nothing was changed. Change them first."
	    : put->object != NULL ? "This cannot be put in force; nothing was changed."
				  : "This region file cannot be put in force; nothing was changed.",
	    &(struct problem_more){.faults = errors.items, .nfaults = errors.count});
	job_end(job);
}

static const char *
change_words(struct arena *arena, const struct region_change *change)
{
	if (change->sign == '~')
		return arena_printf(arena, "was changed since: %s", change->what);
	return change->sign == '+' ? "was added since" : "was taken out since";
}

void
region_put_reply_changed(struct job *job, const struct region *seen)
{
	const struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	struct region_changes changes = {0};
	VEC(struct problem_fault) errors = {0};

	/* The differences are between what the sender saw and what is in force, so its own changes
	 * are not among them. */
	if (seen != NULL)
		region_compare(arena, seen, put->before, &changes);
	for (size_t i = 0; i < changes.count; i++)
		*VEC_PUSH(arena, &errors) = (struct problem_fault){
		    arena_printf(arena, "%s:%s", changes.items[i].kind, changes.items[i].code),
		    change_words(arena, &changes.items[i])};
	problem_reply_with(job->ask.exchange, 412,
	    arena_printf(arena,
		"The set-up was changed since you read it (version %lld is in force, by %s); "
		"nothing was changed. Read it again, and change that.",
		(long long)put->version, put->by ? put->by : "nobody"),
	    &(struct problem_more){.faults = errors.items,
		.nfaults = errors.count,
		.extra = etag_line(arena, put->version)});
	job_end(job);
}

/* Why a conflict is not simply overwritten. */
static const char *
conflict_words(struct arena *arena, const struct region_put *put, size_t index)
{
	const struct region_conflict *conflict = &put->conflicts.items[index];
	unsigned ends = 0;

	/* Counted, not listed: a person who leaves can have hundreds, and the dry run lists
	 * them. */
	for (size_t i = 0; i < put->dependents.count; i++)
		ends += region_dependent_ends_with(
		    &put->dependents.items[i], conflict->kind, conflict->code);
	if (conflict->sign == '-' && ends > 0)
		return arena_printf(arena,
		    "it is removed, and %u override%s, absences or decisions in force would end with it",
		    ends, ends == 1 ? "" : "s");
	if (conflict->key != NULL)
		return arena_printf(arena,
		    "%s was changed here since the file was applied, and the file would change it back",
		    conflict->key);
	return conflict->sign == '+'
		   ? "was taken out here since the file was applied, and would come back"
		   : "was added or changed here since the file was applied, and would go";
}

void
region_put_reply_conflicts(struct job *job)
{
	const struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	VEC(struct problem_fault) errors = {0};

	for (size_t i = 0; i < put->conflicts.count; i++)
		if (put->fates[i] == REGION_REFUSED)
			*VEC_PUSH(arena, &errors) = (struct problem_fault){
			    put->conflicts.items[i].id, conflict_words(arena, put, i)};
	problem_reply_with(job->ask.exchange, 409,
	    put->object != NULL
		? "Overrides, absences or decisions would end with it; nothing was changed. Name what is meant to be overwritten."
		: "This file would undo what was changed here since it was last applied; nothing was changed. "
		  "Take these changes into the file, or name what is meant to be overwritten.",
	    &(struct problem_more){.faults = errors.items, .nfaults = errors.count});
	job_end(job);
}
