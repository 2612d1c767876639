/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* Whom to ring for a function at a place, one after the other. */

#define STEPS_MAX 12
#define WAIT_MIN_SECONDS 5
#define WAIT_MAX_SECONDS 600
#define TIER_MAX 9

/* What a step rings is said by exactly one of these keys; "on_call" may also stand beside "function". */
static void
read_what(const struct region_field *item, struct region_step *step)
{
	const struct region *region = item->reader->region;
	bool tier = field_get(item, "on_call").json != NULL,
	     function = field_get(item, "function").json != NULL,
	     service = field_get(item, "service").json != NULL,
	     place = field_get(item, "place").json != NULL,
	     phone = field_get(item, "phone").json != NULL,
	     navigator = field_get(item, "navigator").json != NULL;

	if ((tier || function) + service + place + phone + navigator != 1) {
		field_fault(item,
		    "must say whom to ring in one way: \"on_call\" with or without \"function\", \"service\", \"place\", \"navigator\", or \"phone\" with \"name\"");
		return;
	}
	step->kind = service     ? REGION_STEP_LINE
		     : place     ? REGION_STEP_PLACE
		     : phone     ? REGION_STEP_NUMBER
		     : navigator ? REGION_STEP_NAVIGATOR
				 : REGION_STEP_ON_CALL;
	step->tier = field_int(
	    item, "on_call", REGION_OPTIONAL, (struct field_range){1, TIER_MAX, .otherwise = 0});
	if (function)
		step->function = field_ref(
		    item, "function", REGION_REQUIRED, &region->function_by_code, "function");
	step->service =
	    field_ref(item, "service", REGION_OPTIONAL, &region->service_by_id, "service");
	step->place = field_ref(item, "place", REGION_OPTIONAL, &region->place_by_code, "place");
	step->navigator =
	    field_ref(item, "navigator", REGION_OPTIONAL, &region->navigator_by_id, "navigator");
	step->phone = field_phone(item, "phone");
}

/* A number of its own needs a name, since nobody rings a bare number at night; all else has one. */
static void
read_name(const struct region_field *item, struct region_step *step)
{
	struct region_field name = field_get(item, "name");

	step->name = field_text(
	    item, "name", step->kind == REGION_STEP_NUMBER ? REGION_REQUIRED : REGION_OPTIONAL);
	if (step->name != NULL && step->kind != REGION_STEP_NUMBER)
		field_fault(&name, "goes with \"phone\" alone: everything else has its own name");
}

static void
read_step(const struct region_field *item, uint32_t function, struct region_step *step)
{
	static const char *const known[] = {"on_call", "function", "service", "place", "name",
	    "phone", "navigator", "wait_seconds", "hours", NULL};
	struct region_field hours = field_get(item, "hours");

	*step = (struct region_step){.function = REGION_NONE,
	    .service = REGION_NONE,
	    .place = REGION_NONE,
	    .navigator = REGION_NONE};
	if (!field_object(item, known))
		return;
	read_what(item, step);
	read_name(item, step);
	if (step->kind == REGION_STEP_ON_CALL && step->function == REGION_NONE)
		step->function = function;
	step->wait_seconds = field_int(item, "wait_seconds", REGION_OPTIONAL,
	    (struct field_range){
		WAIT_MIN_SECONDS, WAIT_MAX_SECONDS, .otherwise = REGION_WAIT_SECONDS});
	if (hours.json != NULL)
		step->nhours = region_hours_read(&hours, &step->hours);
	if (json_is_array(hours.json) && step->nhours == 0)
		field_fault(
		    &hours, "must have at least one line; leave it out for a step of all hours");
}

