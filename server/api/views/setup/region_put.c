/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_put.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/region_diff.h"
#include "server/api/views/setup/region_reuse.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/base/vec.h"
#include "server/model/region_carry.h"

/*
 * PUT /v1/region, step by step. Each step is one call to the database:
 *   the set-up in force and the file before -> the differences, and which are in conflict
 *   decisions that would end with the file  -> more conflicts; each is kept, overwritten or refused
 *   the files of rotas (region_put_files.c) -> members of the answer
 *   codes that were used before             -> faults and warnings
 *   the deed, unless it is a dry run: region_put_deed.c
 */

/* A limit, not a reservation: a large region is read several times, and each reading stays until
 * the answer is out. */
#define REGION_ARENA_BYTES ((size_t)512 << 20)

void
region_put_drop(struct job *job)
{
	struct region_put *put = job->data;

	arena_free(put->arena);
	put->arena = NULL;
	snapshot_region_unref(put->setup);
	put->setup = NULL;
	region_shared_unref(put->before_shared);
	put->before_shared = NULL;
	region_shared_unref(put->patched);
	put->patched = NULL;
}

struct slice
region_put_before_document(struct region_put *put)
{
	if (put->before_document.at == NULL)
		put->before_document = region_shared_document(put->arena, put->before_shared);
	return put->before_document;
}

/* A set-up in force that a newer reader refuses must not block the file that repairs it: it is
 * compared with nothing. */
const struct region *
region_put_read_kept(struct job *job, struct slice document)
{
	struct region_put *put = job->data;
	const struct zonedb *zones = job->ask.api->tools.zones;
	struct region_faults faults = {0};
	const struct region *region = NULL;

	pulse_long(PULSE_LONG_SECONDS);
	if (region_read(put->arena, document, region_zones_of(zones), &region, &faults) !=
		STATUS_OK &&
	    region_read(put->arena, SLICE(REGION_PUT_NOTHING), region_zones_of(zones), &region,
		&faults) != STATUS_OK)
		fatal("could not read a region with nothing in it");
	return region;
}

enum status
region_put_read(struct job *job, struct slice document)
{
	struct region_put *put = job->data;
	const struct zonedb *zones = job->ask.api->tools.zones;

	put->document = document;
	pulse_long(PULSE_LONG_SECONDS);
	return region_read(
	    put->arena, document, region_zones_of(zones), &put->region, &put->faults);
}

/* ------------------------------------------------------------------------------- the last step */

/* Whether somebody sees the effect before it happens: in a dry run and in a proposal. */
static bool
must_show(const struct region_put *put)
{
	return put->dry_run || (put->object != NULL && put->object->proposal == 0 &&
				   put->object->second.verdict == SETUP_SECOND);
}

static void
end(struct job *job)
{
	const struct region_put *put = job->data;

	/* The dry run ends here, after every check that the deed makes before its transaction. */
	if (put->dry_run)
		region_put_reply(job, put->version, false);
	else if (put->object != NULL)
		setup_object_deed(job);
	else
		region_put_deed(job);
}

static void
on_tried(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	if (st == STATUS_REFUSED) {
		region_put_reply_faults(job, pg_rows_refusal(rows));
		return;
	}
	region_risks_take(put->arena, rows, &put->risks);
	end(job);
}

static void
finish(struct job *job)
{
	struct region_put *put = job->data;

	if (region_reuse_refuses(&put->faults)) {
		region_put_reply_faults(job, NULL);
		return;
	}
	/* The change is made without its effect: it is shown afterwards as unknown (null). A
	 * preview without it would promise that nothing happens. */
	if (!region_put_find_effect(job) && must_show(put)) {
		problem_reply_with(job->ask.exchange, 503,
		    "The set-up was changed a moment ago, and this process is still taking it up: "
		    "ask again.",
		    /* One second is how often the snapshot follows the database. */
		    &(struct problem_more){.extra = "Retry-After: 1\r\n"});
		job_end(job);
		return;
	}
	put->risks.known = must_show(put);
	if (!must_show(put) || !region_put_try(job, on_tried))
		end(job);
}

