/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/* GET /v1/audit and /v1/audit/head: the audit and the end of its chain, for auditors and
 * administrators. Each row has the text that was hashed, so that the reader can compute the chain
 * again. */

#define AUDIT_LIMIT_MAX 1000

struct asked {
	int64_t after, limit;
	struct json_out out;
};

static void
drop(struct job *job)
{
	out_free(&((struct asked *)job->data)->out);
}

static void
put_head(struct json_out *out, const struct pg_rows *rows)
{
	out_object(out, "head");
	out_int(out, "seq", pg_get_int(rows, 0, API_AUDIT_HEAD_SEQ));
	out_text(out, "hash", pg_get_text(rows, 0, API_AUDIT_HEAD_HASH));
	out_time(out, "at", pg_get_time(rows, 0, API_AUDIT_HEAD_AT));
	out_object_end(out);
	out_object(out, "begins_after");
	out_int(out, "seq", pg_get_int(rows, 0, API_AUDIT_HEAD_BASE_SEQ));
	out_text(out, "hash", pg_get_text(rows, 0, API_AUDIT_HEAD_BASE_HASH));
	out_object_end(out);
	out_int(out, "unchained", pg_get_int(rows, 0, API_AUDIT_HEAD_OUTSIDE));
}

/* Whether a code that a row names is of the asker's places. */
static bool
is_code_own(const struct ask *ask, const char *code)
{
	const struct region *region = ask->region;
	uint32_t place = table_get(&region->place_by_code, code);
	uint32_t rota = table_get(&region->rota_by_id, code);

	return (place != TABLE_NONE && rights_place(region, ask->account, place)) ||
	       (rota != TABLE_NONE && rights_rota(region, ask->account, rota));
}

/* A row that tells who a protected person is is shown to the person's organisation only: its text
 * must stay whole, or be left out, for the chain to be worked out again. An auditor who is kept to
 * some places reads the rows that name one of them, or a rota that serves one, as their object or in
 * their detail; rows whose place is not known are not shown. */
static bool
is_shown(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	static const char *const keys[] = {"place", "rota"};
	const char *object = pg_get_text(rows, row, API_AUDIT_OBJECT);
	struct slice text = pg_get_bytes(rows, row, API_AUDIT_DETAIL);
	const char *slash = strchr(object, '/');
	json_t *detail;
	bool shown;

	if (ask_tells(ask, pg_get_bytes(rows, row, API_AUDIT_HASHED)) ||
	    ask_tells_in_json(ask, text))
		return false;
	/* An account without places is for the whole region. */
	if (ask->account->nplaces == 0)
		return true;
	shown = (slash == NULL || strncmp(object, "place/", 6) == 0 ||
		    strncmp(object, "rota/", 5) == 0) &&
		is_code_own(ask, slash == NULL ? object : slash + 1);
	detail = text.at == NULL ? NULL : json_loadb(text.at, text.len, 0, NULL);
	for (size_t i = 0; i < sizeof keys / sizeof *keys && !shown; i++) {
		const char *code = json_string_value(json_object_get(detail, keys[i]));

		shown = code != NULL && is_code_own(ask, code);
	}
	json_decref(detail);
	return shown;
}

/* What the digest is of. Of a row of which something was erased it is gone: the row shows what was put in its
 * place. */
static void
put_proof(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	if (pg_get_text(rows, row, API_AUDIT_SALT) == NULL) {
		out_time(out, "erased_at", pg_get_time(rows, row, API_AUDIT_ERASED_AT));
		return;
	}
	out_text(out, "salt", pg_get_text(rows, row, API_AUDIT_SALT));
	out_text(out, "row", pg_get_text(rows, row, API_AUDIT_HASHED));
}

/* This request is an entry of the audit itself, added after the page was read. */
static void
on_rows(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out *out = &((struct asked *)job->data)->out;

	(void)st;
	out_array(out, "rows");
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		out_object(out, NULL);
		out_int(out, "seq", pg_get_int(rows, i, API_AUDIT_SEQ));
		out_text(out, "at", pg_get_text(rows, i, API_AUDIT_AT));
		out_text(out, "added_at", pg_get_text(rows, i, API_AUDIT_ADDED_AT));
		out_text(out, "prev", pg_get_text(rows, i, API_AUDIT_PREV_HASH));
		out_text(out, "hash", pg_get_text(rows, i, API_AUDIT_HASH));
		out_text(out, "digest", pg_get_text(rows, i, API_AUDIT_DIGEST));
		/* A withheld row keeps its digest: without it the reader could not check the chain
		 * across it. Without the salt nobody can try what the row says. */
		if (!is_shown(&job->ask, rows, i)) {
			out_bool(out, "withheld", true);
			out_object_end(out);
			continue;
		}
		out_text(out, "actor", pg_get_text(rows, i, API_AUDIT_ACTOR));
		out_text(out, "action", pg_get_text(rows, i, API_AUDIT_ACTION));
		out_text(out, "object", pg_get_text(rows, i, API_AUDIT_OBJECT));
		out_raw(out, "detail", pg_get_bytes(rows, i, API_AUDIT_DETAIL));
		put_proof(out, rows, i);
		out_object_end(out);
	}
	out_array_end(out);
	out_object_end(out);
	ask_reply(&job->ask, out);
	/* Reading the audit is an event of the audit: rows name accounts and objects. */
	ask_read(&job->ask, READ_AUDIT, NULL, NULL, INSTANT_NONE);
	job_end(job);
}

/* The end is asked for first: a row that is added in between is one more than the head says, and
 * never one that seems to be missing. */
static void
on_head(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct asked *asked = job->data;
	struct pg_args args = {0};

	(void)st;
	out_object(&asked->out, NULL);
	put_head(&asked->out, rows);
	pg_int8(&args, asked->after);
	pg_int8(&args, asked->limit);
	job_call(job, &API_AUDIT, &args, on_rows);
}

void
view_audit(struct ask *ask)
{
	struct pg_args args = {0};
	struct job *job;
	int64_t after, limit;

	after = ask_number(ask, "after");
	limit = ask_number(ask, "limit");
	if (!ask_fine(ask))
		return;
	job = job_new(ask, sizeof(struct asked));
	*(struct asked *)job->data = (struct asked){.after = after, .limit = limit};
	job->drop = drop;
	pg_int8(&args, 0);
	job_call(job, &API_AUDIT_HEAD, &args, on_head);
}

static void
on_head_alone(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	put_head(&out, rows);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_audit_head(struct ask *ask)
{
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	pg_int8(&args, 0);
	job_call(job_new(ask, 0), &API_AUDIT_HEAD, &args, on_head_alone);
}
