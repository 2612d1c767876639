/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/hours_words.h"
#include "server/api/views/parts/notices.h"
#include "server/api/views/parts/override_words.h"
#include "server/api/views/parts/ring_put.h"
#include "server/api/views/parts/sources.h"
#include "server/api/views/parts/warnings.h"
#include "server/base/civil.h"
#include "server/model/region_protected.h"

/* The people named by an override and by the calendar. */
static void
put_override(struct json_out *out, const struct now_frame *frame, const struct rota_block *block,
    const struct kept_override *override)
{
	const struct region *region = frame->map->setup->region;
	bool named = frame->sight != SIGHT_COUNTS;
	const char *made_by = rota_block_text(block, override->made_by);
	struct buf words = {0};

	override_words_made(&words, frame->map->setup, override, made_by, named);
	out_int(out, "override_id", override->id);
	out_time(out, "made_at", override->made_at);
	out_text(out, "made_by", named ? made_by : NULL);
	out_text(out, "instead",
	    named && override->instead != REGION_NONE
		? region_person(region, override->instead)->name
		: NULL);
	out_text(out, "note",
	    named ? now_shown_text(frame, rota_block_text(block, override->note)) : NULL);
	out_bool(out, "late", override->late != 0);
	out_text(out, "text", words.at);
	buf_free(&words);
}

/* Each name comes with its source and the age of that, so that the caller can judge how far to
 * believe it. */
static void
put_source(struct json_out *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	const uint32_t index = duty->rota;
	const struct region *region = frame->map->setup->region;
	const struct region_rota *rota = &region->rotas[index];
	const struct kept_feed *feed = frame->map->feeds[index];

	out_object(out, "source");
	out_text(out, "rota", rota->id);
	out_text(out, "organisation",
	    rota->organisation == REGION_NONE ? NULL
					      : region->organisations[rota->organisation].code);
	out_text(out, "freshness", freshness_name(kept_feed_freshness(feed, frame->now)));
	out_time(out, "checked_at", feed ? feed->facts.last_good_at : INSTANT_NEVER);
	out_time(out, "changed_at", feed ? feed->facts.last_change_at : INSTANT_NEVER);
	source_put(out, frame->map, index, frame->now);
	source_put_origin(out, feed);
	out_bool(out, "as_last_read", duty->shift->as_last_read != 0);
	out_bool(out, "override", duty->override != NULL);
	if (duty->override != NULL)
		put_override(out, frame, frame->map->rotas[index], duty->override);
	out_object_end(out);
}

/* The team's number is for everybody; a person's own is only for those with the right to
 * mobiles. */
static void
put_duty(struct json_out *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	const struct region *region = frame->map->setup->region;
	const struct region_function *function =
	    &region->functions[region->services[duty->service].function];
	bool named = frame->sight != SIGHT_COUNTS;
	char role[REGION_ROLE_MAX], entry[24];

	out_object(out, NULL);
	snprintf(entry, sizeof entry, "%lld", (long long)duty->shift->id);
	out_text(out, "entry", entry);
	out_text(out, "name", now_name(frame, duty, function));
	out_text(out, "role", region_role(function, role));
	out_int(out, "tier", region->rotas[duty->rota].tier);
	out_text(out, "service", region->services[duty->service].id);
	ring_put(out, now_team_ring(frame, duty->service, duty->person));
	if (frame->sight == SIGHT_MOBILES)
		ring_put_own(out, now_own_ring(frame, duty->person));
	out_bool(out, "reachable", now_reachable(frame, duty));
	out_bool(out, "team", duty->person == REGION_NONE);
	out_bool(out, "holds_function", duty->holds);
	out_bool(out, "approved", duty->approved);
	out_time(out, "since", duty->served.start);
	out_time(out, "until", duty->served.end);
	if (duty->next_name == NULL) {
		out_null(out, "next");
	} else {
		out_object(out, "next");
		out_text(out, "name", named ? duty->next_name : NULL);
		out_time(out, "from", duty->next_from);
		out_object_end(out);
	}
	out_array(out, "shared_with");
	for (uint32_t i = 0; i < duty->shared.count; i++)
		out_text(out, NULL, region->places[duty->shared.items[i]].name);
	out_array_end(out);
	now_put_reported(out, frame, duty->reported);
	now_put_notes(out, frame, duty->notes);
	put_source(out, frame, duty);
	out_object_end(out);
}

