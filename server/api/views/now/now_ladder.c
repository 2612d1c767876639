/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "server/api/views/now/now_parts.h"
#include "server/api/views/parts/ring_put.h"
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/region_protected.h"

/* Whom to ring, in order, as JSON. The order and who is next are the model's (model/ladder.h). */

void
now_ladder_of(
    const struct now_frame *frame, const struct lookup_function *item, struct lookup_ladder *out)
{
	struct cover_asked asked = {.map = frame->map, .now = frame->now};

	lookup_ladder_make(frame->arena, &asked, frame->lookup,
	    (struct lookup_ladder_asked){item, frame->sight == SIGHT_MOBILES}, out);
}

const struct kept_report *
now_step_reported(const struct now_frame *frame, const struct lookup_ladder *made, size_t index)
{
	const struct ladder_step *step = &made->ladder.items[index];
	struct cover_asked asked = {.map = frame->map, .now = frame->now};

	switch (step->kind) {
	case LADDER_ON_CALL:
		return made->duties[step->duty]->reported;
	case LADDER_NUMBER:
		return made->numbers[step->number] != NULL ? made->numbers[step->number]->reported
							   : NULL;
	case LADDER_LINE:
		return lookup_line_report(&asked, step->rule->service, frame->lookup->at);
	case LADDER_PLACE:
	case LADDER_OTHER:
	case LADDER_CARD:
		break;
	}
	return NULL;
}

/* What step ${index} rings, in words: of people on call their name and function, of the others what the set-up calls them. False: it has no words for it. */
bool
now_step_words(struct buf *words, const struct now_frame *frame, const struct lookup_ladder *made,
    size_t index)
{
	const struct region *region = frame->map->setup->region;
	const struct ladder_step *step = &made->ladder.items[index];
	const struct lookup_duty *duty;
	const char *name = NULL;

	switch (step->kind) {
	case LADDER_ON_CALL:
		duty = made->duties[step->duty];
		name = now_name(
		    frame, duty, &region->functions[region->services[duty->service].function]);
		break;
	case LADDER_NUMBER:
		return made->numbers[step->number] != NULL
			   ? now_number_words(words, frame, made->numbers[step->number])
			   : now_fallback_words(words, frame, made->item);
	case LADDER_LINE:
		name = region->services[step->rule->service].name;
		break;
	case LADDER_PLACE:
		buf_printf(words, "Switchboard of %s", region->places[step->rule->place].name);
		return true;
	case LADDER_OTHER:
		name = now_shown_text(frame, step->rule->name);
		break;
	case LADDER_CARD:
		name = region->navigators[step->rule->navigator].name;
		break;
	}
	if (name != NULL)
		buf_add_text(words, name);
	return name != NULL;
}

const char *
now_step_passed(const struct ladder_step *step)
{
	switch (step->passed) {
	case LADDER_TO_RING:
		return NULL;
	case LADDER_TRIED:
		return report_outcome_name(step->reported.outcome);
	case LADDER_SAME_NUMBER:
		break;
	}
	return "same_number";
}

static const char *
kind_of(const struct lookup_ladder *made, const struct ladder_step *step)
{
	switch (step->kind) {
	case LADDER_ON_CALL:
		return "on_call";
	case LADDER_NUMBER:
		return lookup_number_kind_name(made->numbers[step->number] != NULL
						   ? made->numbers[step->number]->kind
						   : LOOKUP_FALLBACK);
	case LADDER_LINE:
		return "line";
	case LADDER_PLACE:
		return "switchboard";
	case LADDER_CARD:
		return "navigator";
	case LADDER_OTHER:
		break;
	}
	return "number";
}

/* The service whose line or person it is; REGION_NONE: of none. */
static uint32_t
service_of(const struct lookup_ladder *made, const struct ladder_step *step)
{
	switch (step->kind) {
	case LADDER_ON_CALL:
		return made->duties[step->duty]->service;
	case LADDER_NUMBER:
		return made->numbers[step->number] != NULL ? made->numbers[step->number]->service
							   : REGION_NONE;
	case LADDER_LINE:
		return step->rule->service;
	case LADDER_PLACE:
	case LADDER_OTHER:
	case LADDER_CARD:
		break;
	}
	return REGION_NONE;
}

/* What a report names: the entry of the rota. */
static void
put_duty(struct json_out *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	char entry[24];

	if (duty == NULL) {
		out_null(out, "entry");
		out_null(out, "tier");
		return;
	}
	snprintf(entry, sizeof entry, "%lld", (long long)duty->shift->id);
	out_text(out, "entry", entry);
	out_int(out, "tier", frame->map->setup->region->rotas[duty->rota].tier);
}

static void
put_position(struct json_out *out, const char *key, const struct ladder *ladder, size_t index)
{
	if (index < ladder->count)
		out_int(out, key, (int64_t)index + 1);
	else
		out_null(out, key);
}

