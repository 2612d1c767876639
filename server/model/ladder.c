/* SPDX-License-Identifier: MIT */
#include "server/model/ladder.h"

#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/model/nearest.h"

/* A ladder while it is made: the steps that it has so far, first to last, and what they are made from. Functions that add
 * a step leave out what the draft rings already. */
struct draft {
	struct arena *arena;
	const struct ladder_asked *asked;
	VEC(struct ladder_step) steps;
};

/* ------------------------------------------------------------------------------------ the set-up */

static const struct region_ladder *
ladder_at(const struct region_place *place, uint32_t function)
{
	for (uint32_t i = 0; i < place->nladders; i++)
		if (place->ladders[i].function == function)
			return &place->ladders[i];
	return NULL;
}

static bool
has_ladder(const struct region_place *place, uint32_t function)
{
	return ladder_at(place, function) != NULL;
}

const struct region_ladder *
ladder_set_up(
    struct arena *arena, const struct region *region, const struct ladder_of *asked, uint32_t *of)
{
	*of = region_nearest(arena, region,
	    &(struct nearest_asked){asked->place, asked->day, has_ladder, asked->function});
	return *of == REGION_NONE ? NULL : ladder_at(&region->places[*of], asked->function);
}

bool
ladder_rings(const struct region *region, const struct region_ladder *ladder, uint32_t service)
{
	for (uint32_t i = 0; i < ladder->nsteps; i++) {
		const struct region_step *step = &ladder->steps[i];

		if (step->kind == REGION_STEP_LINE
			? step->service == service
			: step->kind == REGION_STEP_ON_CALL &&
			      step->function == region->services[service].function)
			return true;
	}
	return false;
}

/* Whether the hours of ${step} hold at the instant asked for. A step without hours holds at every hour. */
static bool
holds_now(const struct draft *draft, const struct region_step *step)
{
	const struct ladder_asked *asked = draft->asked;
	struct hours_lines lines = {step->hours, step->nhours};

	return step->nhours == 0 || hours_pieces(draft->arena, &lines, asked->zone, asked->holidays,
					(struct span_time){asked->at, asked->at + 1})
					    .count > 0;
}

/* ------------------------------------------------------------------------------------- the order */

/* Whether the number of ${ring} is rung by the ladder already, and nobody in particular is asked for
 * there. */
static bool
has_number(const struct draft *draft, const struct region_ring *ring)
{
	for (size_t i = 0; ring->phone != NULL && i < draft->steps.count; i++) {
		const struct ladder_step *step = &draft->steps.items[i];

		if (step->kind != LADDER_ON_CALL && step->ring.phone != NULL &&
		    strcmp(step->ring.phone, ring->phone) == 0)
			return true;
	}
	return false;
}

static bool
has_duty(const struct draft *draft, const struct ladder_duty *duty)
{
	for (size_t i = 0; i < draft->steps.count; i++) {
		const struct ladder_step *step = &draft->steps.items[i];
		const struct ladder_duty *other;

		if (step->kind != LADDER_ON_CALL)
			continue;
		other = &draft->asked->duties[step->duty];
		/* Two lines of teams are two telephones. */
		if (other == duty || (duty->person != REGION_NONE && other->person == duty->person))
			return true;
	}
	return false;
}

/* The one of ${asked->duties} at ${index}. ${step}: of the set-up, which asks for it; NULL: no step does. */
static void
add_duty(struct draft *draft, const struct region_step *step, size_t index)
{
	const struct region *region = draft->asked->region;
	const struct ladder_duty *duty = &draft->asked->duties[index];

	if (has_duty(draft, duty))
		return;
	*VEC_PUSH(draft->arena, &draft->steps) = (struct ladder_step){
	    .kind = LADDER_ON_CALL,
	    .rule = step,
	    .duty = index,
	    .ring = region_ring_team(region, &region->services[duty->service], duty->person,
		&region->places[draft->asked->place]),
	    .wait_seconds = step != NULL ? step->wait_seconds : REGION_WAIT_SECONDS,
	    .until = INSTANT_NONE,
	    .reported = duty->reported,
	};
}

