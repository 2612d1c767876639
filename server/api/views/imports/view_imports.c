/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"

/* Uploads: sending a file, and the list. view_import.c shows a preview, view_import_decide.c has
 * the decisions about it. */

/* ---------------------------------------------------------------------------------- upload */

static void
on_added(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};
	int64_t id;

	if (st == STATUS_REFUSED) {
		/* The rota is gone; or its source is not the one that the sender named (`over`). */
		job_refuse(job, job->more != NULL ? 409 : 404, rows);
		return;
	}
	id = pg_get_int(rows, 0, API_IMPORT_ADD_ID);
	out_object(&out, NULL);
	out_int(&out, "id", id);
	out_text(&out, "state", "uploaded");
	out_object_end(&out);
	ask_reply_with(&job->ask, 202, &out,
	    arena_printf(job->ask.arena, "Location: /v1/imports/%lld\r\n", (long long)id));
	job_end(job);
}

/* "text/calendar" of "text/calendar; charset=utf-8"; NULL if it is none of the formats. By the
 * header alone: a guess by the content could read a roster as a calendar. */
static const char *
format_of(struct web_exchange *exchange)
{
	static const char *const formats[] = {"text/calendar", "text/csv",
	    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
	struct slice type = web_header(exchange, "content-type");
	const char *semicolon = type.at != NULL ? memchr(type.at, ';', type.len) : NULL;

	if (semicolon != NULL)
		type.len = (size_t)(semicolon - type.at);
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (type.at != NULL && slice_is_nocase(slice_trim(type), formats[i]))
			return formats[i];
	return NULL;
}

/* The mode's name in the record: the query has a dash where the record has an underscore. */
static const char *
read_mode(struct ask *ask)
{
	const char *choice = ask_choice(ask, "apply");

	if (strcmp(choice, "now") == 0 && !rights_has(ask->account, RIGHT_ADMINISTER))
		ask_refuse(
		    ask, 403, "Only an administrator may have a file applied without a preview.");
	return strcmp(choice, "if-safe") == 0 ? "if_safe" : choice;
}

/* "over": the SHA-256 of the file that this one replaces, "none" for no file. False: it is not
 * given. It is for tools that send a file again: they may replace only the file that they know
 * (server/README.md, "The set-up, applied again"). */
static bool
read_over(struct ask *ask, struct slice *hex)
{
	if (!web_query(ask->exchange, "over", hex))
		return false;
	if (slice_is_nocase(*hex, "none"))
		hex->len = 0;
	else if (hex->len != 64 ||
		 strspn(arena_strndup(ask->arena, hex->at, hex->len), "0123456789abcdef") != 64)
		ask_fault(ask, "query.over", "must be a SHA-256 in hexadecimal, or none");
	return true;
}

static void
send_over(struct pg_args *args, struct slice hex)
{
	uint8_t sha256[crypto_hash_sha256_BYTES];

	if (sodium_hex2bin(sha256, sizeof sha256, hex.at, hex.len, NULL, NULL, NULL) == 0 &&
	    hex.len > 0)
		pg_bytea(args, sha256, sizeof sha256);
	else
		pg_bytea(args, NULL, 0);
}

/* ------------------------------------------------------------------------- for several rotas */

/* Several rotas may read one grid, each its own part of it: the file is sent once, and each has a preview of its
 * own. */
struct also {
	VEC(uint32_t) rotas; /* the first is the one of the path */
};

static void
add_also(struct ask *ask, struct also *also, struct slice id)
{
	const char *text = arena_strndup(ask->arena, id.at, id.len);
	uint32_t rota = table_get(&ask->region->rota_by_id, text);
	const struct region_rota *first = &ask->region->rotas[also->rotas.items[0]];

	if (rota == TABLE_NONE || ask->region->rotas[rota].organisation != first->organisation)
		ask_fault(ask, "query.also", "\"%s\" is no rota of the same organisation", text);
	else if (ask->region->rotas[rota].grid.layout == NULL)
		ask_fault(ask, "query.also", "the rota \"%s\" reads no grid (reading.grid)", text);
	else if (!rights_change_rota(ask->region, ask->account, rota))
		ask_refuse(ask, 403, ASK_OTHERS_ROTA);
	else
		*VEC_PUSH(ask->arena, &also->rotas) = rota;
}

/* "all": every rota of the organisation that is filled by files and reads a grid. */
static void
add_all(struct ask *ask, struct also *also)
{
	uint32_t first = also->rotas.items[0];

	for (uint32_t i = 0; i < ask->region->nrotas; i++) {
		const struct region_rota *rota = &ask->region->rotas[i];

		if (i != first && rota->grid.layout != NULL &&
		    rota->organisation == ask->region->rotas[first].organisation &&
		    rota->source == REGION_SOURCE_FILE &&
		    rights_change_rota(ask->region, ask->account, i))
			*VEC_PUSH(ask->arena, &also->rotas) = i;
	}
}

static bool
is_twice(const struct also *also)
{
	for (size_t i = 0; i < also->rotas.count; i++)
		for (size_t j = 0; j < i; j++)
			if (also->rotas.items[i] == also->rotas.items[j])
				return true;
	return false;
}

/* "also": the ids of rotas, with commas between them. False: it is not given. */
static bool
read_also(struct ask *ask, uint32_t rota, struct also *also)
{
	struct slice list;

	if (!web_query(ask->exchange, "also", &list))
		return false;
	*VEC_PUSH(ask->arena, &also->rotas) = rota;
	if (slice_is_nocase(list, "all")) {
		add_all(ask, also);
		return true;
	}
	while (list.len > 0) {
		const char *comma = memchr(list.at, ',', list.len);
		size_t len = comma != NULL ? (size_t)(comma - list.at) : list.len;

		add_also(ask, also, (struct slice){list.at, len});
		len += comma != NULL;
		list = (struct slice){list.at + len, list.len - len};
	}
	if (is_twice(also))
		ask_fault(ask, "query.also", "has a rota twice");
	return true;
}

static void
on_added_all(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 404, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_IMPORT_ADD_ALL_ID));
	out_text(&out, "state", "uploaded");
	out_array(&out, "also");
	for (size_t i = 1; i < pg_rows_count(rows); i++) {
		out_object(&out, NULL);
		out_text(&out, "rota", pg_get_text(rows, i, API_IMPORT_ADD_ALL_ROTA));
		out_int(&out, "id", pg_get_int(rows, i, API_IMPORT_ADD_ALL_ID));
		out_object_end(&out);
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply_with(&job->ask, 202, &out,
	    arena_printf(job->ask.arena, "Location: /v1/imports/%lld\r\n",
		(long long)pg_get_int(rows, 0, API_IMPORT_ADD_ALL_ID)));
	job_end(job);
}

