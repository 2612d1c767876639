/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_remarks.h"
#include "server/api/views/remarks/note_put.h"
#include "server/api/views/remarks/remark_wish.h"
#include "server/api/views/views.h"

/* /v1/notes: what to know before one rings. Notes may name people, so they are for those who see names. */

#define TEXT_MAX_BYTES 200 /* as in the check of the table note */
#define USUAL_SECONDS (12 * 3600)
#define AHEAD_SECONDS (7 * (int64_t)86400)
#define NOTES_MOST 5 /* on one thing: a screen has room for few */

/* ----------------------------------------------------------------------------------------- list */

void
view_notes(struct ask *ask)
{
	uint32_t place = ask_place(ask);
	const struct remarks *remarks;
	struct json_out out = {0};
	uint32_t shown = 0;

	if (!rights_reads_notes(ask->account))
		ask_refuse(ask, 403, "Notes may name people, whom this account does not see.");
	if (!ask_fine(ask))
		return;
	remarks = ask->map->remarks;
	out_object(&out, NULL);
	out_array(&out, "notes");
	for (size_t i = 0; i < remarks->nnotes; i++) {
		if (remarks->notes[i].until <= ask->now ||
		    !note_concerns(ask, &remarks->notes[i], place))
			continue;
		note_put(&out, ask, &remarks->notes[i]);
		shown++;
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(ask, &out);
	if (shown > 0)
		ask_read(ask, READ_NOTES, ask->region->places[place].code, NULL, INSTANT_NONE);
	ask_end(ask);
}

/* ------------------------------------------------------------------------------------------ add */

struct note_wish {
	struct kept_note note;
	int64_t entry; /* its number, if the map does not have it; else 0 */
};

static void
on_added(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct note_wish *wish = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_NOTE_ADD_ID));
	out_time(&out, "at", pg_get_time(rows, 0, API_NOTE_ADD_AT));
	out_time(&out, "until", wish->note.until);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

static void
write_note(struct job *job, const struct note_wish *wish)
{
	struct pg_args args = {0};

	pg_text(&args, note_put_on_record(&job->ask, &wish->note));
	pg_text(&args, wish->note.text);
	pg_time(&args, wish->note.until);
	pg_text(&args, job->ask.account->name);
	/* The role as it is now: the note keeps it when the account's role changes. */
	pg_text(&args, account_role_name(job->ask.account->role));
	pg_int4(&args, NOTES_MOST);
	job_write(job, &API_NOTE_ADD, &args, on_added);
}

/* Puts the note on the shift. False: the shift is over, so nobody will be rung by it. */
static bool
take_entry(const struct ask *ask, struct kept_note *note, const struct remark_entry *entry)
{
	note->on = NOTE_ON_SHIFT;
	note->rota = entry->rota;
	note->person = entry->person;
	/* The table note wants a person or a team of each shift: "" is a team without a name. */
	note->team = entry->person != REGION_NONE ? NULL : entry->team != NULL ? entry->team : "";
	note->start = entry->start;
	note->end = entry->end;
	return entry->end > ask->now;
}

static const char no_entry[] =
    "There is no shift of this number that is not over: it may have changed. Ask again who is on.";
static const char others[] =
    "This account may not write a note on this: it is of another organisation or place.";

/* The map had no such entry; the record has it if the calendar was read again since the page was loaded.
 * The right is judged here, since only now it is known what the note is on. */
static void
on_entry(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct note_wish *wish = job->data;
	const struct ask *ask = &job->ask;
	struct remark_entry entry;
	bool found = remark_entry_read(ask, rows, &entry) && take_entry(ask, &wish->note, &entry);

	(void)st;
	if (found && rights_writes_note(ask->region, ask->account, &wish->note)) {
		write_note(job, wish);
		return;
	}
	job_problem(job, found ? 403 : 409, found ? others : no_entry);
}

/* -------------------------------------------------------------------------------- what is sent */

