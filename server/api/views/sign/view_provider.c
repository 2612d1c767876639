/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/etag.h"
#include "server/api/ask/job.h"
#include "server/api/ask/provider.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/model/merge_patch.h"

/*
 * One identity provider: GET, PUT, PATCH and DELETE, with the preconditions and the dry run of the
 * objects of the set-up. Its tag is that of its body.
 */

#define ID_MAX_BYTES 40

static const char none[] = "There is no identity provider with this id.";

struct changing {
	const char *id;
	bool remove, patch, dry_run;
	bool fresh;         /* If-None-Match: * */
	const char *seen;   /* of If-Match; NULL: not given */
	json_t *body;       /* as it was sent */
	json_t *was, *is;   /* in force, and as it is to be; NULL: there is none */
	const char *stored; /* ${was}, as the database wrote it */
	/* People who came through it, by organisation. */
	const char **organisations;
	const int64_t *linked, *asked;
	size_t norganisations;
};

static void
drop(struct job *job)
{
	struct changing *changing = job->more;

	json_decref(changing->body);
	json_decref(changing->was);
	json_decref(changing->is);
}

static const char *
id_of(struct ask *ask)
{
	struct slice text = web_param(ask->exchange, "id");
	const char *id = arena_strndup(ask->arena, text.at, text.len);

	if (text.len == 0 || text.len > ID_MAX_BYTES || *id == '-' ||
	    strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != text.len)
		ask_refuse(ask, 404,
		    "An identity provider's id has up to 40 small letters, digits and hyphens.");
	return id;
}

/* ----------------------------------------------------------------------------------------- GET */

static const char *
tag_of(struct arena *arena, const char *stored)
{
	char etag[ETAG_MAX];

	etag_of(stored, strlen(stored), etag);
	return arena_strdup(arena, etag);
}

static void
on_provider(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct web_answer answer;
	const char *body;

	(void)st;
	if (pg_rows_count(rows) == 0) {
		job_problem(job, 404, none);
		return;
	}
	body = arena_strdup(job->ask.arena, pg_get_text(rows, 0, API_PROVIDER_BODY));
	answer = etag_answer(tag_of(job->ask.arena, body));
	answer.body = slice_of(body);
	web_reply(job->ask.exchange, &answer);
	job_end(job);
}

void
view_provider(struct ask *ask)
{
	const char *id = id_of(ask);
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	pg_text(&args, id);
	job_call(job_new(ask, 0), &API_PROVIDER, &args, on_provider);
}

/* ---------------------------------------------------------------------------------- the answer */

static void
put_changes(struct json_out *out, const struct changing *changing)
{
	const char *key;
	json_t *value;

	out_array(out, "changes");
	json_object_foreach(changing->is, key, value)
	{
		if (!json_equal(value, json_object_get(changing->was, key)))
			out_text(out, NULL, key);
	}
	json_object_foreach(changing->was, key, value)
	{
		if (changing->is != NULL && json_object_get(changing->is, key) == NULL)
			out_text(out, NULL, key);
	}
	out_array_end(out);
}

static bool
speaks_for(const json_t *provider, const char *organisation)
{
	json_t *code;
	size_t i;

	json_array_foreach(json_object_get(provider, "organisations"), i, code)
	{
		if (strcmp(json_string_value(code), organisation) == 0)
			return true;
	}
	return false;
}

/* Who came through it and will not any more: with the provider they lose their links; of an
 * organisation that it does not speak for any more they keep them and cannot sign in. */
static void
put_effect(struct json_out *out, const struct changing *changing)
{
	out_object(out, "effect");
	out_array(out, "shut_out");
	for (size_t i = 0; i < changing->norganisations; i++) {
		if (speaks_for(changing->is, changing->organisations[i]))
			continue;
		out_object(out, NULL);
		out_text(out, "organisation", changing->organisations[i]);
		out_int(out, "linked", changing->linked[i]);
		out_int(out, "asked", changing->asked[i]);
		out_object_end(out);
	}
	out_array_end(out);
	out_object_end(out);
}

