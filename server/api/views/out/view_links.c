/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_links.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/ask/token.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* Secret links: which there are, a new one, and the end of one. Who answers for a thing sees, makes and revokes the
 * links to it, also those that somebody else has made. */

#define NOTE_MAX_BYTES 200
#define EXPIRES_MAX_BYTES 40
#define DAY_SECONDS 86400
/* Unless the request says otherwise. A link does not live for more: nobody knows any more who has one that
 * is older. */
#define EXPIRES_SECONDS (365 * (int64_t)DAY_SECONDS)
#define EXPIRES_MOST_SECONDS (400 * (int64_t)DAY_SECONDS)

static const char none[] = "There is no link with this id to a thing that you answer for.";

/* What a link is to, as requests and answers name it, and the path of its calendar or page before and after its code. */
static const struct {
	const char *member, *before, *after;
} kinds[LINK_KINDS] = {
    [LINK_ROTA] = {"rota", "/v1/rotas/", ".ics?key="},
    [LINK_SERVICE] = {"service", "/v1/services/", ".ics?key="},
    [LINK_PERSON] = {"person", "/v1/people/", ".ics?key="},
    [LINK_GAPS] = {"gaps_of_place", "/v1/gaps.ics?place=", "&key="},
    [LINK_CLOSING] = {"closing_of", "/closed/", "?key="},
    [LINK_NAVIGATOR] = {"closing_of_navigator", "/closed-navigator/", "?key="},
};

/* ------------------------------------------------------------------------------------- list */

/* The code of ${thing} as the asker may know it. */
static const char *
shown_code(const struct region *region, enum link_kind kind, uint32_t thing)
{
	if (kind == LINK_PERSON)
		return region_person(region, thing)->shown_id;
	return rights_link_code(region, kind, thing);
}

static void
put_of(struct json_out *out, const struct region *region, enum link_kind kind, const char *code)
{
	uint32_t thing = rights_link_thing(region, kind, code);

	out_object(out, "of");
	/* A thing that has left the set-up has the code that it had. */
	out_text(
	    out, kinds[kind].member, thing == REGION_NONE ? code : shown_code(region, kind, thing));
	out_object_end(out);
}

static void
put_link(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	enum link_kind kind = LINK_NONE;

	link_kind_of(pg_get_text(rows, row, API_LINKS_KIND), &kind);
	out_object(out, NULL);
	out_text(out, "id", pg_get_text(rows, row, API_LINKS_ID));
	put_of(out, ask->region, kind, pg_get_text(rows, row, API_LINKS_OF));
	out_bool(out, "names", pg_get_bool(rows, row, API_LINKS_NAMES));
	out_text(out, "note", ask_shown_text(ask, pg_get_text(rows, row, API_LINKS_NOTE)));
	out_text(out, "made_by", pg_get_text(rows, row, API_LINKS_ACCOUNT));
	out_time(out, "made_at", pg_get_time(rows, row, API_LINKS_MADE_AT));
	out_time(out, "expires_at", pg_get_time(rows, row, API_LINKS_EXPIRES_AT));
	out_bool(out, "expired", pg_get_time(rows, row, API_LINKS_EXPIRES_AT) <= ask->now);
	out_time(out, "used_at", pg_get_time_or(rows, row, API_LINKS_USED_AT, INSTANT_NEVER));
	out_object_end(out);
}

/* Whether the asker answers for the thing of the link of this row. */
static bool
is_ours(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	enum link_kind kind;

	if (!link_kind_of(pg_get_text(rows, row, API_LINKS_KIND), &kind))
		return false;
	return rights_link(ask->region, ask->account, kind,
	    rights_link_thing(ask->region, kind, pg_get_text(rows, row, API_LINKS_OF)));
}

/* The row after the one that the cursor names. */
static size_t
after_cursor(const struct pg_rows *rows, const char *cursor)
{
	for (size_t i = 0; cursor != NULL && i < pg_rows_count(rows); i++)
		if (strcmp(pg_get_text(rows, i, API_LINKS_ID), cursor) == 0)
			return i + 1;
	/* One that was revoked since: from the beginning, so that none is left out. */
	return 0;
}