static uint32_t
read_code(struct ask *ask, const struct ask_object *on, const char *key, const struct table *table)
{
	const char *code = ask_object_text(ask, on, key, REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	uint32_t index = code == NULL ? TABLE_NONE : table_get(table, code);

	if (code != NULL && index == TABLE_NONE)
		ask_fault(ask, arena_printf(ask->arena, "$.on.%s", key),
		    "there is none with this code in the region");
	return index == TABLE_NONE ? REGION_NONE : index;
}

static uint32_t
read_person(struct ask *ask, const struct ask_object *on)
{
	const char *id = ask_object_text(ask, on, "person", REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	uint32_t person = id == NULL ? TABLE_NONE : ask_person(ask, id);

	if (id != NULL && person == TABLE_NONE)
		ask_fault(ask, "$.on.person", "there is no person with this id in the region");
	return person == TABLE_NONE ? REGION_NONE : person;
}

/* The number of a shift, as /v1/shifts has it, or the entry of /v1/now. */
static void
read_shift(struct ask *ask, const struct ask_object *on, struct note_wish *wish)
{
	const json_t *shift = json_object_get(on->json, "shift");
	const char *entry = ask_object_text(ask, on, "entry", REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	int64_t number = json_integer_value(shift);
	struct remark_entry found;

	if (entry != NULL)
		number = remark_entry_number(ask, "$.on.entry", entry);
	else if (!json_is_integer(shift) || number < 1)
		ask_fault(ask, "$.on.shift", "is no number of a shift");
	if (ask->faults.count > 0)
		return;
	if (!remark_entry_find(ask, number, &found))
		wish->entry = number;
	else if (!take_entry(ask, &wish->note, &found))
		ask_refuse(ask, 409, "%s", no_entry);
}

/* A note is on exactly one thing, so that it is clear beside which line it is shown. */
static void
read_thing(struct ask *ask, const struct ask_object *on, struct note_wish *wish)
{
	const json_t *of = on->json;
	struct kept_note *note = &wish->note;
	bool place = json_object_get(of, "place") != NULL,
	     function = json_object_get(of, "function") != NULL;
	/* Two names for one thing: what /v1/shifts calls a shift is an entry on the page of a ward. */
	bool shift = json_object_get(of, "shift") != NULL || json_object_get(of, "entry") != NULL;

	note->person = read_person(ask, on);
	note->service = read_code(ask, on, "service", &ask->region->service_by_id);
	note->place = read_code(ask, on, "place", &ask->region->place_by_code);
	note->function = read_code(ask, on, "function", &ask->region->function_by_code);
	if (ask->faults.count > 0)
		return;
	if ((note->person != REGION_NONE) + (note->service != REGION_NONE) + shift + place != 1 ||
	    place != function)
		ask_fault(ask, "$.on",
		    "is one of: a person, a shift (or its entry of /v1/now), a service, or a place and a function");
	else if (shift)
		read_shift(ask, on, wish);
	else
		note->on = (uint8_t)(place                         ? NOTE_ON_FUNCTION
				     : note->person != REGION_NONE ? NOTE_ON_PERSON
								   : NOTE_ON_SERVICE);
}

static void
read_on(struct ask *ask, const json_t *body, struct note_wish *wish)
{
	static const char *const members[] = {
	    "person", "shift", "entry", "service", "place", "function", NULL};
	const struct ask_object on = {"$.on", json_object_get(body, "on")};

	if (!json_is_object(on.json)) {
		ask_fault(ask, "$.on", "is missing: say what the note is on");
		return;
	}
	ask_object_known(ask, &on, members);
	if (ask->faults.count == 0)
		read_thing(ask, &on, wish);
}

/* A note always ends, so that nobody has to remember to take it away. */
static void
read_until(struct ask *ask, const json_t *body, struct kept_note *note)
{
	note->until = ask_body_time(ask, body, "until", ASK_OPTIONAL, ask->now + USUAL_SECONDS);
	if (note->until <= ask->now)
		ask_fault(ask, "$.until", "is over already");
	else if (note->until > ask->now + AHEAD_SECONDS)
		ask_fault(ask, "$.until",
		    "is more than 7 days ahead: what holds for longer belongs into the set-up");
}

void
view_note_add(struct ask *ask)
{
	static const char *const members[] = {"on", "text", "until", NULL};
	json_t *body = ask_body(ask, members);
	struct note_wish wish = {.note = {.person = REGION_NONE,
				     .rota = REGION_NONE,
				     .service = REGION_NONE,
				     .function = REGION_NONE,
				     .place = REGION_NONE}};
	struct job *job;

	wish.note.text = remark_text(ask, body, "text", TEXT_MAX_BYTES, ASK_REQUIRED);
	read_until(ask, body, &wish.note);
	read_on(ask, body, &wish);
	json_decref(body);
	if (ask->faults.count == 0 && ask->refused == 0 && wish.entry == 0 &&
	    !rights_writes_note(ask->region, ask->account, &wish.note))
		ask_refuse(ask, 403, "%s", others);
	if (!ask_fine(ask))
		return;
	job = job_new(ask, sizeof wish);
	*(struct note_wish *)job->data = wish;
	if (wish.entry == 0)
		write_note(job, &wish);
	else
		remark_entry_ask(job, wish.entry, on_entry);
}

/* --------------------------------------------------------------------------------------- remove */

static void
on_ended(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_NOTE_END_DONE))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(
		    job->ask.exchange, 404, "There is no note with this number any more.");
	job_end(job);
}

/* In the map, which has every note that still holds; one that is over needs no end. */
static const struct kept_note *
find(const struct ask *ask, int64_t id)
{
	for (size_t i = 0; i < ask->map->remarks->nnotes; i++)
		if (ask->map->remarks->notes[i].id == id)
			return &ask->map->remarks->notes[i];
	return NULL;
}

void
view_note_end(struct ask *ask)
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "note");
	const struct kept_note *note = find(ask, id);
	struct pg_args args = {0};

	/* The same answer as for a number that does not exist, so that an account that may not read
	 * notes does not learn which there are. */
	if (note == NULL || !rights_reads_notes(ask->account))
		ask_refuse(ask, 404, "There is no note with this number.");
	else if (strcmp(note->account, ask->account->name) != 0 &&
		 !rights_writes_note(ask->region, ask->account, note))
		ask_refuse(ask, 403, "%s", others);
	if (!ask_fine(ask))
		return;
	pg_int8(&args, id);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_NOTE_END, &args, on_ended);
}
