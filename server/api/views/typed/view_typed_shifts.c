/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/etag.h"
#include "server/api/views/parts/on_rota.h"
#include "server/api/views/typed/cover_after.h"
#include "server/api/views/typed/shift_wish.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * /v1/rotas/{id}/shifts: shifts that are typed in one by one, on rotas whose source is `typed`. The
 * number of a shift is that of its row in the record, so each change gives it another: a number says
 * which version somebody has seen. An earlier number still finds the shift, for a refusal that says
 * what it is now.
 */

#define CODE_MAX_BYTES 64
#define OTHER_SOURCE                                                                               \
	"The shifts of this rota come from a calendar or a file: make an override (POST /v1/overrides), or set the rota's source to typed."

enum act { ADD, CHANGE, REMOVE };

struct typing {
	enum act act;
	bool dry, confirm;
	struct shift_wish wish;
	int64_t id;         /* of the path; of a new one, when it is made */
	int64_t seen;       /* of If-Match; 0: none, -1: another tag */
	const char *person; /* as given; NULL: not given */
	bool noted;         /* a note is given, if only null */
	struct cover_after_asked asked;
	const char *rota; /* asked.rotas points here */
};

/* ----------------------------------------------------------------------------------------- answers */

static const char *
etag_line(struct arena *arena, int64_t id)
{
	return arena_printf(arena, "ETag: \"shift-%lld\"\r\n", (long long)id);
}

/* The sentences and the names of an answer are a read of the person. */
static void
note_read(const struct ask *ask, const struct typing *typing)
{
	ask_read(ask, READ_TYPED, ask->region->rotas[typing->wish.rota].id, NULL, INSTANT_NONE);
}

static void
put_shift(struct json_out *out, const struct ask *ask, const struct typing *typing)
{
	out_bool(out, "dry_run", typing->dry);
	if (typing->act == REMOVE || typing->dry)
		out_null(out, "id");
	else
		out_int(out, "id", typing->id);
	if (typing->wish.was != 0)
		out_int(out, "was", typing->wish.was);
	shift_wish_put(out, ask, &typing->wish);
	shift_wish_put_doubts(out, &typing->wish, 1);
}

static void
on_effect(struct job *job, const struct region *region, const struct effect_gaps *gaps)
{
	const struct typing *typing = job->more;
	struct json_out out = {0};

	out_object(&out, NULL);
	put_shift(&out, &job->ask, typing);
	out_bool(&out, "wants_confirm", typing->wish.doubts.count > 0);
	cover_after_put(&out, region, gaps);
	out_object_end(&out);
	note_read(&job->ask, typing);
	cover_after_nothing_kept(job);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
on_typed(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct typing *typing = job->more;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		note_read(&job->ask, typing);
		job_refuse(job, 409, rows);
		return;
	}
	if (typing->dry) {
		cover_after_find(job, &typing->asked, on_effect);
		return;
	}
	if (typing->act == REMOVE) {
		ask_reply_nothing(&job->ask, NULL);
		job_end(job);
		return;
	}
	typing->id = pg_get_int(rows, 0, API_TYPED_ADD_ID);
	out_object(&out, NULL);
	put_shift(&out, &job->ask, typing);
	out_object_end(&out);
	note_read(&job->ask, typing);
	ask_reply_with(
	    &job->ask, typing->act == ADD ? 201 : 200, &out, etag_line(job->ask.arena, typing->id));
	job_end(job);
}
_Static_assert((int)API_TYPED_ADD_ID == (int)API_TYPED_CHANGE_ID, "one step takes both");

/* ---------------------------------------------------------------------------------------- the deed */

