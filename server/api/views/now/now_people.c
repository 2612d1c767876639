/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_render.h"
#include "server/model/region_protected.h"

/* The parts of the Now answer about people and telephones, alike in JSON and in text. */

/* Of a person who is withheld, what is on duty: not the person, who may have several roles. */
const char *
now_name(const struct now_frame *frame, const struct lookup_duty *duty,
    const struct region_function *function)
{
	const struct region *region = frame->map->setup->region;

	if (frame->sight == SIGHT_COUNTS)
		return NULL;
	if (duty->person == REGION_NONE || !region_is_withheld(region_person(region, duty->person)))
		return duty->name;
	return region_withheld_name(frame->arena, region, region_person(region, duty->person),
	    (uint32_t)(function - region->functions));
}

const char *
now_shown_text(const struct now_frame *frame, const char *text)
{
	return frame->view == NULL ? text : protection_view_text(frame->view, text);
}

/* A person without any number is still on duty, and the answer must say that the caller needs
 * another way. */
bool
now_reachable(const struct now_frame *frame, const struct lookup_duty *duty)
{
	return now_team_ring(frame, duty->service, duty->person).phone != NULL ||
	       now_own_ring(frame, duty->person).phone != NULL;
}

static const struct region_place *
asked_place(const struct now_frame *frame)
{
	return &frame->map->setup->region->places[frame->lookup->place];
}

struct region_ring
now_team_ring(const struct now_frame *frame, uint32_t service, uint32_t person)
{
	const struct region *region = frame->map->setup->region;

	return region_ring_team(region, &region->services[service], person, asked_place(frame));
}

struct region_ring
now_own_ring(const struct now_frame *frame, uint32_t person)
{
	return region_ring_person(frame->map->setup->region, person, asked_place(frame));
}

/* A team line is no person's name, but the person who comes after it may be named. */
static bool
any_person(struct lookup_duties duties)
{
	for (size_t i = 0; i < duties.count; i++)
		/* A note may name anybody. */
		if (duties.items[i].person != REGION_NONE || duties.items[i].next_name != NULL ||
		    duties.items[i].notes.count > 0)
			return true;
	return false;
}

/* Decides whether the answer is noted in the audit. In doubt it is: everything that may hold a name
 * counts. */
bool
now_personal(const struct now_frame *frame)
{
	if (frame->sight == SIGHT_COUNTS)
		return false;
	for (size_t i = 0; i < frame->lookup->count; i++)
		if (any_person(frame->lookup->items[i].on_call) ||
		    any_person(frame->lookup->items[i].not_counted) ||
		    any_person(frame->lookup->items[i].last_known) ||
		    frame->lookup->items[i].nwarnings > 0 ||  /* disputes name who is in them */
		    frame->lookup->items[i].nundecided > 0 || /* titles may, too */
		    frame->lookup->items[i].notes.count > 0)
			return true;
	for (size_t i = 0; i < frame->lookup->naside; i++)
		if (any_person(frame->lookup->aside[i].on_call))
			return true;
	return false;
}