static void
on_listed(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask_page *page = job->data;
	size_t i = after_cursor(rows, page->cursor), count = pg_rows_count(rows);
	struct json_out out = {0};
	const char *last = NULL;
	uint32_t shown = 0;

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "links");
	for (; i < count && shown < page->limit; i++) {
		if (!is_ours(&job->ask, rows, i))
			continue;
		put_link(&out, &job->ask, rows, i);
		last = pg_get_text(rows, i, API_LINKS_ID);
		shown++;
	}
	out_array_end(&out);
	out_text(&out, "next_cursor", i < count ? last : NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_links(struct ask *ask)
{
	struct ask_page page = ask_page(ask);
	struct pg_args args = {0};
	struct job *job;

	if (page.cursor != NULL && !token_id_valid(slice_of(page.cursor)))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
	if (!ask_fine(ask))
		return;
	job = job_new(ask, sizeof page);
	*(struct ask_page *)job->data = page;
	job_call(job, &API_LINKS, &args, on_listed);
}

/* ------------------------------------------------------------------------------------- make */

struct making {
	struct token_made key;
	enum link_kind kind;
	const char *code, *shown, *note;
	bool names;
	int64_t expires_at;
};

/* The secret is in the job's memory until the answer is out. */
static void
wipe(struct job *job)
{
	token_wipe(&((struct making *)job->data)->key);
}

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct making *making = job->data;
	struct json_out out = {0};

	(void)st;
	if (!pg_get_bool(rows, 0, API_LINK_ADD_ADDED)) {
		job_problem(job, 409, "Your account has ended meanwhile.");
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "id", making->key.id);
	put_of(&out, job->ask.region, making->kind, making->code);
	out_bool(&out, "names", making->names);
	out_text(&out, "note", making->note);
	out_time(&out, "expires_at", making->expires_at);
	/* The only time that the secret is shown: the database has its SHA-256 alone. */
	out_text(&out, "key", making->key.text);
	out_text(&out, "path",
	    arena_printf(job->ask.arena, "%s%s%s%s", kinds[making->kind].before, making->shown,
		kinds[making->kind].after, making->key.text));
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

/* "of": an object with one member, which says the kind and the code. */
static void
read_of(struct ask *ask, const json_t *body, struct making *making)
{
	const json_t *of = json_object_get(body, "of"), *code = NULL;
	uint32_t thing;

	for (int kind = LINK_NONE + 1; kind < LINK_KINDS; kind++)
		if (json_object_get(of, kinds[kind].member) != NULL) {
			making->kind = (enum link_kind)kind;
			code = json_object_get(of, kinds[kind].member);
		}
	if (json_object_size(of) != 1 || !json_is_string(code)) {
		ask_fault(ask, "$.of",
		    "is not an object with the code of one thing, as \"rota\", \"service\", \"person\", \"gaps_of_place\", \"closing_of\" or \"closing_of_navigator\"");
		return;
	}
	/* An id by which somebody is known here who is withheld from the asker names nobody. */
	thing = making->kind == LINK_PERSON
		    ? ask_person(ask, json_string_value(code))
		    : rights_link_thing(ask->region, making->kind, json_string_value(code));
	/* A thing of which the asker may not know is none. */
	if (thing == REGION_NONE || !rights_link(ask->region, ask->account, making->kind, thing)) {
		ask_refuse(ask, 403, "There is no such thing that you answer for: %s \"%.64s\".",
		    kinds[making->kind].member, json_string_value(code));
		return;
	}
	making->code = rights_link_code(ask->region, making->kind, thing);
	making->shown = shown_code(ask->region, making->kind, thing);
}

static void
read_names(struct ask *ask, const json_t *body, struct making *making)
{
	const json_t *names = json_object_get(body, "names");

	if (names != NULL && !json_is_boolean(names))
		ask_fault(ask, "$.names", "is neither true nor false");
	making->names = json_is_true(names);
	/* No gap names anybody, nor does the page of a closing. A wish that has no effect is refused. */
	if (making->names && (making->kind == LINK_GAPS || making->kind == LINK_CLOSING ||
				 making->kind == LINK_NAVIGATOR))
		ask_fault(ask, "$.names",
		    "is of calendars that name people: gaps and closings name nobody");
}

static int64_t
read_expiry(struct ask *ask, const json_t *body)
{
	int64_t expires_at =
	    ask_body_time(ask, body, "expires_at", ASK_OPTIONAL, ask->now + EXPIRES_SECONDS);

	if (expires_at <= ask->now || expires_at > ask->now + EXPIRES_MOST_SECONDS)
		ask_fault(
		    ask, "$.expires_at", "is not a time in the future, at most 400 days from now");
	return expires_at;
}

static void
add(struct ask *ask, struct making *making)
{
	struct pg_args args = {0};
	struct job *job;

	token_make_link(&making->key);
	pg_text(&args, ask->account->name);
	pg_text(&args, making->key.id);
	pg_bytea(&args, making->key.sha256, sizeof making->key.sha256);
	pg_time(&args, making->expires_at);
	pg_text(&args, link_kind_name(making->kind));
	pg_text(&args, making->code);
	pg_bool(&args, making->names);
	pg_text(&args, making->note);
	job = job_new(ask, sizeof *making);
	*(struct making *)job->data = *making;
	token_wipe(&making->key);
	job->drop = wipe;
	job_write(job, &API_LINK_ADD, &args, on_made);
}

void
view_link_make(struct ask *ask)
{
	static const char *const members[] = {"of", "names", "note", "expires_at", NULL};
	struct making making = {0};
	json_t *body = ask_body(ask, members);

	read_of(ask, body, &making);
	read_names(ask, body, &making);
	making.note = ask_body_text(ask, body, "note", NOTE_MAX_BYTES, ASK_OPTIONAL);
	/* The table has no empty note. */
	if (making.note != NULL && making.note[0] == '\0')
		making.note = NULL;
	making.expires_at = read_expiry(ask, body);
	json_decref(body);
	if (ask_fine(ask))
		add(ask, &making);
}

/* ----------------------------------------------------------------------------------- revoke */

static void
on_revoked(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_LINK_REVOKE_REVOKED))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 404, none);
	job_end(job);
}

/* The rights follow from the thing, which stands in the row: read first, then written. Also a link that has expired
 * is found. */
static void
on_rows(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct pg_args args = {0};
	const char *id = job->data;

	(void)st;
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		if (strcmp(pg_get_text(rows, i, API_LINKS_ID), id) != 0 ||
		    !is_ours(&job->ask, rows, i))
			continue;
		pg_text(&args, id);
		pg_text(&args, job->ask.account->name);
		job_write(job, &API_LINK_REVOKE, &args, on_revoked);
		return;
	}
	job_problem(job, 404, none);
}

void
view_link_revoke(struct ask *ask)
{
	struct slice id = web_param(ask->exchange, "id");
	struct pg_args args = {0};
	struct job *job;

	if (!token_id_valid(id))
		ask_refuse(ask, 404, "%s", none);
	if (!ask_fine(ask))
		return;
	job = job_new(ask, 0);
	job->data = arena_strndup(job->ask.arena, id.at, id.len);
	job_call(job, &API_LINKS, &args, on_rows);
}