static void
write(struct job *job)
{
	struct typing *typing = job->more;
	const struct ask *ask = &job->ask;
	const struct shift_wish *wish = &typing->wish;
	struct pg_args args = {0};

	typing->rota = ask->region->rotas[wish->rota].id;
	typing->asked = (struct cover_after_asked){&typing->rota, 1, NULL};
	pg_text(&args, typing->rota);
	if (typing->act != ADD)
		pg_int8(&args, wish->was);
	if (typing->act != REMOVE) {
		pg_text(&args, region_person(ask->region, wish->person)->id);
		pg_time(&args, wish->time.start);
		pg_time(&args, wish->time.end);
		pg_text(&args, wish->note);
	}
	pg_text(&args, ask->account->name);
	job_write(job,
	    typing->act == ADD      ? &API_TYPED_ADD
	    : typing->act == CHANGE ? &API_TYPED_CHANGE
				    : &API_TYPED_REMOVE,
	    &args, on_typed);
}

/* ------------------------------------------------------------------------------------- the request */

/* The rota of the path: one that the account may change, and whose shifts are typed in. */
static void
read_rota(struct ask *ask, struct typing *typing)
{
	const struct region_rota *rota;

	typing->dry = ask_yes(ask, "dry_run");
	typing->wish.path = "$";
	typing->wish.rota = ask_rota_changed(ask, "id");
	if (ask->refused != 0)
		return;
	rota = &ask->region->rotas[typing->wish.rota];
	if (rota->service == REGION_NONE)
		ask_refuse(ask, 409,
		    "This is a leave calendar: nobody is on call by it. Record an absence instead.");
	else if (rota->source != REGION_SOURCE_TYPED)
		ask_refuse(ask, 409, OTHER_SOURCE);
}

/* Doubts are shown in a dry run, and must be confirmed before the deed. */
static void
judge(struct ask *ask, struct typing *typing)
{
	shift_wish_check(ask, &typing->wish);
	if (!typing->dry && !typing->confirm && ask->faults.count == 0)
		shift_wish_confirm(ask, &typing->wish);
	/* A fault may have the person's name. */
	if (ask->faults.count > 0)
		note_read(ask, typing);
}

static struct job *
job_of(struct ask *ask, const struct typing *typing)
{
	struct job *job = job_new(ask, sizeof *typing);

	*(struct typing *)job->data = *typing;
	job->more = job->data;
	return job;
}

static const char *const members[] = {"person", "from", "until", "note", "confirm", NULL};

void
view_typed_add(struct ask *ask)
{
	struct typing typing = {.act = ADD};
	json_t *body;

	read_rota(ask, &typing);
	body = ask_body(ask, members);
	if (body != NULL) {
		struct ask_object object = {"$", body};

		typing.wish.person = on_rota_person(ask, "$.person",
		    ask_body_text(ask, body, "person", CODE_MAX_BYTES, ASK_REQUIRED));
		shift_wish_times(ask, &object, ASK_REQUIRED, &typing.wish);
		typing.confirm = shift_wish_confirmed(ask, body);
	}
	json_decref(body);
	if (ask->faults.count == 0 && ask->refused == 0)
		judge(ask, &typing);
	if (ask_fine(ask))
		write(job_of(ask, &typing));
}

/* ------------------------------------------------------------------------------ one that is there */

static bool
refuse(struct job *job, unsigned status, const char *detail, const char *extra)
{
	problem_reply_with(
	    job->ask.exchange, status, detail, &(struct problem_more){.extra = extra});
	job_end(job);
	return false;
}

/* Whether the shift can be changed, and the sender has seen it as it is. */
static bool
may(struct job *job, const struct pg_rows *rows)
{
	const struct typing *typing = job->more;
	struct arena *arena = job->ask.arena;
	int64_t now;

	if (pg_rows_count(rows) == 0)
		return refuse(job, 404, "This rota has no shift with this number.", NULL);
	if (!pg_is_null(rows, 0, API_TYPED_SHIFT_OVERRIDE))
		return refuse(job, 409,
		    arena_printf(arena, "This shift was made by override %lld: withdraw that.",
			(long long)pg_get_int(rows, 0, API_TYPED_SHIFT_OVERRIDE)),
		    NULL);
	if (pg_is_null(rows, 0, API_TYPED_SHIFT_ID))
		return refuse(job, 404, "This shift was removed.", NULL);
	now = pg_get_int(rows, 0, API_TYPED_SHIFT_ID);
	if (typing->id == now && (typing->seen == now || typing->seen == 0))
		return typing->seen == now || typing->dry ||
		       refuse(job, 428,
			   "Say what you have seen: If-Match with the ETag of the shift, \"shift-NUMBER\".",
			   etag_line(arena, now));
	return refuse(job, 412,
	    arena_printf(arena,
		"This shift was changed since you read it and is shift %lld now; nothing was changed. Read it again, and change that.",
		(long long)now),
	    etag_line(arena, now));
}

