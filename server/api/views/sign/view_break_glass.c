/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/reviewed.h"
#include "server/api/views/views.h"
#include "server/base/log.h"

/* Break-glass: somebody reads the cover of a place that is not theirs, with a reason. It is opened,
 * listed for those who keep the place, and reviewed by one of them. */

#define GLASS_SECONDS 1800
#define NOTE_MAX_BYTES 500
#define REASON_MAX_BYTES 40

/* The same as in the check of the table break_glass. */
static const char *const reasons[] = {
    "patient_from_there", "transfer", "no_cover_here", "major_incident", "other"};

/* ------------------------------------------------------------------------------------- open */

struct opening {
	const char *place, *reason;
};

static void
on_added(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct opening *opening = job->data;
	struct json_out out = {0};

	(void)st;
	/* A warning, so that operators see it without asking: place and reason, never the account,
	 * since logs have no personal names. */
	log_event(LOG_WARN, "break_glass", LOG_STR("place", opening->place),
	    LOG_STR("reason", opening->reason),
	    LOG_INT("number", pg_get_int(rows, 0, API_BREAK_GLASS_ADD_ID)));
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_BREAK_GLASS_ADD_ID));
	out_text(&out, "place", opening->place);
	out_text(&out, "reason", opening->reason);
	out_time(&out, "until", pg_get_time(rows, 0, API_BREAK_GLASS_ADD_UNTIL));
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

static const char *
reason_of(struct ask *ask, const char *text)
{
	for (size_t i = 0; text != NULL && i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(reasons[i], text) == 0)
			return reasons[i];
	if (text != NULL)
		ask_fault(ask, "$.reason",
		    "is not one of patient_from_there, transfer, no_cover_here, major_incident, other");
	return NULL;
}

/* The place is there, and the account may not ask about it otherwise. */
static const char *
place_of(struct ask *ask, const char *code)
{
	uint32_t place = code == NULL ? TABLE_NONE : table_get(&ask->region->place_by_code, code);

	if (code == NULL)
		return NULL;
	/* Names of places are no secret here: somebody who needs help elsewhere must be able to
	 * name the place. */
	if (place == TABLE_NONE) {
		ask_refuse(ask, 404, "There is no place with this code.");
		return NULL;
	}
	/* An opening that is not needed would only fill the list of those who review. */
	if (rights_place(ask->region, ask->account, place))
		ask_refuse(ask, 409, "This account may ask about that place as it is.");
	return ask->region->places[place].code;
}

void
view_break_glass_add(struct ask *ask)
{
	static const char *const members[] = {"place", "reason", "note", NULL};
	json_t *body = ask_body(ask, members);
	const char *note = ask_body_text(ask, body, "note", NOTE_MAX_BYTES, ASK_OPTIONAL);
	struct opening opening;
	struct pg_args args = {0};
	struct job *job;

	opening.place =
	    place_of(ask, ask_body_text(ask, body, "place", REASON_MAX_BYTES * 2, ASK_REQUIRED));
	opening.reason =
	    reason_of(ask, ask_body_text(ask, body, "reason", REASON_MAX_BYTES, ASK_REQUIRED));
	json_decref(body);
	/* "other" says nothing by itself, so a reviewer would have nothing to judge. */
	if (opening.reason != NULL && strcmp(opening.reason, "other") == 0 && note == NULL)
		ask_fault(ask, "$.note", "is missing: say what other reason it is");
	/* A program or a device has no reason of its own, and nobody who could be asked about
	 * it. */
	if (strcmp(ask->account->kind, "person") != 0)
		ask_refuse(ask, 403, "Only a person may look at another's place, with a reason.");
	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->account->name);
	pg_text(&args, opening.place);
	pg_text(&args, opening.reason);
	pg_text(&args, note);
	/* The database adds these seconds to its own clock, so that the machine's clock cannot
	 * prolong it. */
	pg_int4(&args, GLASS_SECONDS);
	job = job_new(ask, sizeof opening);
	*(struct opening *)job->data = opening;
	job_write(job, &API_BREAK_GLASS_ADD, &args, on_added);
}

/* ------------------------------------------------------------------------------------- list */

/* Those who keep the place see its openings; auditors see those of their places. */
static bool
may_list(const struct ask *ask, const char *code)
{
	uint32_t place = table_get(&ask->region->place_by_code, code);

	if (ask->account->role == ROLE_AUDITOR && place != TABLE_NONE)
		return rights_place(ask->region, ask->account, place);
	return rights_has(ask->account, RIGHT_REVIEW) ||
	       rights_setup_keeps(ask->region, ask->account, region_kind_of("place"), code);
}

static void
put_one(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_GLASS_OPENED_ID));
	out_text(out, "account", pg_get_text(rows, row, API_GLASS_OPENED_ACCOUNT));
	out_text(out, "place", pg_get_text(rows, row, API_GLASS_OPENED_PLACE));
	out_text(out, "reason", pg_get_text(rows, row, API_GLASS_OPENED_REASON));
	out_text(out, "note", ask_shown_text(ask, pg_get_text(rows, row, API_GLASS_OPENED_NOTE)));
	out_time(out, "at", pg_get_time(rows, row, API_GLASS_OPENED_AT));
	out_time(out, "until", pg_get_time(rows, row, API_GLASS_OPENED_UNTIL));
	out_time(out, "reviewed_at",
	    pg_get_time_or(rows, row, API_GLASS_OPENED_REVIEWED_AT, INSTANT_NEVER));
	out_text(out, "reviewed_by", pg_get_text(rows, row, API_GLASS_OPENED_REVIEWED_BY));
	out_text(out, "review_note",
	    ask_shown_text(ask, pg_get_text(rows, row, API_GLASS_OPENED_REVIEW_NOTE)));
	out_object_end(out);
}

static bool
may_see(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	return may_list(ask, pg_get_text(rows, row, API_GLASS_OPENED_PLACE));
}

void
view_break_glass(struct ask *ask)
{
	static const struct reviewed_list list = {
	    "break_glass", &API_GLASS_OPENED, API_GLASS_OPENED_ID, may_see, put_one};

	reviewed_list(ask, &list);
}

/* ----------------------------------------------------------------------------------- review */

/* Those who keep the place. */
static bool
may_review(const struct ask *ask, const struct pg_rows *rows)
{
	return rights_setup_keeps(ask->region, ask->account, region_kind_of("place"),
	    pg_get_text(rows, 0, API_GLASS_PLACE_PLACE));
}

void
view_break_glass_review(struct ask *ask)
{
	static const struct reviewed_review review = {
	    .what = "break-glass",
	    .none = "There is none with this number at a place that you keep.",
	    .look = &API_GLASS_PLACE,
	    .may_review = may_review,
	    .review = &API_BREAK_GLASS_REVIEW,
	    .refused = API_BREAK_GLASS_REVIEW_REFUSED,
	};

	reviewed_review(ask, &review);
}