void
now_put_step(struct json_out *out, const char *key, const struct now_frame *frame,
    const struct lookup_ladder *made, size_t index)
{
	const struct region *region = frame->map->setup->region;
	const struct ladder_step *step = &made->ladder.items[index];
	const struct lookup_duty *duty =
	    step->kind == LADDER_ON_CALL ? made->duties[step->duty] : NULL;
	uint32_t service = service_of(made, step);
	struct buf words = {0};
	bool said = now_step_words(&words, frame, made, index);

	out_object(out, key);
	out_int(out, "step", (int64_t)index + 1);
	out_text(out, "kind", kind_of(made, step));
	out_text(out, "name", said ? words.at : NULL);
	out_text(out, "function",
	    service == REGION_NONE ? NULL
				   : region->functions[region->services[service].function].code);
	out_text(out, "service", service == REGION_NONE ? NULL : region->services[service].id);
	put_duty(out, frame, duty);
	out_text(out, "number", step->ring.phone);
	out_text(out, "extension", step->ring.extension);
	out_text(out, "bleep", step->ring.bleep);
	out_bool(out, "via_switchboard", step->ring.via_switchboard);
	if (frame->sight == SIGHT_MOBILES && duty != NULL)
		ring_put_own(out, now_own_ring(frame, duty->person));
	out_int(out, "wait_seconds", step->wait_seconds);
	out_text(out, "navigator",
	    step->kind == LADDER_CARD ? region->navigators[step->rule->navigator].id : NULL);
	out_time(out, "until", step->until);
	out_text(out, "passed", now_step_passed(step));
	now_put_reported(out, frame, now_step_reported(frame, made, index));
	put_position(out, "next", &made->ladder, ladder_after(&made->ladder, index));
	out_object_end(out);
	buf_free(&words);
}

void
now_put_ladder(
    struct json_out *out, const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;
	struct lookup_ladder made;

	now_ladder_of(frame, item, &made);
	out_object(out, "ladder");
	out_text(
	    out, "of", made.ladder.of == REGION_NONE ? NULL : region->places[made.ladder.of].code);
	put_position(out, "next", &made.ladder, made.ladder.next);
	out_array(out, "steps");
	for (size_t i = 0; i < made.ladder.count; i++)
		now_put_step(out, NULL, frame, &made, i);
	out_array_end(out);
	out_object_end(out);
}

void
now_render_ladder(struct json_out *out, const struct now_frame *frame)
{
	const struct lookup *lookup = frame->lookup;
	const struct region *region = frame->map->setup->region;
	const struct lookup_function *item = &lookup->items[0];

	out_object(out, NULL);
	out_object(out, "place");
	out_text(out, "code", region->places[lookup->place].code);
	out_text(out, "name", region->places[lookup->place].name);
	out_object_end(out);
	out_text(out, "function", region->functions[lookup->function].code);
	out_text(out, "name", region->functions[lookup->function].name);
	out_time(out, "at", lookup->at);
	out_local(out, "local", frame->map->setup->zone, lookup->at);
	map_age_put(out, frame->map, &frame->age);
	out_text(out, "state", cover_state_name(item->state));
	now_put_ladder(out, frame, item);
	out_object_end(out);
}

/* ------------------------------------------------------------------------------------- as lines */

static const char *
passed_words(const struct ladder_step *step)
{
	if (step->passed == LADDER_SAME_NUMBER)
		return "NO ANSWER AT THIS NUMBER";
	switch (step->reported.outcome) {
	case REPORT_WRONG_PERSON:
		return "WRONG PERSON";
	case REPORT_DECLINED:
		return "DECLINED";
	case REPORT_NO_ANSWER:
	case REPORT_REACHED:
	case REPORT_OUTCOMES:
		break;
	}
	return "NO ANSWER";
}

/* When a card shuts, and where it is if it has no number. */
static void
add_card_words(struct buf *words, const struct now_frame *frame, const struct ladder_step *step)
{
	const struct region_navigator *card =
	    &frame->map->setup->region->navigators[step->rule->navigator];
	char until[CIVIL_RFC3339_MAX];

	if (step->until != INSTANT_NONE) {
		civil_rfc3339(zone_local(frame->map->setup->zone, step->until), until);
		buf_printf(words, ", open until %.5s", until + 11);
	}
	if (card->address != NULL)
		buf_printf(words, ", %s", card->address);
}

static void
add_step(struct now_lines *out, const struct now_frame *frame, const struct lookup_ladder *made,
    size_t index)
{
	const struct ladder_step *step = &made->ladder.items[index];
	const char *passed = step->passed == LADDER_TO_RING ? "" : passed_words(step);
	struct buf words = {0}, ring = {0};

	/* Names of people are not for every account. */
	if (!now_step_words(&words, frame, made, index))
		buf_add_text(
		    &words, step->kind == LADDER_ON_CALL
				? frame->map->setup->region->services[service_of(made, step)].name
				: "the fallback");
	if (step->kind == LADDER_CARD)
		add_card_words(&words, frame, step);
	region_ring_words(&ring, &step->ring, "");
	now_add_line(out, arena_printf(out->arena, "    %zu. ", index + 1), "%s%s%s%s%s%s",
	    words.at, ring.len > 0 ? "  tel " : "", ring.len > 0 ? ring.at : "",
	    *passed != '\0' ? "  (" : "", passed, *passed != '\0' ? ")" : "");
	buf_free(&words);
	buf_free(&ring);
}

bool
now_add_ladder(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	struct lookup_ladder made;

	now_ladder_of(frame, item, &made);
	if (made.ladder.of == REGION_NONE)
		return false;
	if (made.ladder.count == 0)
		now_add_line(out, "  ", "NO NUMBER IS KNOWN: ask your switchboard");
	else
		now_add_line(out, "  ", "Ring, in this order:");
	for (size_t i = 0; i < made.ladder.count; i++)
		add_step(out, frame, &made, i);
	return true;
}
