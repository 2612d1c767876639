/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/views/parts/reviewed.h"
#include "server/api/views/typed/cover_after.h"
#include "server/api/views/typed/new_people.h"
#include "server/api/views/typed/shift_wish.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * POST /v1/rotas/{id}/people: somebody whom the rota names and nobody knows becomes a person of its organisation,
 * and the rota and its imports are read again. GET /v1/new-people: who was added so, until somebody else of the
 * organisation has looked.
 */

struct adding {
	struct new_people people; /* first: job->more of new_people_add() */
	struct new_person person;
	bool dry;
};

/* ---------------------------------------------------------------------------------------- adding one */

static void
note_read(const struct ask *ask, uint32_t rota)
{
	ask_read(ask, READ_TYPED, ask->region->rotas[rota].id, NULL, INSTANT_NONE);
}

static void
on_noted(struct job *job)
{
	struct adding *adding = job->more;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_bool(&out, "dry_run", adding->dry);
	new_people_put(&out, &job->ask, &adding->people, adding->dry);
	out_array(&out, "warnings");
	if (adding->people.items[0].doubt != NULL)
		out_text(&out, NULL, adding->people.items[0].doubt);
	out_array_end(&out);
	out_object_end(&out);
	note_read(&job->ask, adding->people.items[0].rota);
	if (adding->dry)
		cover_after_nothing_kept(job);
	ask_reply_with(&job->ask, adding->dry ? 200 : 201, &out, NULL);
	job_end(job);
}

static void
on_people(struct job *job, struct snapshot_region *setup)
{
	struct adding *adding = job->more;

	(void)setup;
	new_people_note(job, &adding->people, on_noted);
}

static void
read_person(struct ask *ask, uint32_t rota, struct adding *adding)
{
	static const char *const members[] = {"name", "role", "phone", "said", "confirm", NULL};
	json_t *body = ask_body(ask, members);
	bool confirmed = shift_wish_confirmed(ask, body);
	struct ask_object object = {"$", body};

	if (body != NULL && ask->refused == 0)
		new_person_read(ask, &object, rota, &adding->person);
	if (adding->person.doubt != NULL && !adding->dry && !confirmed) {
		note_read(ask, rota);
		ask_doubt(ask, adding->person.doubt);
	}
	json_decref(body);
}

void
view_new_person(struct ask *ask)
{
	uint32_t rota = ask_rota_changed(ask, "id");
	struct adding *adding = arena_alloc(ask->arena, sizeof *adding);
	struct job *job;

	*adding = (struct adding){.dry = ask_yes(ask, "dry_run")};
	if (ask->refused == 0 && ask->region->rotas[rota].service == REGION_NONE)
		ask_refuse(ask, 409, "This is a leave calendar: nobody is on call by it.");
	read_person(ask, rota, adding);
	if (!ask_fine(ask))
		return;
	/* In the arena, and not on the stack: the job goes on when this has returned. */
	adding->people = (struct new_people){.items = &adding->person, .count = 1};
	job = job_new(ask, 0);
	job->more = adding;
	new_people_add(job, &adding->people, on_people);
}

/* --------------------------------------------------------------------------------------------- list */

/* Those who speak for the person, and reviewers. */
static bool
may_see(const struct ask *ask, const char *id)
{
	uint32_t person = table_get(&ask->region->person_by_id, id);

	return person != TABLE_NONE && (rights_has(ask->account, RIGHT_REVIEW) ||
					   rights_speaks_for(ask->region, ask->account, person));
}

static bool
may_see_row(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	return may_see(ask, pg_get_text(rows, row, API_NEW_PEOPLE_PERSON));
}

static void
put_one(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	const char *id = pg_get_text(rows, row, API_NEW_PEOPLE_PERSON);
	uint32_t person = table_get(&ask->region->person_by_id, id);

	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_NEW_PEOPLE_ID));
	out_text(out, "person", ask_shown_id(ask, id));
	out_text(out, "name", region_person(ask->region, person)->name);
	out_text(out, "rota", pg_get_text(rows, row, API_NEW_PEOPLE_ROTA));
	/* Who added somebody cannot review it, so the list says who that was. */
	out_text(out, "by", pg_get_text(rows, row, API_NEW_PEOPLE_ACCOUNT));
	out_time(out, "at", pg_get_time(rows, row, API_NEW_PEOPLE_AT));
	out_time(out, "reviewed_at",
	    pg_get_time_or(rows, row, API_NEW_PEOPLE_REVIEWED_AT, INSTANT_NEVER));
	out_text(out, "reviewed_by", pg_get_text(rows, row, API_NEW_PEOPLE_REVIEWED_BY));
	out_text(out, "review_note",
	    ask_shown_text(ask, pg_get_text(rows, row, API_NEW_PEOPLE_REVIEW_NOTE)));
	out_object_end(out);
	ask_read(ask, READ_PEOPLE, NULL, NULL, INSTANT_NONE);
}

void
view_new_people(struct ask *ask)
{
	static const struct reviewed_list list = {
	    "new_people", &API_NEW_PEOPLE, API_NEW_PEOPLE_ID, may_see_row, put_one};

	reviewed_list(ask, &list);
}

/* A reviewer of the whole region sees the list, and the person's own organisation says whether there is one. */
static bool
may_review(const struct ask *ask, const struct pg_rows *rows)
{
	uint32_t person =
	    table_get(&ask->region->person_by_id, pg_get_text(rows, 0, API_NEW_PERSON_PERSON));

	return person != TABLE_NONE && rights_speaks_for(ask->region, ask->account, person);
}

void
view_new_person_review(struct ask *ask)
{
	static const struct reviewed_review review = {
	    .what = "new person",
	    .none = "There is no new person with this number for you to look at.",
	    .look = &API_NEW_PERSON,
	    .may_review = may_review,
	    .review = &API_NEW_PERSON_REVIEW,
	    .refused = API_NEW_PERSON_REVIEW_REFUSED,
	};

	reviewed_review(ask, &review);
}
