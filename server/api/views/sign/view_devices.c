/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/device_code.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/ask/token.h"
#include "server/api/views/views.h"

/* The devices of a place: added with a code, listed, and removed, by those who keep the place. */

#define LABEL_MAX_BYTES 100
/* Long enough to walk to the ward and type it; a note of it that is found later is worthless. */
#define CODE_SECONDS 600
#define NAME_BEGINS "device-"

struct adding {
	char code[DEVICE_CODE_TEXT_LEN + 1];
	char account[sizeof NAME_BEGINS + TOKEN_ID_LEN];
	int64_t expires_at;
};

/* The code signs a device in, so it is wiped from memory as a password is. */
static void
wipe(struct job *job)
{
	sodium_memzero(((struct adding *)job->data)->code, DEVICE_CODE_TEXT_LEN);
}

/* The code of the place in the path, if the account keeps it. Faults are noted, and NULL is
 * returned. */
static const char *
kept_place(struct ask *ask)
{
	uint32_t place = ask_place_named(ask, web_param(ask->exchange, "code"));
	const char *code = place == REGION_NONE ? NULL : ask->region->places[place].code;

	if (code != NULL &&
	    !rights_setup_keeps(ask->region, ask->account, region_kind_of("place"), code))
		ask_refuse(ask, 403,
		    "Devices of a place are kept by its place manager, or an administrator.");
	return code;
}

static void
on_added(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct adding *adding = job->data;
	struct json_out out = {0};

	(void)st;
	/* The place left the region while the request was on its way. */
	if (!pg_get_bool(rows, 0, API_DEVICE_ADD_ADDED)) {
		job_problem(job, 404, "There is no such place any more.");
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "device", adding->account);
	out_text(&out, "code", adding->code);
	out_time(&out, "expires_at", adding->expires_at);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

static void
add(struct ask *ask, const char *place, const char *label)
{
	struct job *job = job_new(ask, sizeof(struct adding));
	struct adding *adding = job->data;
	char id[TOKEN_ID_LEN + 1];
	struct pg_args args = {0};
	uint8_t hash[32];

	job->drop = wipe;
	/* Eight characters are few, so the hash is keyed with seal.key: without that key a copy of
	 * the table cannot be searched through. */
	device_code_make(adding->code);
	/* A code that was just made always has the right form. */
	(void)!device_code_hash(job->ask.api->seal_key, slice_of(adding->code), hash);
	token_id_make(id);
	memcpy(adding->account, NAME_BEGINS, sizeof NAME_BEGINS - 1);
	memcpy(adding->account + sizeof NAME_BEGINS - 1, id, sizeof id);
	adding->expires_at = job->ask.now + CODE_SECONDS;
	pg_text(&args, adding->account);
	pg_text(&args, place);
	pg_text(&args, label);
	pg_bytea(&args, hash, sizeof hash);
	pg_int4(&args, CODE_SECONDS);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_DEVICE_ADD, &args, on_added);
}

/* Devices of a place that has closed show where to ask instead, until they are taken off. A new one is meant for where
 * the ward is now. */
static void
refuse_ended(struct ask *ask, const char *code)
{
	const struct region_place *place;
	const char *other = NULL;

	if (code == NULL)
		return;
	place = &ask->region->places[table_get(&ask->region->place_by_code, code)];
	if (place->life.end > ask->now)
		return;
	if (place->successors.count > 0)
		other = ask->region->places[place->successors.items[0]].code;
	ask_refuse(ask, 409, "%s has closed: a device is added where the ward is now%s%s.",
	    place->name, other != NULL ? ", such as " : "", other != NULL ? other : "");
}

void
view_device_add(struct ask *ask)
{
	static const char *const members[] = {"label", NULL};
	const char *place = kept_place(ask);
	json_t *body = ask_body(ask, members);
	const char *label = ask_body_text(ask, body, "label", LABEL_MAX_BYTES, ASK_REQUIRED);

	json_decref(body);
	refuse_ended(ask, place);
	if (ask_fine(ask))
		add(ask, place, label);
}

static void
put_device(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	bool enrolled = !pg_is_null(rows, row, API_DEVICES_ENROLLED_AT);

	out_object(out, NULL);
	out_text(out, "device", pg_get_text(rows, row, API_DEVICES_ACCOUNT));
	out_text(out, "label", pg_get_text(rows, row, API_DEVICES_LABEL));
	out_text(out, "state", enrolled ? "enrolled" : "waiting");
	out_time(out, "made_at", pg_get_time(rows, row, API_DEVICES_MADE_AT));
	out_text(out, "made_by", pg_get_text(rows, row, API_DEVICES_MADE_BY));
	/* After enrolment the code is used up, and showing when it would have ended is of no
	 * use. */
	out_time(out, "code_until",
	    enrolled ? INSTANT_NEVER : pg_get_time(rows, row, API_DEVICES_CODE_UNTIL));
	out_time(
	    out, "enrolled_at", pg_get_time_or(rows, row, API_DEVICES_ENROLLED_AT, INSTANT_NEVER));
	out_time(out, "used_at", pg_get_time_or(rows, row, API_DEVICES_USED_AT, INSTANT_NEVER));
	out_text(out, "client", pg_get_text(rows, row, API_DEVICES_CLIENT));
	out_object_end(out);
}

static void
on_devices(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "devices");
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		put_device(&out, rows, i);
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_devices(struct ask *ask)
{
	const char *place = kept_place(ask);
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	pg_text(&args, place);
	job_call(job_new(ask, 0), &API_DEVICES, &args, on_devices);
}

static void
on_removed(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_DEVICE_REMOVE_REMOVED))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 404, "This place has no such device.");
	job_end(job);
}

void
view_device_remove(struct ask *ask)
{
	const char *place = kept_place(ask);
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	pg_slice(&args, web_param(ask->exchange, "device"));
	/* With the place: a device of another place is not found, so nobody removes it by guessing
	 * its id. */
	pg_text(&args, place);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_DEVICE_REMOVE, &args, on_removed);
}