static void
reply(struct job *job)
{
	const struct changing *changing = job->more;
	char *text = changing->is != NULL ? json_dumps(changing->is, JSON_COMPACT) : NULL;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_text(&out, "id", changing->id);
	out_bool(&out, "applied",
	    !changing->dry_run &&
		!(changing->is != NULL && json_equal(changing->is, changing->was)));
	out_bool(&out, "dry_run", changing->dry_run);
	/* For If-Match of the deed, where this is its dry run. */
	out_text(&out, "was_etag",
	    changing->stored != NULL ? tag_of(job->ask.arena, changing->stored) : NULL);
	out_raw(&out, "provider", text != NULL ? slice_of(text) : (struct slice){0});
	put_changes(&out, changing);
	put_effect(&out, changing);
	out_object_end(&out);
	ask_reply_with(
	    &job->ask, !changing->dry_run && changing->was == NULL ? 201 : 200, &out, NULL);
	free(text);
	job_end(job);
}

/* ------------------------------------------------------------------------------------ the deed */

static void
on_done(struct job *job, const char *why)
{
	if (why == NULL) {
		reply(job);
		return;
	}
	if (strcmp(why, "changed") == 0)
		problem_reply(job->ask.exchange, 412,
		    "This identity provider was changed a moment ago; nothing was changed. Read it again.");
	else if (strcmp(why, "issuer") == 0)
		problem_reply(job->ask.exchange, 409, "Another identity provider has this issuer.");
	else
		problem_reply(job->ask.exchange, 409,
		    "People are linked or have asked through this provider, and with another issuer, preset, tenant or subject_claim their "
		    "subjects would mean others. Set the new one up under an id of its own, or remove this one first.");
	job_end(job);
}

static void
on_put(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	on_done(job, pg_get_text(rows, 0, API_PROVIDER_PUT_REFUSED));
}

static void
on_removed(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	on_done(job, pg_get_text(rows, 0, API_PROVIDER_REMOVE_REFUSED));
}

static void
do_it(struct job *job)
{
	const struct changing *changing = job->more;
	char *text = changing->is != NULL ? json_dumps(changing->is, JSON_COMPACT) : NULL;
	struct pg_args args = {0};

	if (changing->remove && changing->dry_run) {
		reply(job);
		return;
	}
	pg_text(&args, changing->id);
	if (!changing->remove)
		pg_text(&args, text);
	pg_text(&args, changing->stored);
	if (!changing->remove)
		pg_bool(&args, changing->dry_run);
	pg_text(&args, job->ask.account->name);
	if (changing->remove)
		job_write(job, &API_PROVIDER_REMOVE, &args, on_removed);
	else if (changing->dry_run)
		job_call(job, &API_PROVIDER_PUT, &args, on_put);
	else
		job_write(job, &API_PROVIDER_PUT, &args, on_put);
	free(text);
}

/* -------------------------------------------------------------------------------------- checks */

static void
on_fault(void *ctx, const char *path, const char *detail)
{
	ask_fault(ctx, path, "%s", detail);
}

static void
check_organisations(struct ask *ask, const struct provider *provider)
{
	for (uint32_t i = 0; i < provider->norganisations; i++)
		if (table_get(&ask->region->organisation_by_code, provider->organisations[i]) ==
		    TABLE_NONE)
			ask_fault(ask,
			    arena_printf(ask->arena, "$.organisations[%lu]", (unsigned long)i),
			    "is no organisation of this region");
}

/* False: answered. */
static bool
is_readable(struct job *job)
{
	const struct changing *changing = job->more;
	struct ask *ask = &job->ask;
	struct provider provider;

	if (changing->is == NULL)
		return true;
	if (provider_read(ask->arena, changing->is, on_fault, ask, &provider))
		check_organisations(ask, &provider);
	return job_fine(job);
}