/* What the body does not give stays as it is. */
static void
take(struct job *job, const struct pg_rows *rows)
{
	struct typing *typing = job->more;
	struct shift_wish *wish = &typing->wish;
	struct span_time given = wish->time;
	const char *person = pg_get_text(rows, 0, API_TYPED_SHIFT_PERSON);
	/* Nobody, where a person was split and it is undecided whose the shift is. */
	uint32_t was = person ? table_get(&job->ask.region->person_by_id, person) : TABLE_NONE;

	wish->was = typing->id;
	wish->time = (struct span_time){pg_get_time(rows, 0, API_TYPED_SHIFT_STARTS_AT),
	    pg_get_time(rows, 0, API_TYPED_SHIFT_ENDS_AT)};
	if (given.start != INSTANT_NONE)
		wish->time.start = given.start;
	if (given.end != INSTANT_NONE)
		wish->time.end = given.end;
	if (!typing->noted)
		wish->note = pg_copy_text(job->ask.arena, rows, 0, API_TYPED_SHIFT_NOTE);
	if (typing->person == NULL)
		wish->person = was;
	if (wish->person == TABLE_NONE && typing->act == CHANGE)
		ask_fault(&job->ask, "$.person",
		    "is missing: the person of this shift has left the region, or it is undecided whose it is");
}

/* A shift of somebody who has left can still be removed; there is nobody to show. */
static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct typing *typing = job->more;

	(void)st;
	if (!may(job, rows))
		return;
	take(job, rows);
	if (typing->act == CHANGE && job->ask.faults.count == 0)
		judge(&job->ask, typing);
	if (job_fine(job))
		write(job);
}

static void
begin(struct ask *ask, struct typing *typing)
{
	struct pg_args args = {0};
	struct job *job;

	typing->id = ask_id_named(ask, web_param(ask->exchange, "shift"), "shift");
	typing->seen = etag_number(ask->exchange, "shift-");
	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->rotas[typing->wish.rota].id);
	pg_int8(&args, typing->id);
	job = job_of(ask, typing);
	job_call(job, &API_TYPED_SHIFT, &args, on_found);
}

void
view_typed_change(struct ask *ask)
{
	struct typing typing = {
	    .act = CHANGE, .wish = {.person = REGION_NONE, .time = {INSTANT_NONE, INSTANT_NONE}}};
	json_t *body;

	read_rota(ask, &typing);
	body = ask_body(ask, members);
	if (body != NULL) {
		struct ask_object object = {"$", body};

		typing.noted = json_object_get(body, "note") != NULL;
		typing.person = ask_body_text(ask, body, "person", CODE_MAX_BYTES, ASK_OPTIONAL);
		typing.wish.person = on_rota_person(ask, "$.person", typing.person);
		shift_wish_times(ask, &object, ASK_OPTIONAL, &typing.wish);
		typing.confirm = shift_wish_confirmed(ask, body);
	}
	json_decref(body);
	begin(ask, &typing);
}

void
view_typed_remove(struct ask *ask)
{
	struct typing typing = {
	    .act = REMOVE, .wish = {.person = REGION_NONE, .time = {INSTANT_NONE, INSTANT_NONE}}};

	read_rota(ask, &typing);
	begin(ask, &typing);
}