/* All on call of ${function}; ${tier}: 0 for every tier. */
static void
add_duties(struct draft *draft, const struct region_step *step, uint32_t function, int32_t tier)
{
	for (size_t i = 0; i < draft->asked->nduties; i++)
		if (draft->asked->duties[i].function == function &&
		    (tier == 0 || draft->asked->duties[i].tier == tier))
			add_duty(draft, step, i);
}

/* A step without a number rings nobody: nobody is to be shown one that cannot be rung. */
static void
add_step(struct draft *draft, const struct region_step *step, enum ladder_kind kind,
    struct region_ring ring, struct ladder_report reported)
{
	if ((ring.phone == NULL && ring.bleep == NULL) || has_number(draft, &ring))
		return;
	*VEC_PUSH(draft->arena, &draft->steps) = (struct ladder_step){
	    .kind = kind,
	    .rule = step,
	    .ring = ring,
	    .wait_seconds = step->wait_seconds,
	    .until = INSTANT_NONE,
	    .reported = reported,
	};
}

/* Only while it is open: one that is shut, has said that it is closed, or whose hours nobody has said, sends nobody
 * anywhere. It may have an address alone. */
static void
add_card(struct draft *draft, const struct region_step *step)
{
	const struct ladder_asked *asked = draft->asked;
	const struct region_navigator *card = &asked->region->navigators[step->navigator];
	struct navigator_answer is = navigator_judge(draft->arena, card,
	    &(struct navigator_asked){asked->zone, asked->holidays, asked->at,
		asked->closed(asked->ctx, step->navigator)});

	if (is.state == NAVIGATOR_OPEN)
		*VEC_PUSH(draft->arena, &draft->steps) = (struct ladder_step){
		    .kind = LADDER_CARD,
		    .rule = step,
		    .ring = region_ring(card->line, &asked->region->places[asked->place]),
		    .wait_seconds = step->wait_seconds,
		    .until = is.until,
		};
}

/* What ${step} of the set-up asks for: as many steps as people are on call, or one. */
static void
add_of_set_up(struct draft *draft, const struct region_step *step)
{
	const struct ladder_asked *asked = draft->asked;
	const struct region *region = asked->region;
	struct ladder_report none = {0};

	switch (step->kind) {
	case REGION_STEP_ON_CALL:
		add_duties(draft, step, step->function, step->tier);
		break;
	case REGION_STEP_LINE:
		add_step(draft, step, LADDER_LINE,
		    region_ring(
			region->services[step->service].line, &region->places[asked->place]),
		    asked->line(asked->ctx, step->service));
		break;
	case REGION_STEP_PLACE:
		add_step(draft, step, LADDER_PLACE,
		    (struct region_ring){.phone = region->places[step->place].switchboard}, none);
		break;
	case REGION_STEP_NUMBER:
		add_step(
		    draft, step, LADDER_OTHER, (struct region_ring){.phone = step->phone}, none);
		break;
	case REGION_STEP_NAVIGATOR:
		add_card(draft, step);
		break;
	}
}

/* The last step that asks for people on call of the function itself and holds at this hour; the number of steps, if none
 * does. */
static uint32_t
last_own_step(const struct draft *draft, const struct region_ladder *ladder)
{
	uint32_t last = ladder->nsteps;

	for (uint32_t i = 0; i < ladder->nsteps; i++)
		if (ladder->steps[i].kind == REGION_STEP_ON_CALL &&
		    ladder->steps[i].function == draft->asked->function &&
		    holds_now(draft, &ladder->steps[i]))
			last = i;
	return last;
}

/* All who are on call for the function are rung, also if the ladder asks for its 1st on call alone and the 2nd has the night:
 * those whom no step asks for come after the last one that asks for people of the function, else after all steps. */
static void
add_all_of_set_up(struct draft *draft, const struct region_ladder *ladder)
{
	uint32_t last = last_own_step(draft, ladder);

	for (uint32_t i = 0; i < ladder->nsteps; i++) {
		if (holds_now(draft, &ladder->steps[i]))
			add_of_set_up(draft, &ladder->steps[i]);
		if (i == last)
			add_duties(draft, &ladder->steps[i], draft->asked->function, 0);
	}
	add_duties(draft, NULL, draft->asked->function, 0);
}