static void
put_duties(struct json_out *out, const char *key, const struct now_frame *frame,
    struct lookup_duties duties)
{
	out_array(out, key);
	for (size_t i = 0; i < duties.count; i++)
		put_duty(out, frame, &duties.items[i]);
	out_array_end(out);
}

/* Overrides that the calendar contradicts, as sentences. */
static void
put_disputes(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;
	struct buf words = {0};

	out_array(out, "disputes");
	for (size_t i = 0; i < item->nwarnings; i++) {
		buf_reset(&words);
		override_words_warning(&words, &(struct override_told){
						   frame->map->setup,
						   region->rotas[item->warnings[i].rota].id,
						   item->warnings[i].override,
						   frame->sight != SIGHT_COUNTS,
					       });
		out_text(out, NULL, words.at);
	}
	out_array_end(out);
	buf_free(&words);
}

static void
put_fallback(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	struct buf words = {0};

	ring_put_fallback(
	    out, now_fallback_words(&words, frame, item) ? words.at : NULL, item->fallback_phone);
	buf_free(&words);
}

/* The numbers to ring where cover is missing or doubtful. The order is part of the answer: the
 * first number is to be rung first. */
static void
put_numbers(struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;

	out_array(out, "ring");
	for (size_t i = 0; i < item->nnumbers; i++) {
		const struct lookup_number *number = &item->numbers[i];
		struct buf words = {0};
		bool said = now_number_words(&words, frame, number);

		out_object(out, NULL);
		out_text(out, "kind", lookup_number_kind_name(number->kind));
		/* Members are made even for a number without words, so that a program can still
		 * dial it. */
		out_text(out, "text", said ? words.at : NULL);
		/* A line of a contact may have an extension or a bleep; the others are bare
		 * numbers. */
		ring_put(out, number->line != NULL ? region_ring(number->line, NULL)
						   : (struct region_ring){.phone = number->phone});
		out_text(out, "service",
		    number->service == REGION_NONE ? NULL : region->services[number->service].id);
		now_put_reported(out, frame, number->reported);
		out_object_end(out);
		buf_free(&words);
	}
	out_array_end(out);
}

/* An entry of the rota; a title may hold any name. */
static void
put_undecided(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;

	out_array(out, "undecided");
	for (size_t i = 0; i < item->nundecided; i++) {
		const struct lookup_entry *entry = &item->undecided[i];

		out_object(out, NULL);
		out_text(out, "rota", region->rotas[entry->rota].id);
		out_int(out, "tier", region->rotas[entry->rota].tier);
		out_text(out, "title",
		    frame->sight == SIGHT_COUNTS
			? NULL
			: now_shown_text(frame, rota_block_text(frame->map->rotas[entry->rota],
						    entry->shift->title)));
		out_time(out, "since", entry->served.start);
		out_time(out, "until", entry->served.end);
		out_object_end(out);
	}
	out_array_end(out);
}

/* A person who is named by either side of a dispute. */
static void
put_claim(struct json_out *out, const struct now_frame *frame, uint32_t person, const char *said_by)
{
	const struct region *region = frame->map->setup->region;

	if (person == REGION_NONE)
		return;
	out_object(out, NULL);
	out_text(
	    out, "name", frame->sight != SIGHT_COUNTS ? region_person(region, person)->name : NULL);
	out_text(out, "said_by", said_by);
	if (frame->sight == SIGHT_MOBILES)
		ring_put_own(out, now_own_ring(frame, person));
	out_object_end(out);
}

/* Of each override in dispute: who may be on, which side names them, and where to ring. None of
 * them counts as cover. If the calendar names nobody, the one who was replaced is the other
 * name. */
static void
put_disputed(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;

	out_array(out, "disputed");
	for (size_t i = 0; i < item->nwarnings; i++) {
		const struct kept_override *override = item->warnings[i].override;
		const struct region_rota *rota = &region->rotas[item->warnings[i].rota];

		/* Of the other kinds it is not in doubt who is on: put_disputes() has their
		 * sentence. */
		if (override->kind != OVERRIDE_DISPUTED)
			continue;
		out_object(out, NULL);
		out_int(out, "override_id", override->id);
		out_text(out, "rota", rota->id);
		out_text(out, "service", region->services[rota->service].id);
		/* The team's number and no person's: it is where to ask which of them is on. */
		ring_put(out, now_team_ring(frame, rota->service, REGION_NONE));
		out_time(out, "since", override->start);
		out_time(out, "until", override->end);
		out_array(out, "people");
		put_claim(out, frame, override->person, "override");
		for (uint32_t j = 0; j < override->nthird; j++)
			put_claim(out, frame, override->third[j], "calendar");
		if (override->nthird == 0)
			put_claim(out, frame, override->instead, "replaced");
		out_array_end(out);
		out_object_end(out);
	}
	out_array_end(out);
}