static void
read_steps(const struct region_field *item, struct region_ladder *ladder)
{
	struct region_field list = field_get(item, "steps");
	size_t count = field_list(&list, REGION_REQUIRED);
	struct region_step *steps;

	if (json_is_array(list.json) && (count == 0 || count > STEPS_MAX)) {
		field_fault(&list, "must have 1 to %d steps", STEPS_MAX);
		return;
	}
	steps = arena_array(item->reader->arena, count, sizeof *steps);
	for (size_t i = 0; i < count; i++) {
		struct region_field step = field_at(&list, i);

		read_step(&step, ladder->function, &steps[i]);
		/* Where to go when nobody was reached: who can be rung comes before. */
		if (steps[i].kind == REGION_STEP_NAVIGATOR && i + 1 < count)
			field_fault(&step, "is a navigator, which is the last step or none");
	}
	ladder->steps = steps;
	ladder->nsteps = (uint32_t)count;
}

static void
read_ladder(const struct region_field *item, struct region_ladder *ladder)
{
	static const char *const known[] = {"function", "steps", NULL};

	*ladder = (struct region_ladder){.function = REGION_NONE};
	if (!field_object(item, known))
		return;
	ladder->function = field_ref(
	    item, "function", REGION_REQUIRED, &item->reader->region->function_by_code, "function");
	read_steps(item, ladder);
}

void
region_ladders_read(const struct region_field *item, struct region_place *place)
{
	struct region_field list = field_get(item, "ladders");
	size_t count = field_list(&list, REGION_OPTIONAL);
	struct region_ladder *ladders = arena_array(item->reader->arena, count, sizeof *ladders);

	for (size_t i = 0; i < count; i++) {
		struct region_field one = field_at(&list, i);
		struct region_field function = field_get(&one, "function");

		read_ladder(&one, &ladders[i]);
		for (size_t j = 0; j < i && ladders[i].function != REGION_NONE; j++)
			if (ladders[j].function == ladders[i].function)
				field_fault(&function, "has a ladder at this place already");
	}
	place->ladders = ladders;
	place->nladders = (uint32_t)count;
}

/* Whether the number of ${step} is that of ${person}: everybody is shown the one, and few the other. */
static bool
tells(const struct region_step *step, const struct region_person *person)
{
	return step->kind == REGION_STEP_NUMBER && person->contact != NULL &&
	       person->contact->number != NULL && strcmp(step->phone, person->contact->number) == 0;
}

bool
region_ladders_tell(const struct region *region, uint32_t person)
{
	for (uint32_t i = 0; i < region->nplaces; i++)
		for (uint32_t j = 0; j < region->places[i].nladders; j++) {
			const struct region_ladder *ladder = &region->places[i].ladders[j];

			for (uint32_t k = 0; k < ladder->nsteps; k++)
				if (tells(&ladder->steps[k], region_person(region, person)))
					return true;
		}
	return false;
}

static void
check_step(const struct region_field *item, const struct region_step *step)
{
	const struct region *region = item->reader->region;
	struct region_field phone = field_get(item, "phone");

	for (uint32_t i = 0; step->kind == REGION_STEP_NUMBER && i < region->npeople; i++)
		if (tells(step, region_person(region, i))) {
			field_fault(&phone,
			    "is the number of person %s, and everybody would see it: ring people by \"on_call\", or give the number of a team",
			    region_person(region, i)->id);
			return;
		}
}

void
region_ladders_check(const struct region_field *root)
{
	const struct region *region = root->reader->region;
	struct region_field places = field_get(root, "places");

	for (uint32_t i = 0; i < region->nplaces; i++) {
		struct region_field place = field_at(&places, i);
		struct region_field list = field_get(&place, "ladders");

		for (uint32_t j = 0; j < region->places[i].nladders; j++) {
			struct region_field ladder = field_at(&list, j);
			struct region_field steps = field_get(&ladder, "steps");

			for (uint32_t k = 0; k < region->places[i].ladders[j].nsteps; k++) {
				struct region_field step = field_at(&steps, k);

				check_step(&step, &region->places[i].ladders[j].steps[k]);
			}
		}
	}
}