/* ------------------------------------------------------------------------------- objections */

static void
on_retired(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	(void)st;
	region_reuse_take(put->arena, &job->ask, rows, put->region, &put->faults);
	finish(job);
}

/* A code that the region in force does not have may have been the code of a place long ago. Only the record
 * knows that, so the database is asked. */
void
region_put_check_codes(struct job *job)
{
	struct region_put *put = job->data;
	struct region_pair pair = {put->before, put->region, put->version == 0};
	struct pg_args args = {0};

	/* Nothing that is patched has to do with the codes of places or with bank holidays. */
	if (put->patched != NULL) {
		finish(job);
		return;
	}
	region_reuse_check(put->arena, &job->ask, &pair, &put->faults);
	if (region_reuse_ask(&job->ask, &pair, &args))
		job_call(job, &API_PLACES_RETIRED, &args, on_retired);
	else
		finish(job);
}

/* ------------------------------------------------------------------------ what is in force */

static struct slice
kept_bytes(struct region_put *put, const struct pg_rows *rows, unsigned column)
{
	struct slice bytes = pg_get_bytes(rows, 0, column);

	return (struct slice){arena_strndup(put->arena, bytes.at, bytes.len), bytes.len};
}

void
region_put_ask_base(struct job *job, job_take_fn *take)
{
	struct region_put *put = job->data;
	struct pg_args args = {0};

	pg_text(&args, REGION_PUT_NOTHING);
	pg_null(&args);
	pg_null(&args);
	addresses_ask(put->arena, &put->addresses, &args);
	job_call(job, &API_REGION_BASE, &args, take);
}

void
region_put_take_base(struct job *job, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	put->before_document = SLICE(REGION_PUT_NOTHING);
	/* No version: nothing was ever put in force. */
	if (!pg_is_null(rows, 0, API_REGION_BASE_VERSION)) {
		put->version = pg_get_int(rows, 0, API_REGION_BASE_VERSION);
		put->before_document = kept_bytes(put, rows, API_REGION_BASE_DOCUMENT);
		put->at = pg_get_time(rows, 0, API_REGION_BASE_APPLIED_AT);
		put->begun = pg_get_time(rows, 0, API_REGION_BASE_BEGUN_AT);
		put->by = pg_copy_text(put->arena, rows, 0, API_REGION_BASE_APPLIED_BY);
	}
	put->before = region_put_read_kept(job, put->before_document);
}

static void
on_base(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;
	const struct region *filed = NULL;

	if (st == STATUS_REFUSED) {
		region_put_reply_faults(job, pg_rows_refusal(rows));
		return;
	}
	addresses_answered(put->arena, &put->addresses, rows, API_REGION_BASE_UNSEALED);
	region_put_take_base(job, rows);
	/* Judged by the version, not by what differs: the sender decided on the basis of what it
	 * saw. */
	if (put->seen != 0 && put->seen != put->version) {
		region_put_reply_changed(job,
		    /* The version that was seen may be older than what is kept, or never have been
		     * there: then the refusal lists no differences. */
		    pg_is_null(rows, 0, API_REGION_BASE_SEEN)
			? NULL
			: region_put_read_kept(job, kept_bytes(put, rows, API_REGION_BASE_SEEN)));
		return;
	}
	/* Former codes and names that the set-up has added to the file by itself are no change
	 * of anybody's: they are added to the base as well, else each would be a conflict. */
	if (!pg_is_null(rows, 0, API_REGION_BASE_BASE))
		filed = region_put_read_kept(
		    job, region_carry(
			     put->arena, kept_bytes(put, rows, API_REGION_BASE_BASE), put->before));
	region_put_compare(job, filed);
}

/* ------------------------------------------------------------------------------- the question */

