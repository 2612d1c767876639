/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/identity_door.h"
#include "server/api/ask/job.h"
#include "server/api/views/views.h"

/* Identity providers: which there are, for an administrator (view_provider.c changes one); and, for
 * somebody who is not signed in yet, their names and where to go. */

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
