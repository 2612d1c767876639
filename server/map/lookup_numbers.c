/* SPDX-License-Identifier: MIT */
#include "server/base/vec.h"
#include "server/map/lookup_private.h"

/* Numbers to ring. A caller must find one even if nobody is on. */

typedef VEC(struct lookup_number) number_list;

const char *
lookup_number_kind_name(enum lookup_number_kind kind)
{
	static const char *const names[] = {
	    [LOOKUP_SWITCHBOARD] = "switchboard",
	    [LOOKUP_FALLBACK] = "fallback",
	    [LOOKUP_LINE] = "line",
	};

	return names[kind];
}

/* The next service of ${function} that lists the place at the instant; NULL: no more. */
static const struct region_service *
next_service(const struct looking *looking, uint32_t function, uint32_t *next, uint32_t *index)
{
	const struct region_list *services = &looking->region->places[looking->place].services;

	while (*next < services->count) {
		const struct region_service *service =
		    &looking->region->services[services->items[*next]];

		*index = services->items[(*next)++];
		if (lookup_is_of(looking, looking->place, service->function, function) &&
		    lookup_listed_now(looking, looking->place, service))
			return service;
	}
	return NULL;
}

/* A number may occur twice, if two services give the same; each is shown with its service. */
static void
add_fallbacks(const struct looking *looking, const struct lookup_function *of, number_list *list)
{
	const struct region_service *service;
	uint32_t next = 0, index;

	/* the place does not exist: the number of the place that answers instead */
	if (looking->succession.life != PLACE_LIVES && of->fallback_phone != NULL)
		*VEC_PUSH(looking->arena, list) = (struct lookup_number){LOOKUP_FALLBACK,
		    of->fallback_phone, of->fallback_line, REGION_NONE, false, NULL};
	while ((service = next_service(looking, of->function, &next, &index)) != NULL)
		if (service->fallback_phone != NULL)
			*VEC_PUSH(looking->arena, list) = (struct lookup_number){
			    LOOKUP_FALLBACK, service->fallback_phone, NULL, index, false, NULL};
}

/* Adds the services' own lines, unless somebody is on: then the line is shown beside the name. */
static void
add_lines(const struct looking *looking, const struct lookup_function *of, number_list *list)
{
	const struct region_service *service;
	uint32_t next = 0, index;

	/* When no cover is required now, the line of a service is not a way out of a gap. */
	if ((of->state != COVER_GAP && of->state != COVER_UNKNOWN) || of->on_call.count > 0)
		return;
	while ((service = next_service(looking, of->function, &next, &index)) != NULL)
		if (service->phone != NULL)
			*VEC_PUSH(looking->arena, list) = (struct lookup_number){LOOKUP_LINE,
			    service->phone, service->line, index, of->state == COVER_GAP,
			    lookup_remark_line(looking, service->function, index)};
}

/* A fixed order: the switchboard knows most and answers at any hour. The services' lines are last,
 * because nobody is known to be at them. */
void
lookup_find_numbers(const struct looking *looking, struct lookup_function *out)
{
	const struct region_place *place = &looking->region->places[looking->place];
	number_list list = {0};

	/* The names of those on duty are in the answer; a switchboard beside them would draw calls
	 * away from them. */
	if (out->state == COVER_COVERED)
		return;
	if (place->switchboard != NULL)
		*VEC_PUSH(looking->arena, &list) = (struct lookup_number){
		    LOOKUP_SWITCHBOARD, place->switchboard, NULL, REGION_NONE, false, NULL};
	add_fallbacks(looking, out, &list);
	add_lines(looking, out, &list);
	out->numbers = list.items;
	out->nnumbers = list.count;
}
