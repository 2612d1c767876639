/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/views.h"
#include "server/model/region.h"

/* What is held about one person, for those who look after the organisation's people: all of it, its erasure, and
 * legal holds. What that is and what becomes of it is decided in 0015_subjects.sql, for people too who left the
 * set-up years ago. */

#define REASON_MAX 400

/* ------------------------------------------------------------------------------------------- who */

/* The code in the path. Noted as a fault if the account looks after nobody. */
static const char *
whom(struct ask *ask)
{
	struct slice code = web_param(ask->exchange, "id");

	if (ask->account->role != ROLE_ADMINISTRATOR &&
	    ask->account->role != ROLE_ORGANISATION_ADMINISTRATOR)
		ask_refuse(ask, 403,
		    "This is for administrators, and the administrators of the person's organisation.");
	return arena_strndup(ask->arena, code.at, code.len);
}

/* NULL: the account looks after everybody. One without an organisation after nobody. */
static const char *
organisation_of(const struct ask *ask)
{
	const char *own = ask->account->organisation;

	if (ask->account->role == ROLE_ADMINISTRATOR)
		return NULL;
	return own != NULL ? own : "";
}

/* ---------------------------------------------------------------------------------------- answers */

/* The rows of one table. One in which somebody is named whom this account may not know of is left out, and counted. */
static void
put_rows(struct json_out *out, const struct ask *ask, const char *table, const json_t *rows)
{
	int64_t withheld = 0;
	json_t *row;
	size_t i;

	out_object(out, table);
	out_array(out, "rows");
	json_array_foreach(rows, i, row)
	{
		char *text = json_dumps(row, JSON_COMPACT);
		struct slice said = slice_of(text);

		if (ask_tells(ask, said) || ask_tells_in_json(ask, said))
			withheld++;
		else
			out_raw(out, NULL, said);
		free(text);
	}
	out_array_end(out);
	out_int(out, "withheld", withheld);
	out_object_end(out);
}

/* What the database answered; a reader may be told less than it holds. */
static void
put_answer(struct json_out *out, const struct ask *ask, struct slice text)
{
	json_t *answer = json_loadb(text.at, text.len, 0, NULL), *value, *rows;
	const char *key, *table;

	out_object(out, NULL);
	json_object_foreach(answer, key, value)
	{
		char *one;

		if (strcmp(key, "held") == 0) {
			out_object(out, key);
			json_object_foreach(value, table, rows) put_rows(out, ask, table, rows);
			out_object_end(out);
			continue;
		}
		one = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		out_raw(out, key, slice_of(one));
		free(one);
	}
	out_object_end(out);
	json_decref(answer);
}

/* The answer to a write, which waits for the commit. */
static void
reply(struct job *job, struct slice text)
{
	struct json_out out = {0};

	put_answer(&out, &job->ask, text);
	ask_reply_with(&job->ask, 200, &out, NULL);
}

/* ----------------------------------------------------------------------------------------- export */

static void
on_exported(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 404, rows);
		return;
	}
	put_answer(&out, &job->ask, pg_get_bytes(rows, 0, API_SUBJECT_EXPORT_ANSWER));
	ask_reply(&job->ask, &out);
	ask_read(&job->ask, READ_SUBJECT, job->data, NULL, INSTANT_NONE);
	job_end(job);
}

void
view_subject(struct ask *ask)
{
	const char *person = whom(ask);
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_text(&args, person);
	pg_text(&args, organisation_of(ask));
	job = job_new(ask, 0);
	job->data = arena_strdup(job->ask.arena, person);
	job_call(job, &API_SUBJECT_EXPORT, &args, on_exported);
}

/* ---------------------------------------------------------------------------------------- erasure */

static void
on_erased(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	reply(job, pg_get_bytes(rows, 0, API_SUBJECT_ERASE_ANSWER));
	job_end(job);
}

/* The number in the body of what another person has asked for; 0: it is asked for here. */
static int64_t
request_of(struct ask *ask, const json_t *body)
{
	const json_t *request = json_object_get(body, "request");

	if (request != NULL && (!json_is_integer(request) || json_integer_value(request) <= 0))
		ask_fault(ask, "$.request", "is the number of a request");
	return json_integer_value(request);
}

void
view_subject_erase(struct ask *ask)
{
	static const char *const members[] = {"reason", "request", NULL};
	const char *person = whom(ask), *reason;
	json_t *body = ask_body(ask, members);
	int64_t request = request_of(ask, body);
	bool dry = ask_yes(ask, "dry_run");
	struct pg_args args = {0};

	reason = ask_body_text(
	    ask, body, "reason", REASON_MAX, request > 0 ? ASK_OPTIONAL : ASK_REQUIRED);
	json_decref(body);
	if (request > 0 && reason != NULL)
		ask_fault(ask, "$.reason", "is the one of the request");
	if (request > 0 && !ask_is_a_person(ask))
		ask_refuse(ask, 403, ASK_NO_PERSON);
	if (!ask_fine(ask))
		return;
	pg_text(&args, person);
	pg_text(&args, organisation_of(ask));
	if (request > 0)
		pg_int8(&args, request);
	else
		pg_null(&args);
	pg_text(&args, reason);
	pg_bool(&args, !dry);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_SUBJECT_ERASE, &args, on_erased);
}

/* ------------------------------------------------------------------------------------------ holds */

static void
on_held(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED) {
		job_refuse(job, 404, rows);
		return;
	}
	reply(job, pg_get_bytes(rows, 0, API_SUBJECT_HOLD_ANSWER));
	job_end(job);
}

static void
hold(struct ask *ask, bool lift)
{
	static const char *const members[] = {"reason", NULL};
	const char *person = whom(ask), *reason;
	json_t *body = ask_body(ask, members);
	struct pg_args args = {0};

	reason = ask_body_text(ask, body, "reason", REASON_MAX, ASK_REQUIRED);
	json_decref(body);
	if (!ask_fine(ask))
		return;
	pg_text(&args, person);
	pg_text(&args, organisation_of(ask));
	pg_bool(&args, lift);
	pg_text(&args, reason);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_SUBJECT_HOLD, &args, on_held);
}

void
view_subject_hold(struct ask *ask)
{
	hold(ask, false);
}

void
view_subject_lift(struct ask *ask)
{
	hold(ask, true);
}