/* ------------------------------------------------------------------------------------ the call */

static void
send_rotas(struct pg_args *args, struct ask *ask, const struct also *also)
{
	const char **ids = arena_array(ask->arena, also->rotas.count, sizeof *ids);

	for (size_t i = 0; i < also->rotas.count; i++)
		ids[i] = ask->region->rotas[also->rotas.items[i]].id;
	pg_text_array(args, ids, also->rotas.count);
}

/* Nothing is read here: the body is stored, and the feeds role has it read by a sandboxed
 * reader. */
void
view_import_upload(struct ask *ask)
{
	struct slice body = web_body(ask->exchange), over = {0};
	uint8_t sha256[crypto_hash_sha256_BYTES];
	struct pg_args args = {0};
	const char *format = format_of(ask->exchange), *mode;
	uint32_t rota;
	struct also also = {0};
	struct job *job;
	bool is_over, is_also;

	is_over = read_over(ask, &over);
	rota = ask_rota_changed(ask, "id");
	mode = read_mode(ask);
	is_also = rota != REGION_NONE && read_also(ask, rota, &also);
	if (is_also && is_over)
		ask_fault(ask, "query.also", "does not go with over, which is about one rota");
	if (format == NULL)
		ask_refuse(ask, 415,
		    "Send text/calendar (.ics), text/csv (a roster), or a workbook (.xlsx: "
		    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet).");
	else if (body.len == 0)
		ask_fault(ask, "$", "the file is empty");
	if (!ask_fine(ask))
		return;
	crypto_hash_sha256(sha256, (const uint8_t *)body.at, body.len);
	if (is_also)
		send_rotas(&args, ask, &also);
	else
		pg_text(&args, ask->region->rotas[rota].id);
	pg_text(&args, ask->account->name);
	pg_text(&args, format);
	pg_text(&args, mode);
	pg_bytea(&args, sha256, sizeof sha256);
	pg_bytea(&args, body.at, body.len);
	job = job_new(ask, 0);
	if (is_over)
		send_over(&args, over);
	/* on_added() needs only to know whether `over` was given. */
	job->more = is_over ? job->data : NULL;
	if (is_also)
		job_write(job, &API_IMPORT_ADD_ALL, &args, on_added_all);
	else
		job_write(job, is_over ? &API_IMPORT_ADD_OVER : &API_IMPORT_ADD, &args, on_added);
}