/* The same conditions as of an object of the set-up (object_reply.c). False: answered. */
static bool
may(struct job *job, const struct pg_rows *rows)
{
	const struct changing *changing = job->more;
	char at[CIVIL_RFC3339_MAX];
	const char *tag;

	if (pg_rows_count(rows) == 0) {
		if (changing->remove || changing->patch)
			return job_problem(job, 404, none);
		return changing->seen == NULL ||
		       job_problem(
			   job, 412, "There is no identity provider with this id any more.");
	}
	if (changing->fresh)
		return job_problem(job, 412, "There is an identity provider with this id already.");
	if (changing->seen == NULL && !changing->dry_run)
		return job_problem(job, 428,
		    "Say what you have seen: If-Match with the ETag of the provider as you read it.");
	tag = tag_of(job->ask.arena, changing->stored);
	if (changing->seen == NULL || strcmp(changing->seen, tag) == 0)
		return true;
	civil_rfc3339(pg_get_time(rows, 0, API_PROVIDER_SET_AT), at);
	problem_reply_with(job->ask.exchange, 412,
	    arena_printf(job->ask.arena,
		"This identity provider was changed since you read it (by %s, %s); nothing was changed. Read it again, and change that.",
		pg_get_text(rows, 0, API_PROVIDER_SET_BY), at),
	    &(struct problem_more){.extra = arena_printf(job->ask.arena, "ETag: %s\r\n", tag)});
	job_end(job);
	return false;
}

static void
take(struct job *job, const struct pg_rows *rows)
{
	struct changing *changing = job->more;
	struct arena *arena = job->ask.arena;
	size_t count = pg_get_array_count(rows, 0, API_PROVIDER_ORGANISATIONS);
	int64_t *linked = arena_array(arena, count + 1, sizeof *linked);
	int64_t *asked = arena_array(arena, count + 1, sizeof *asked);

	changing->stored = arena_strdup(arena, pg_get_text(rows, 0, API_PROVIDER_BODY));
	changing->was = json_loads(changing->stored, 0, NULL);
	changing->organisations = arena_array(arena, count + 1, sizeof *changing->organisations);
	for (size_t i = 0; i < count; i++) {
		struct slice code = pg_get_array_text(rows, 0, API_PROVIDER_ORGANISATIONS, i);

		changing->organisations[i] = arena_strndup(arena, code.at, code.len);
		linked[i] = pg_get_array_int(rows, 0, API_PROVIDER_LINKED, i);
		asked[i] = pg_get_array_int(rows, 0, API_PROVIDER_ASKED, i);
	}
	changing->linked = linked;
	changing->asked = asked;
	changing->norganisations = count;
}

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct changing *changing = job->more;

	(void)st;
	if (pg_rows_count(rows) > 0)
		take(job, rows);
	if (!may(job, rows))
		return;
	if (!changing->remove)
		changing->is = changing->patch ? merge_patch(changing->was, changing->body)
					       : json_incref(changing->body);
	if (is_readable(job))
		do_it(job);
}

void
view_provider_change(struct ask *ask)
{
	bool remove = ask->route->method == WEB_DELETE;
	json_t *body = remove ? NULL : ask_body(ask, NULL);
	struct slice seen = slice_trim(web_header(ask->exchange, "if-match"));
	struct changing *changing = arena_alloc(ask->arena, sizeof *changing);
	struct pg_args args = {0};
	struct job *job;

	*changing = (struct changing){
	    .id = id_of(ask),
	    .remove = remove,
	    .patch = ask->route->method == WEB_PATCH,
	    .dry_run = ask_yes(ask, "dry_run"),
	    .fresh = slice_is(slice_trim(web_header(ask->exchange, "if-none-match")), "*"),
	    .seen = seen.at != NULL ? arena_strndup(ask->arena, seen.at, seen.len) : NULL,
	    .body = body,
	};
	if (!ask_fine(ask)) {
		json_decref(body);
		return;
	}
	pg_text(&args, changing->id);
	job = job_new(ask, 0);
	job->more = changing;
	job->drop = drop;
	job_call(job, &API_PROVIDER, &args, on_found);
}
