/* SPDX-License-Identifier: MIT */
#include "server/api/views/typed/shift_wish.h"

#include "server/api/views/parts/on_rota.h"
#include "server/api/views/parts/plan_effect.h"
#include "server/base/civil.h"
#include "server/base/vec.h"

#define NOTE_MAX_BYTES 200
#define TIME_MAX_BYTES 64

typedef VEC(const char *) sentences;

static const char *
member(const struct ask *ask, const struct shift_wish *wish, const char *key)
{
	return arena_printf(ask->arena, "%s.%s", wish->path, key);
}

/* ---------------------------------------------------------------------------------------- reading */

static void
read_time(struct ask *ask, const struct ask_object *object, const char *key, enum ask_need need,
    int64_t *out)
{
	const char *text = ask_object_text(ask, object, key, TIME_MAX_BYTES, need);

	if (text != NULL && !civil_parse_rfc3339(slice_of(text), out))
		ask_fault(ask, arena_printf(ask->arena, "%s.%s", object->path, key),
		    "is not an RFC 3339 time such as 2026-11-22T03:10:00Z");
}

void
shift_wish_times(
    struct ask *ask, const struct ask_object *object, enum ask_need need, struct shift_wish *wish)
{
	read_time(ask, object, "from", need, &wish->time.start);
	read_time(ask, object, "until", need, &wish->time.end);
	if (json_object_get(object->json, "note") != NULL)
		wish->note = ask_object_text(ask, object, "note", NOTE_MAX_BYTES, ASK_OPTIONAL);
	if (wish->note != NULL && slice_trim(slice_of(wish->note)).len == 0)
		wish->note = NULL;
}

/* --------------------------------------------------------------------------------------- checking */

/* Judged by the database's clock, as the function that writes does again. */
static void
check_times(struct ask *ask, const struct shift_wish *wish)
{
	if (wish->time.start >= wish->time.end)
		ask_fault(ask, member(ask, wish, "until"), "is not after from");
	else if (wish->time.end > ask->now + ON_ROTA_AHEAD_SECONDS)
		ask_fault(ask, member(ask, wish, "until"), "is more than 400 days ahead");
	if (wish->time.start < ask->now - ON_ROTA_BACK_SECONDS)
		ask_fault(ask, member(ask, wish, "from"),
		    "is more than 31 days ago: what happened before can no longer be corrected");
}

/* Another shift of the same person on this rota: it makes no more cover, and is probably typed twice. */
static void
doubt_overlap(struct ask *ask, const struct shift_wish *wish, sentences *found)
{
	const struct rota_block *block = ask->map->rotas[wish->rota];

	for (uint32_t i = rota_block_from(block, wish->time.start); i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];
		char from[ZONE_TEXT_MAX], until[ZONE_TEXT_MAX];

		if ((int64_t)shift->start >= wish->time.end)
			break;
		if (shift->person != wish->person || shift->class == KEPT_ABSENCE ||
		    shift->id == wish->was || (int64_t)shift->end <= wish->time.start)
			continue;
		zone_text(ask->map->setup->zone, shift->start, from);
		zone_text(ask->map->setup->zone, shift->end, until);
		*VEC_PUSH(ask->arena, found) =
		    arena_printf(ask->arena, "%s is on this rota already from %s to %s.",
			region_person(ask->region, wish->person)->name, from, until);
		return;
	}
}

/* A shift that was there already does not make its person less free, and what is over is not asked about
 * rest: it has happened. */
static bool
wants_rest(const struct ask *ask, const struct shift_wish *wish, const sentences *found)
{
	return found->count == 0 && wish->was == 0 && wish->time.end > ask->now;
}

/* Of somebody who is known. */
static void
find_doubts(struct ask *ask, const struct shift_wish *wish, sentences *found)
{
	doubt_overlap(ask, wish, found);
	if (wants_rest(ask, wish, found) &&
	    !plan_is_free(ask, wish->person, (struct span_times){&wish->time, 1}))
		*VEC_PUSH(ask->arena, found) = on_rota_not_free(ask, wish->person);
	if (wish->time.end - wish->time.start > ON_ROTA_LONG_SECONDS)
		*VEC_PUSH(ask->arena, found) = "It is longer than 31 days.";
}

void
shift_wish_check(struct ask *ask, struct shift_wish *wish)
{
	/* A new person holds the function of the rota, and has no other shift. */
	bool known = wish->person != REGION_NONE;
	const char *objection = known ? on_rota_objection(ask, wish->rota, wish->person) : NULL;
	const char *of_note = NULL;
	sentences found = {0};

	check_times(ask, wish);
	if (objection != NULL)
		ask_fault(ask, member(ask, wish, "person"), "%s", objection);
	if (wish->note != NULL)
		of_note = on_rota_note_doubt(ask, member(ask, wish, "note"), wish->note);
	if (known && ask->faults.count == 0)
		find_doubts(ask, wish, &found);
	if (of_note != NULL)
		*VEC_PUSH(ask->arena, &found) = of_note;
	wish->doubts.items = found.items;
	wish->doubts.count = found.count;
}

bool
shift_wish_confirmed(struct ask *ask, const json_t *body)
{
	const json_t *confirm = json_object_get(body, "confirm");

	if (confirm != NULL && !json_is_boolean(confirm))
		ask_fault(ask, "$.confirm", "is not true or false");
	return json_is_true(confirm);
}

void
shift_wish_confirm(struct ask *ask, const struct shift_wish *wish)
{
	for (size_t i = 0; i < wish->doubts.count; i++)
		ask_doubt(ask, wish->doubts.items[i]);
}

/* ---------------------------------------------------------------------------------------- showing */

void
shift_wish_put(struct json_out *out, const struct ask *ask, const struct shift_wish *wish)
{
	/* Of a shift that is removed the person may have left the region. */
	const struct region_person *person =
	    wish->person == REGION_NONE ? NULL : region_person(ask->region, wish->person);

	out_text(out, "rota", ask->region->rotas[wish->rota].id);
	out_text(out, "person", person ? person->shown_id : NULL);
	out_text(out, "name", person ? person->name : NULL);
	out_time(out, "from", wish->time.start);
	out_time(out, "until", wish->time.end);
	out_text(out, "note", wish->note);
}

void
shift_wish_put_doubts(struct json_out *out, const struct shift_wish *wishes, size_t count)
{
	out_array(out, "warnings");
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < wishes[i].doubts.count; j++)
			out_text(out, NULL, wishes[i].doubts.items[j]);
	out_array_end(out);
}
