/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/identity_door.h"
#include "server/api/ask/job.h"
#include "server/api/ask/provider.h"
#include "server/api/views/views.h"

/* Identity providers: which there are, kept by an administrator; and, for somebody who is not signed
 * in yet, their names and where to go. */

#define ID_MAX_BYTES 40

/* ------------------------------------------------------------------------------------- list */

static void
on_providers(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "providers");
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		out_object(&out, NULL);
		out_text(&out, "id", pg_get_text(rows, i, API_PROVIDERS_ID));
		out_raw(&out, "provider", slice_of(pg_get_text(rows, i, API_PROVIDERS_BODY)));
		out_time(&out, "set_at", pg_get_time(rows, i, API_PROVIDERS_SET_AT));
		out_text(&out, "set_by", pg_get_text(rows, i, API_PROVIDERS_SET_BY));
		out_object_end(&out);
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_providers(struct ask *ask)
{
	struct pg_args args = {0};

	if (ask_fine(ask))
		job_call(job_new(ask, 0), &API_PROVIDERS, &args, on_providers);
}

/* Where the proxy begins with a provider: its own call, with the issuer. */
static void
put_way_in(struct json_out *out, const char *issuer)
{
	struct buf path = {0};

	buf_add_text(&path, IDENTITY_PATH "/callback?iss=");
	buf_add_encoded(&path, issuer);
	out_slice(out, "sign_in", (struct slice){path.at, path.len});
	buf_free(&path);
}

static void
on_choice(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct ask *ask = &job->ask;
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "providers");
	/* Without the proxy's socket there is no way in. */
	for (size_t i = 0; ask->api->has_providers && i < pg_rows_count(rows); i++) {
		const char *id = pg_get_text(rows, i, API_PROVIDER_CHOICE_ID);

		out_object(&out, NULL);
		out_text(&out, "id", id);
		out_text(&out, "name", pg_get_text(rows, i, API_PROVIDER_CHOICE_NAME));
		put_way_in(&out, pg_get_text(rows, i, API_PROVIDER_CHOICE_ISSUER));
		out_text(&out, "up", arena_printf(ask->arena, IDENTITY_PATH "/up/%s", id));
		out_object_end(&out);
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(ask, &out);
	job_end(job);
}

void
view_sign_in_providers(struct ask *ask)
{
	struct pg_args args = {0};

	if (ask_fine(ask))
		job_call(job_new(ask, 0), &API_PROVIDER_CHOICE, &args, on_choice);
}

/* ----------------------------------------------------------------------------- set and remove */

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

static void
on_put(struct job *job, enum status st, const struct pg_rows *rows)
{
	const char *why = pg_get_text(rows, 0, API_PROVIDER_PUT_REFUSED);

	(void)st;
	if (why == NULL)
		ask_reply_nothing(&job->ask, NULL);
	else if (strcmp(why, "issuer") == 0)
		problem_reply(job->ask.exchange, 409, "Another identity provider has this issuer.");
	else
		problem_reply(job->ask.exchange, 409,
		    "People are linked or have asked through this provider, and with another issuer, preset, tenant or subject_claim their "
		    "subjects would mean others. Set the new one up under an id of its own, or remove this one first.");
	job_end(job);
}

void
view_provider_put(struct ask *ask)
{
	json_t *body = ask_body(ask, NULL);
	const char *id = id_of(ask);
	struct provider provider;
	struct pg_args args = {0};
	char *text;

	if (body != NULL && provider_read(ask->arena, body, on_fault, ask, &provider))
		check_organisations(ask, &provider);
	text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(body);
	if (ask_fine(ask)) {
		pg_text(&args, id);
		pg_text(&args, text);
		pg_text(&args, ask->account->name);
		job_write(job_new(ask, 0), &API_PROVIDER_PUT, &args, on_put);
	}
	free(text);
}

static void
on_removed(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_PROVIDER_REMOVE_REMOVED))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(
		    job->ask.exchange, 404, "There is no identity provider with this id.");
	job_end(job);
}

void
view_provider_remove(struct ask *ask)
{
	const char *id = id_of(ask);
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	pg_text(&args, id);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_PROVIDER_REMOVE, &args, on_removed);
}