/* ------------------------------------------------------------------------------------ list */

static void
put_import(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_IMPORTS_ID));
	out_text(out, "rota", pg_get_text(rows, row, API_IMPORTS_ROTA));
	out_text(out, "by", pg_get_text(rows, row, API_IMPORTS_BY_ACCOUNT));
	out_text(out, "format", pg_get_text(rows, row, API_IMPORTS_FORMAT));
	out_text(out, "mode", pg_get_text(rows, row, API_IMPORTS_MODE));
	out_text(out, "state", pg_get_text(rows, row, API_IMPORTS_STATE));
	out_time(out, "uploaded_at", pg_get_time(rows, row, API_IMPORTS_UPLOADED_AT));
	if (pg_is_null(rows, row, API_IMPORTS_SAFE))
		out_null(out, "safe");
	else
		out_bool(out, "safe", pg_get_bool(rows, row, API_IMPORTS_SAFE));
	out_text(out, "why", pg_get_text(rows, row, API_IMPORTS_WHY));
	out_time(
	    out, "decided_at", pg_get_time_or(rows, row, API_IMPORTS_DECIDED_AT, INSTANT_NEVER));
	out_text(out, "decided_by", pg_get_text(rows, row, API_IMPORTS_DECIDED_BY));
	out_object_end(out);
}

static bool
may_see(const struct ask *ask, const char *rota)
{
	uint32_t index = table_get(&ask->region->rota_by_id, rota);

	if (rights_reviews_rota(ask->region, ask->account, index))
		return true;
	return index != TABLE_NONE && rights_change_rota(ask->region, ask->account, index);
}

/* An account sees the imports of its own rotas, so a page may have fewer than its limit. */
static void
on_imports(struct job *job, enum status st, const struct pg_rows *rows)
{
	uint32_t limit = *(const uint32_t *)job->data;
	size_t count = pg_rows_count(rows), shown = count < limit ? count : limit;
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "imports");
	for (size_t i = 0; i < shown; i++)
		if (may_see(&job->ask, pg_get_text(rows, i, API_IMPORTS_ROTA)))
			put_import(&out, rows, i);
	out_array_end(&out);
	out_text(&out, "next_cursor",
	    shown < count ? arena_printf(job->ask.arena, "%lld",
				(long long)pg_get_int(rows, shown - 1, API_IMPORTS_ID))
			  : NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_imports(struct ask *ask)
{
	struct pg_args args = {0};
	struct ask_page page;
	struct job *job;
	uint32_t rota;
	int64_t before = INT64_MAX;

	if (!rights_has(ask->account, RIGHT_CHANGE) && !rights_has(ask->account, RIGHT_REVIEW))
		ask_refuse(ask, 403, "This account's role does not allow that.");
	rota = ask_rota(ask);
	page = ask_page(ask);
	if (page.cursor != NULL && !text_int(slice_of(page.cursor), 1, INT64_MAX, &before))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
	if (!ask_fine(ask))
		return;
	pg_text(&args, rota == REGION_NONE ? NULL : ask->region->rotas[rota].id);
	pg_int8(&args, before);
	/* One more than is shown: only then is there a next page. */
	pg_int8(&args, (int64_t)page.limit + 1);
	job = job_new(ask, sizeof(uint32_t));
	*(uint32_t *)job->data = page.limit;
	job_call(job, &API_IMPORTS, &args, on_imports);
}
