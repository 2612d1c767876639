/* SPDX-License-Identifier: MIT */
#include "server/api/views/remarks/note_put.h"

#include <string.h>

#include "server/api/ask/rights_remarks.h"

/* The ids of people come from ${region}: the set-up itself, or as it is seen. */
static void
put_on(struct json_out *out, const struct region *region, const struct kept_note *note, bool shown)
{
	if (note->person != REGION_NONE)
		out_text(out, "person",
		    shown ? region_person(region, note->person)->shown_id
			  : region_person(region, note->person)->id);
	if (note->rota != REGION_NONE) {
		out_text(out, "rota", region->rotas[note->rota].id);
		out_text(out, "team", note->team);
		out_time(out, shown ? "start" : "starts_at", note->start);
		out_time(out, shown ? "end" : "ends_at", note->end);
	}
	if (note->service != REGION_NONE)
		out_text(out, "service", region->services[note->service].id);
	if (note->place != REGION_NONE) {
		out_text(out, "place", region->places[note->place].code);
		out_text(out, "function", region->functions[note->function].code);
	}
}

/* By the ids of the set-up, and never by those that the asker was shown: the record outlives what one
 * account may see. */
const char *
note_put_on_record(const struct ask *ask, const struct kept_note *note)
{
	struct json_out out = {0};
	const char *text;

	out_object(&out, NULL);
	out_text(&out, "on", note_on_name((enum note_on)note->on));
	put_on(&out, ask->whole->setup->region, note, false);
	out_object_end(&out);
	text = arena_strndup(ask->arena, out.buf.at, out.buf.len);
	out_free(&out);
	return text;
}

void
note_put(struct json_out *out, const struct ask *ask, const struct kept_note *note)
{
	out_object(out, NULL);
	out_int(out, "id", note->id);
	out_object(out, "on");
	put_on(out, ask->region, note, true);
	out_object_end(out);
	out_text(out, "name",
	    note->person != REGION_NONE ? region_person(ask->region, note->person)->name
					: note->team);
	/* Somebody typed it, and may have named a protected person. */
	out_text(out, "text", ask_shown_text(ask, note->text));
	out_time(out, "at", note->at);
	out_time(out, "until", note->until);
	out_text(out, "by", note->role);
	out_text(out, "account", note->account);
	out_bool(out, "removable",
	    strcmp(note->account, ask->account->name) == 0 ||
		rights_writes_note(ask->region, ask->account, note));
	out_object_end(out);
}

/* Through the services of the place, so that a note on a shared rota is seen at every place that it serves. */
static bool
is_of_place(const struct ask *ask, uint32_t service, uint32_t place)
{
	const struct region_list *services = &ask->region->places[place].services;

	for (uint32_t i = 0; service != REGION_NONE && i < services->count; i++)
		if (services->items[i] == service)
			return true;
	return false;
}

/* Whether the person of ${note} is on ${rota} before the note ends. The block is asked first: most rotas
 * have no shift of the person. */
static bool
is_on_before(const struct ask *ask, uint32_t rota, const struct kept_note *note)
{
	const struct rota_block *block = ask->map->rotas[rota];

	if (!rota_block_may_name(block, note->person))
		return false;
	for (uint32_t i = rota_block_from(block, ask->now); i < block->count; i++)
		if (block->shifts[i].person == note->person &&
		    (int64_t)block->shifts[i].end > ask->now &&
		    (int64_t)block->shifts[i].start < note->until)
			return true;
	return false;
}

bool
note_concerns(const struct ask *ask, const struct kept_note *note, uint32_t place)
{
	switch ((enum note_on)note->on) {
	case NOTE_ON_FUNCTION:
		return note->place == place;
	case NOTE_ON_SERVICE:
		return is_of_place(ask, note->service, place);
	case NOTE_ON_SHIFT:
		return is_of_place(ask, ask->region->rotas[note->rota].service, place);
	/* A person has no place: the note is of wherever that person is rung before it ends. */
	case NOTE_ON_PERSON:
		for (uint32_t i = 0; i < ask->region->nrotas; i++)
			if (is_of_place(ask, ask->region->rotas[i].service, place) &&
			    is_on_before(ask, i, note))
				return true;
		return false;
	case NOTE_ONS:
		break;
	}
	return false;
}
