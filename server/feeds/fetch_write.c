/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/log.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/fetch_private.h"

/* The arguments that holding and applying have in common, in the order of both statements. */
static void
add_reading(const struct fetch_job *job, const struct read_found *found, struct pg_args *args)
{
	const struct read_ask *ask = &job->ask;

	/* 0 is no reading; the column is null for a rota that has none. */
	if (found->base == 0)
		pg_null(args);
	else
		pg_int8(args, found->base);
	pg_bytea(args, ask->hash, sizeof ask->hash);
	pg_bytea(args, found->kept.at, found->kept.len);
	pg_bytea(args, ask->with.hash, sizeof ask->with.hash);
	pg_text(args, found->document);
}

static const struct pg_stmt *
hold(const struct fetch_job *job, const struct read_found *found, const char *why,
    struct pg_args *args)
{
	add_reading(job, found, args);
	pg_text(args, why);
	pg_text(args, found->diff);
	read_job_add_merge(args, found->merge);
	return &FEEDS_HOLD;
}

static const struct pg_stmt *
apply(const struct fetch_job *job, const struct read_found *found, struct pg_args *args)
{
	add_reading(job, found, args);
	/* Whether the address has just given it: only then are its validators those of what is in
	 * force. */
	pg_bool(args, job->state == FETCH_READ);
	pg_text(args, job->etag);
	pg_text(args, job->last_modified);
	read_job_add_merge(args, found->merge);
	return &FEEDS_APPLY;
}

void
fetch_add_good(
    const struct fetch_job *job, struct slice seen_body, bool whole, struct pg_args *args)
{
	pg_bytea(args, seen_body.at, seen_body.len);
	pg_bytea(args, job->ask.with.hash, sizeof job->ask.with.hash);
	/* A 304 has no new validators, so those that were sent stay. */
	pg_text(args, whole ? job->etag : job->feed.etag);
	pg_text(args, whole ? job->last_modified : job->feed.last_modified);
	pg_bool(args, whole);
}

/* The meaning of a calendar that the address gives while an upload is used instead: nothing new,
 * the same as before, or for a person to choose. */
static const struct pg_stmt *
write_beside_upload(struct fetch_job *job, const struct read_found *found, struct pg_args *args)
{
	char day[CIVIL_DAY_MAX];

	if (found->merge->nsuperseded + found->merge->nadded == 0)
		return apply(job, found, args);
	if (found->says_as_before) {
		fetch_add_good(job,
		    (struct slice){(const char *)job->ask.hash, sizeof job->ask.hash}, true, args);
		return &FEEDS_GOOD;
	}
	civil_day_text(civil_day_of(found->uploaded_at), day);
	job->held = true;
	return hold(job, found,
	    arena_printf(job->arena,
		"A calendar that was uploaded here on %s stands instead of the address, which gives another one now. "
		"Confirm it to follow the address again, or discard it to keep what was uploaded.%s%s",
		day, found->why != NULL ? " " : "", found->why != NULL ? found->why : ""),
	    args);
}

const struct pg_stmt *
fetch_write_found(void *ctx, const struct read_found *found, struct pg_args *args)
{
	struct fetch_job *job = ctx;
	bool fetched = job->state == FETCH_READ;

	/* Set again each time: after "again" the same body may be written by another statement. */
	*args = claimed_args(&job->feed);
	job->held = false;
	if (fetched && found->uploaded_at != INSTANT_NONE)
		return write_beside_upload(job, found, args);
	/* Bytes that were accepted once are not held again: only our own rules have changed. */
	job->held = fetched && !found->safe;
	return job->held ? hold(job, found, found->why, args) : apply(job, found, args);
}

void
fetch_log_written(const struct fetch_job *job, const struct read_end *end)
{
	const struct merge *merge = end->found->merge;

	if (strcmp(end->answer, "gone") == 0)
		log_event(LOG_WARN, "feed_claim_lost", LOG_STR("rota", job->feed.rota));
	else if (job->held || strcmp(end->answer, "held") == 0)
		log_event(LOG_WARN, "feed_held", LOG_STR("rota", job->feed.rota));
	else
		log_event(LOG_INFO, "feed_applied", LOG_STR("rota", job->feed.rota),
		    LOG_INT("added", (int64_t)merge->nadded),
		    LOG_INT("superseded", (int64_t)merge->nsuperseded));
}
