/* SPDX-License-Identifier: MIT */
#include "server/api/views/overrides/override_wish.h"

#include <stdio.h>
#include <string.h>

#include "server/api/views/parts/members.h"
#include "server/api/views/parts/on_rota.h"
#include "server/api/views/parts/plan_effect.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

#define DAY_SECONDS 86400
#define LATE_SECONDS DAY_SECONDS /* begun longer ago: a correction */
#define NOTE_MAX_BYTES 200

/* -------------------------------------------------------------------------------- its parts */

static uint32_t
read_rota(struct ask *ask, const struct ask_object *object)
{
	uint32_t rota = member_rota(ask, object);

	if (rota != REGION_NONE && !rights_change_rota(ask->region, ask->account, rota))
		ask_refuse(ask, 403, ASK_OTHERS_ROTA);
	return rota;
}

/* The person who is on: somebody, or explicitly nobody. */
static void
read_who(struct ask *ask, const struct ask_object *object, struct override_wish *wish)
{
	wish->nobody = member_switch(ask, object->json, "nobody");
	wish->confirm = member_switch(ask, object->json, "confirm");
	wish->person =
	    member_person(ask, object, "person", wish->nobody ? ASK_OPTIONAL : ASK_REQUIRED);
	wish->instead = member_person(ask, object, "instead", ASK_OPTIONAL);
	wish->note = member_line(ask, object->json, "note", NOTE_MAX_BYTES);
	if (!wish->nobody) {
		on_rota_reason_check(ask, "$.note", wish->note);
		return;
	}
	if (wish->person != REGION_NONE)
		ask_fault(ask, "$.person", "names somebody, and nobody is to be on: leave one out");
	if (wish->instead != REGION_NONE)
		ask_fault(ask, "$.instead",
		    "nobody takes the place of everybody on this rota: leave it out. If one person is away, type an absence");
	if (wish->note == NULL)
		ask_fault(ask, "$.note", "is missing: say why this rota has nobody");
}

/* ---------------------------------------------------------------------------------- its times */

/* Times are judged by the database's clock, as the function that makes the override does again. */
static void
check_times(struct ask *ask, struct override_wish *wish)
{
	if (wish->time.start >= wish->asked_end)
		ask_fault(ask, "$.end", "is not after start");
	else if (wish->asked_end > ask->now + ON_ROTA_AHEAD_SECONDS)
		ask_fault(ask, "$.end", "is more than 400 days ahead");
	if (wish->time.start < ask->now - ON_ROTA_BACK_SECONDS)
		ask_fault(ask, "$.start",
		    "is more than 31 days ago: what happened before can no longer be corrected");
	/* Without "expires" the override's end is the one asked for, so this is about "expires"
	 * only. */
	if (wish->time.end <= wish->time.start)
		ask_fault(ask, "$.expires", "is not after start");
	else if (wish->time.end > wish->asked_end)
		ask_fault(
		    ask, "$.expires", "is after end: an override ends with its end at the latest");
	else if (wish->time.end < wish->asked_end && wish->time.end <= ask->now)
		ask_fault(ask, "$.expires", "is over already");
	wish->late = wish->time.end <= ask->now || wish->time.start < ask->now - LATE_SECONDS;
}

/* -------------------------------------------------------------------------------- its people */

/* Notes in the audit that the answer may name people. */
void
override_wish_named(const struct ask *ask, const struct override_wish *wish)
{
	ask_read(ask, wish->dry ? READ_OVERRIDE_PLAN : READ_OVERRIDE_MADE,
	    ask->region->rotas[wish->rota].id, NULL, INSTANT_NONE);
}

static void
check_function(struct ask *ask, const struct override_wish *wish)
{
	const char *objection =
	    wish->person == REGION_NONE ? NULL : on_rota_objection(ask, wish->rota, wish->person);

	if (objection == NULL)
		return;
	/* The sentence has the person's name. */
	override_wish_named(ask, wish);
	ask_fault(ask, "$.person", "%s", objection);
}

/* When ${wish->instead} is on within the time of the wish, as far as memory reaches. Without a
 * person to replace, the stand-in is on for the whole time. */
static struct span_times
times_on(const struct ask *ask, const struct override_wish *wish)
{
	const struct rota_block *block = ask->map->rotas[wish->rota];
	VEC(struct span_time) found = {0};

	if (wish->instead == REGION_NONE)
		*VEC_PUSH(ask->arena, &found) = wish->time;
	for (uint32_t i = rota_block_from(block, wish->time.start);
	     wish->instead != REGION_NONE && i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];
		struct span_time both = span_clip(kept_shift_time(shift), wish->time);

		if (shift->person == wish->instead && shift->class != KEPT_ABSENCE &&
		    !span_is_empty(both))
			*VEC_PUSH(ask->arena, &found) = both;
	}
	return span_normalise(ask->arena, found.items, found.count);
}

