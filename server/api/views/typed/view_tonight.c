/* SPDX-License-Identifier: MIT */

#include <jansson.h>

#include "server/api/api_sql.h"
#include "server/api/views/typed/cover_after.h"
#include "server/api/views/typed/tonight_wish.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * POST /v1/tonight: who is on, for several functions of a place in one call, as when a feed is dead. On a typed
 * rota it is a shift, on any other an override that replaces nobody. People whom nobody knows are put into the
 * set-up in the same transaction. All of it is done, or nothing; a dry run does it and rolls it back.
 */

struct tonight {
	struct tonight_wish wish; /* first: its people are job->more of new_people_add() */
	struct snapshot_region *setup;
	struct cover_after_asked asked;
	const char *made; /* of the statement: a JSON list of kinds and numbers */
};

/* -------------------------------------------------------------------------------------- the answer */

/* In the order of the request: the statement answers in that order too. */
static void
put_shift(struct json_out *out, const struct job *job, const json_t *made, size_t i)
{
	const struct tonight_wish *wish = &((struct tonight *)job->more)->wish;
	const struct shift_wish *shift = &wish->shifts[i];
	const struct new_person *new = wish->news[i];
	const struct region *region = job->ask.region;

	out_object(out, NULL);
	out_text(out, "kind", json_string_value(json_object_get(made, "kind")));
	if (wish->dry)
		out_null(out, "id");
	else
		out_int(out, "id", json_integer_value(json_object_get(made, "id")));
	out_text(out, "function",
	    region->functions[region->services[region->rotas[shift->rota].service].function].code);
	out_text(out, "rota", region->rotas[shift->rota].id);
	out_text(out, "person", new ? new->id : region_person(region, shift->person)->shown_id);
	out_text(out, "name", new ? new->name : region_person(region, shift->person)->name);
	out_bool(out, "new", new != NULL);
	out_time(out, "from", shift->time.start);
	out_time(out, "until", shift->time.end);
	out_text(out, "note", shift->note ? shift->note : wish->reason);
	out_object_end(out);
}

static void
put_warnings(struct json_out *out, const struct tonight_wish *wish)
{
	out_array(out, "warnings");
	for (size_t i = 0; i < wish->count; i++)
		for (size_t j = 0; j < wish->shifts[i].doubts.count; j++)
			out_text(out, NULL, wish->shifts[i].doubts.items[j]);
	for (size_t i = 0; i < wish->people.count; i++)
		if (wish->people.items[i].doubt != NULL)
			out_text(out, NULL, wish->people.items[i].doubt);
	out_array_end(out);
}

static void
note_read(const struct ask *ask, const struct tonight_wish *wish)
{
	ask_read(ask, READ_TONIGHT,
	    wish->place == REGION_NONE ? NULL : ask->region->places[wish->place].code, NULL,
	    INSTANT_NONE);
}

static void
reply(struct job *job, const struct region *region, const struct effect_gaps *gaps)
{
	struct tonight *tonight = job->more;
	const struct tonight_wish *wish = &tonight->wish;
	json_t *made = json_loads(tonight->made, 0, NULL);
	struct json_out out = {0};

	out_object(&out, NULL);
	out_bool(&out, "dry_run", wish->dry);
	out_text(&out, "place", job->ask.region->places[wish->place].code);
	out_array(&out, "shifts");
	for (size_t i = 0; i < wish->count; i++)
		put_shift(&out, job, json_array_get(made, i), i);
	out_array_end(&out);
	new_people_put(&out, &job->ask, &wish->people, wish->dry);
	put_warnings(&out, wish);
	/* Of a deed coverage finds the effect itself. */
	if (gaps != NULL) {
		out_bool(&out, "wants_confirm", tonight_wish_doubts(wish) > 0);
		cover_after_put(&out, region, gaps);
	}
	out_object_end(&out);
	json_decref(made);
	note_read(&job->ask, wish);
	if (wish->dry)
		cover_after_nothing_kept(job);
	ask_reply_with(&job->ask, wish->dry ? 200 : 201, &out, NULL);
	job_end(job);
}

/* -------------------------------------------------------------------------------------- the deed */

static void
on_effect(struct job *job, const struct region *region, const struct effect_gaps *gaps)
{
	reply(job, region, gaps);
}

static void
on_noted(struct job *job)
{
	struct tonight *tonight = job->more;

	if (!tonight->wish.dry) {
		reply(job, NULL, NULL);
		return;
	}
	tonight->asked =
	    (struct cover_after_asked){tonight->wish.rotas, tonight->wish.nrotas, tonight->setup};
	cover_after_find(job, &tonight->asked, on_effect);
}

static void
on_written(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct tonight *tonight = job->more;

	if (st == STATUS_REFUSED) {
		note_read(&job->ask, &tonight->wish);
		job_refuse(job, 409, rows);
		return;
	}
	tonight->made = pg_copy_text(job->ask.arena, rows, 0, API_TONIGHT_ADD_MADE);
	new_people_note(job, &tonight->wish.people, on_noted);
}

static void
write(struct job *job)
{
	const struct tonight_wish *wish = &((struct tonight *)job->more)->wish;
	struct pg_args args = {0};

	pg_text(&args, job->ask.region->places[wish->place].code);
	pg_text(&args, tonight_wish_items(&job->ask, wish));
	pg_text(&args, wish->reason);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_TONIGHT_ADD, &args, on_written);
}

/* A preview without its effect would promise that nothing happens. */
static void
on_people(struct job *job, struct snapshot_region *setup)
{
	struct tonight *tonight = job->more;

	if (tonight->wish.dry && setup == NULL) {
		cover_after_nothing_kept(job);
		problem_reply_with(job->ask.exchange, 503,
		    "The set-up was changed a moment ago, and this process is still taking it up: ask again.",
		    &(struct problem_more){.extra = "Retry-After: 1\r\n"});
		job_end(job);
		return;
	}
	tonight->setup = setup;
	write(job);
}

void
view_tonight(struct ask *ask)
{
	struct tonight tonight = {.wish = {.dry = ask_yes(ask, "dry_run"), .place = REGION_NONE}};
	struct job *job;

	tonight_wish_read(ask, &tonight.wish);
	/* A fault may have a person's name. */
	if (ask->faults.count > 0)
		note_read(ask, &tonight.wish);
	if (!ask_fine(ask))
		return;
	job = job_new(ask, sizeof tonight);
	*(struct tonight *)job->data = tonight;
	job->more = job->data;
	/* The set-up first: a shift is of a person whom the database has. */
	if (tonight.wish.people.count > 0)
		new_people_add(job, &((struct tonight *)job->more)->wish.people, on_people);
	else
		write(job);
}