/* "region-12" with quotes, as GET and PUT have given it; 0 if it is not given. */
static int64_t
read_if_match(struct ask *ask)
{
	struct slice header = slice_trim(web_header(ask->exchange, "if-match"));
	const char *text;
	char *end;
	long long version;

	/* "*" means any version (RFC 9110, 13.1.1), which is what a request without the header says
	 * here. */
	if (header.at == NULL || slice_is_nocase(header, "*"))
		return 0;
	text = arena_strndup(ask->arena, header.at, header.len);
	if (strncmp(text, "\"region-", 8) == 0) {
		version = strtoll(text + 8, &end, 10);
		if (version > 0 && strcmp(end, "\"") == 0)
			return version;
	}
	/* A tag of something else, or a weak one, matches no version: 412, and not a fault of
	 * its form. */
	return -1;
}

/* The file that was applied before is known by a digest of its path, chosen by the client: two
 * people with files of their own are compared each with his own. */
static const char *
read_origin(struct ask *ask)
{
	struct slice value;

	if (!web_query(ask->exchange, "file", &value))
		return NULL;
	for (size_t i = 0; i < value.len; i++)
		if (strchr("0123456789abcdef", value.at[i]) == NULL || value.len > 64) {
			ask_fault(ask, "query.file",
			    "must be 1 to 64 hexadecimal digits that stand for where the file is");
			return NULL;
		}
	return value.len == 0 ? NULL : arena_strndup(ask->arena, value.at, value.len);
}

bool
region_put_take_addresses(
    struct ask *ask, struct addresses_place place, struct slice *body, struct addresses *out)
{
	enum status st = addresses_take(&place, ask_json(ask), body, out);

	/* A region file of a country is of a hundred megabytes when parsed. */
	ask_json_drop(ask);
	if (st == STATUS_OK)
		return true;
	log_event(LOG_ERROR, "address_not_sealed", LOG_STR("path", place.path),
	    LOG_STR("fault", address_key_fault(st)));
	problem_reply(ask->exchange, 503,
	    "This server cannot keep a feed's address now: the key file that seals addresses (setting address_seal_key) "
	    "is missing or cannot be used. Nothing was changed; its administrator finds the reason in the log.");
	return false;
}

static void
begin(struct job *job)
{
	struct region_put *put = job->data;
	struct pg_args args = {0};

	/* The body is read before the database is asked: a file with faults costs no call. */
	put->arena = arena_new(REGION_ARENA_BYTES);
	job->drop = region_put_drop;
	put->sent = web_body(job->ask.exchange);
	if (!region_put_take_addresses(&job->ask,
		(struct addresses_place){put->arena, job->ask.api->address_seal_path, false, NULL},
		&put->sent, &put->addresses)) {
		job_end(job);
		return;
	}
	if (region_put_read(job, put->sent) != STATUS_OK) {
		region_put_reply_faults(job, NULL);
		return;
	}
	pg_slice(&args, put->document);
	pg_text(&args, put->origin);
	/* Asked for only to say what differs from what the sender saw; with -1 there is no such
	 * version. */
	if (put->seen > 0)
		pg_int8(&args, put->seen);
	else
		pg_null(&args);
	addresses_ask(put->arena, &put->addresses, &args);
	job_call(job, &API_REGION_BASE, &args, on_base);
}

void
view_region_put(struct ask *ask)
{
	struct region_put put = {0};
	struct slice value;
	struct job *job;

	ask_as_keeper(ask);
	put.dry_run = ask_yes(ask, "dry_run");
	put.keep = ask_yes(ask, "keep");
	put.origin = read_origin(ask);
	put.alone = ask_text(ask, "alone");
	if (put.alone != NULL && *put.alone == '\0')
		ask_fault(ask, "query.alone", "must say why");
	if (web_query(ask->exchange, "overwrite", &value))
		put.overwrite =
		    (struct slice){arena_strndup(ask->arena, value.at, value.len), value.len};
	put.seen = read_if_match(ask);
	if (web_body(ask->exchange).len == 0)
		ask_fault(ask, "$", "the body must be a region file");
	if (!ask_fine(ask))
		return;
	job = job_new(ask, sizeof put);
	*(struct region_put *)job->data = put;
	begin(job);
}