/* After the horizon of the calendar it is not known whom somebody would replace. */
static void
check_instead(struct ask *ask, const struct override_wish *wish)
{
	int64_t horizon = kept_feed_horizon(ask->map->feeds[wish->rota]);
	char reach[ZONE_TEXT_MAX];

	if (wish->instead == REGION_NONE)
		return;
	if (wish->instead == wish->person) {
		ask_fault(ask, "$.instead", "is the same person: leave it out to put somebody on");
	} else if (horizon == INSTANT_NEVER) {
		ask_fault(ask, "$.instead",
		    "this rota has not been read yet, so that nobody can be replaced on it: leave it out to put somebody on");
	} else if (wish->time.end > horizon) {
		zone_text(ask->map->setup->zone, horizon, reach);
		ask_fault(ask, "$.end",
		    "the rota says nothing after %s yet, so there is nobody to replace: end there, "
		    "or leave instead out to put somebody on",
		    reach);
	} else if (wish->time.start >= ask->map->window.start && times_on(ask, wish).count == 0) {
		/* Before the window memory has no shifts, and the database decides. */
		override_wish_named(ask, wish);
		ask_fault(ask, "$.instead",
		    "%s is not on this rota at that time: leave it out to put somebody on as well",
		    region_person(ask->region, wish->instead)->name);
	}
}

/* ------------------------------------------------------------------------------------- doubts */

typedef VEC(const char *) sentences;

/* Another override already replaces the same person or has the stand-in on. The database refuses
 * that with a better sentence, so no doubt is added here. */
static bool
came_second(const struct ask *ask, const struct override_wish *wish)
{
	const struct rota_block *block = ask->map->rotas[wish->rota];

	for (uint32_t i = 0; i < block->noverrides; i++) {
		const struct kept_override *first = &block->overrides[i];

		if ((int64_t)first->start < wish->time.end &&
		    (int64_t)first->end > wish->time.start &&
		    ((wish->person != REGION_NONE && first->person == wish->person) ||
			(wish->instead != REGION_NONE && first->instead == wish->instead)))
			return true;
	}
	return false;
}

/* A doubt does not forbid: the person asking may know better and confirms. Corrections of the past are
 * not asked about rest, because it has happened. */
static void
find_doubts(struct ask *ask, struct override_wish *wish)
{
	int64_t horizon = kept_feed_horizon(ask->map->feeds[wish->rota]);
	char reach[ZONE_TEXT_MAX];
	sentences found = {0};

	if (wish->time.end - wish->time.start > ON_ROTA_LONG_SECONDS)
		*VEC_PUSH(ask->arena, &found) = "It is longer than 31 days.";
	if (wish->instead == REGION_NONE && horizon == INSTANT_NEVER) {
		*VEC_PUSH(ask->arena, &found) = "The rota has not been read yet.";
	} else if (wish->instead == REGION_NONE && wish->time.end > horizon) {
		zone_text(ask->map->setup->zone, horizon, reach);
		*VEC_PUSH(ask->arena, &found) =
		    arena_printf(ask->arena, "The rota says nothing after %s yet.", reach);
	}
	if (wish->person != REGION_NONE && !wish->late && !came_second(ask, wish) &&
	    !plan_is_free(ask, wish->person, times_on(ask, wish)))
		*VEC_PUSH(ask->arena, &found) = on_rota_not_free(ask, wish->person);
	wish->doubts.items = found.items;
	wish->doubts.count = found.count;
	/* A dry run lists the doubts in its answer, and needs no confirmation. */
	if (found.count == 0 || wish->confirm || wish->dry)
		return;
	override_wish_named(ask, wish);
	for (size_t i = 0; i < found.count; i++)
		ask_doubt(ask, found.items[i]);
}

/* Later checks need the rota, the people and the times, which the earlier ones have found. */
void
override_wish_read(struct ask *ask, struct override_wish *wish)
{
	static const char *const members[] = {"rota", "start", "end", "person", "instead", "note",
	    "expires", "nobody", "confirm", NULL};
	json_t *body = ask_body(ask, members);

	if (body == NULL)
		return;
	wish->rota = read_rota(ask, &(struct ask_object){"$", body});
	read_who(ask, &(struct ask_object){"$", body}, wish);
	wish->time.start = ask_body_time(ask, body, "start", ASK_REQUIRED, 0);
	wish->asked_end = ask_body_time(ask, body, "end", ASK_REQUIRED, 0);
	wish->time.end = ask_body_time(ask, body, "expires", ASK_OPTIONAL, wish->asked_end);
	json_decref(body);
	if (ask->faults.count > 0 || ask->refused != 0)
		return;
	check_times(ask, wish);
	check_function(ask, wish);
	check_instead(ask, wish);
	if (ask->faults.count == 0)
		find_doubts(ask, wish);
}

/* In the order of the arguments of API_OVERRIDE_ADD and API_OVERRIDE_TRY, so that a trial and
 * the deed cannot differ. */
void
override_wish_args(const struct ask *ask, const struct override_wish *wish, struct pg_args *args)
{
	const struct region *region = ask->region;

	pg_text(args, region->rotas[wish->rota].id);
	pg_text(args, wish->person == REGION_NONE ? NULL : region_person(region, wish->person)->id);
	pg_text(
	    args, wish->instead == REGION_NONE ? NULL : region_person(region, wish->instead)->id);
	pg_time(args, wish->time.start);
	pg_time(args, wish->asked_end);
	pg_time(args, wish->time.end);
	pg_text(args, wish->note);
	pg_bool(args, wish->late);
	pg_text(args, ask->account->name);
}