/* ${each}: also those whose number is there already: a lookup shows each with what it is. */
static void
add_numbers(struct draft *draft, bool each)
{
	for (size_t i = 0; i < draft->asked->nnumbers; i++) {
		const struct ladder_number *number = &draft->asked->numbers[i];

		if (!each && has_number(draft, &number->ring))
			continue;
		*VEC_PUSH(draft->arena, &draft->steps) = (struct ladder_step){
		    .kind = LADDER_NUMBER,
		    .number = i,
		    .ring = number->ring,
		    .wait_seconds = REGION_WAIT_SECONDS,
		    .until = INSTANT_NONE,
		    .reported = number->reported,
		};
	}
}

/* ------------------------------------------------------------------------------------ who is next */

/* Who did not answer may do so later; a wrong person stays one, and who declined has said so. */
static bool
was_tried(const struct draft *draft, const struct ladder_report *reported)
{
	return reported->told && reported->outcome != REPORT_REACHED &&
	       (reported->outcome != REPORT_NO_ANSWER ||
		   draft->asked->at - reported->at < REPORT_AGAIN_SECONDS);
}

/* Whether the person of ${step} has a number of their own that the reader is shown: it may be answered where the team's is not. */
static bool
has_own(const struct draft *draft, const struct ladder_step *step)
{
	const struct ladder_asked *asked = draft->asked;

	return asked->sees_own && step->kind == LADDER_ON_CALL &&
	       region_ring_person(asked->region, asked->duties[step->duty].person,
		   &asked->region->places[asked->place])
		       .phone != NULL;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The extension and the bleep are a part of what is rung. */
static bool
same_ring(const struct region_ring *a, const struct region_ring *b)
{
	return a->phone != NULL && same_text(a->phone, b->phone) &&
	       same_text(a->extension, b->extension) && same_text(a->bleep, b->bleep);
}

/* Whether nobody answered at ${ring}, as a step reported it. */
static bool
is_silent(const struct draft *draft, const struct region_ring *ring)
{
	for (size_t i = 0; i < draft->steps.count; i++) {
		const struct ladder_step *step = &draft->steps.items[i];

		if (step->passed == LADDER_TRIED && step->reported.outcome == REPORT_NO_ANSWER &&
		    same_ring(&step->ring, ring))
			return true;
	}
	return false;
}

/* Says of each step why it need not be rung now. */
static void
mark_passed(struct draft *draft)
{
	for (size_t i = 0; i < draft->steps.count; i++)
		if (was_tried(draft, &draft->steps.items[i].reported))
			draft->steps.items[i].passed = LADDER_TRIED;
	for (size_t i = 0; i < draft->steps.count; i++) {
		struct ladder_step *step = &draft->steps.items[i];

		if (step->passed == LADDER_TO_RING && !has_own(draft, step) &&
		    is_silent(draft, &step->ring))
			step->passed = LADDER_SAME_NUMBER;
	}
}

size_t
ladder_after(const struct ladder *ladder, size_t index)
{
	do
		index++;
	while (index < ladder->count && ladder->items[index].passed != LADDER_TO_RING);
	return index < ladder->count ? index : ladder->count;
}

void
ladder_make(struct arena *arena, const struct ladder_asked *asked, struct ladder *out)
{
	struct draft draft = {.arena = arena, .asked = asked};
	const struct ladder_of of = {
	    asked->place, asked->function, civil_day_of(zone_local(asked->zone, asked->at))};
	const struct region_ladder *ladder = ladder_set_up(arena, asked->region, &of, &out->of);

	if (ladder == NULL && asked->rings_people)
		add_duties(&draft, NULL, asked->function, 0);
	if (ladder != NULL)
		add_all_of_set_up(&draft, ladder);
	add_numbers(&draft, ladder == NULL);
	mark_passed(&draft);
	out->items = draft.steps.items;
	out->count = draft.steps.count;
	out->next = 0;
	while (out->next < out->count && out->items[out->next].passed != LADDER_TO_RING)
		out->next++;
}