/* Every list is present, also when it is empty, so that a program need not distinguish a missing
 * key from an empty list. */
static void
put_function(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;
	const struct region_function *function = &region->functions[item->function];

	out_object(out, NULL);
	out_text(out, "function", function->code);
	out_text(out, "name", function->name);
	out_bool(out, "first", lookup_is_first(frame->lookup, item));
	out_text(out, "state", cover_state_name(item->state));
	out_int(out, "required", item->required);
	out_int(out, "present", item->present);
	out_text(out, "hours",
	    hours_words(frame->arena, frame->map->setup, frame->lookup->place, item->function,
		frame->lookup->at));
	put_duties(out, "on_call", frame, item->on_call);
	put_duties(out, "not_counted", frame, item->not_counted);
	put_duties(out, "last_known", frame, item->last_known);
	put_disputes(out, frame, item);
	put_disputed(out, frame, item);
	out_text(out, "cause", item->cause == CAUSE_NONE ? NULL : cover_cause_text(item->cause));
	out_text(
	    out, "cause_code", item->cause == CAUSE_NONE ? NULL : cover_cause_name(item->cause));
	out_time(out, "accepted_until", now_accepted_until(frame, item));
	sources_put_at_fault(
	    out, source_walk(frame->map, frame->now, frame->lookup->place, item->function,
		     (struct span_time){frame->lookup->at, frame->lookup->at + 1}));
	put_fallback(out, frame, item);
	put_numbers(out, frame, item);
	now_put_ladder(out, frame, item);
	put_undecided(out, frame, item);
	now_put_notes(out, frame, item->notes);
	now_put_protocols(out, frame, item->protocols);
	now_put_bundles(out, frame, item);
	/* Historical answers have none: null, which is not the same as an empty list. */
	if (frame->fragile == NULL)
		out_null(out, "warnings");
	else
		warnings_put(out, frame->arena, region, frame->fragile,
		    (struct warnings_wanted){.function = item->function, .at = frame->lookup->at});
	out_object_end(out);
}

/* For a place that does not exist at that instant: since or until when, and who answers instead. */
static void
put_life(struct json_out *out, const struct now_frame *frame)
{
	const struct succession *succession = &frame->lookup->succession;
	const struct region *region = frame->map->setup->region;
	char day[CIVIL_DAY_MAX];

	if (succession->life == PLACE_LIVES)
		return;
	civil_day_text(succession->day, day);
	out_text(out, succession->life == PLACE_ENDED ? "ended" : "begins", day);
	out_array(out, succession->life == PLACE_ENDED ? "successors" : "predecessors");
	for (uint32_t i = 0; i < succession->instead.count; i++) {
		const struct region_place *other = &region->places[succession->instead.items[i]];

		out_object(out, NULL);
		out_text(out, "code", other->code);
		out_text(out, "name", other->name);
		out_object_end(out);
	}
	out_array_end(out);
}

/* The order of keys is fixed: the answer about a past instant must be the same to the byte. */
void
now_render_json(struct json_out *out, const struct now_frame *frame)
{
	const struct lookup *lookup = frame->lookup;
	const struct region_place *place = &frame->map->setup->region->places[lookup->place];

	out_object(out, NULL);
	out_object(out, "place");
	out_text(out, "code", place->code);
	out_text(out, "name", place->name);
	put_life(out, frame);
	out_object_end(out);
	out_time(out, "at", lookup->at);
	out_local(out, "local", frame->map->setup->zone, lookup->at);
	map_age_put(out, frame->map, &frame->age);
	out_array(out, "functions");
	for (size_t i = 0; i < lookup->count; i++)
		put_function(out, frame, &lookup->items[i]);
	out_array_end(out);
	now_put_sites(out, frame);
	now_put_navigators(out, frame);
	out_array(out, "notices");
	if (lookup->count == 0)
		out_text(out, NULL, NOTICE_NOTHING);
	out_array_end(out);
	out_object_end(out);
}
