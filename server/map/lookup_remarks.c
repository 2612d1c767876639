/* SPDX-License-Identifier: MIT */
#include "server/base/vec.h"
#include "server/map/lookup_private.h"

/* Reports and notes about those whom a lookup names. They are shown beside them, and change no
 * state and no list of people. */

static struct remarks_asked
asked_of(const struct looking *looking, uint32_t function, uint32_t service)
{
	return (struct remarks_asked){
	    .service = service,
	    .rota = REGION_NONE,
	    .function = function,
	    .person = REGION_NONE,
	    .at = looking->at,
	    .now = looking->asked->now,
	};
}

void
lookup_remark_duty(const struct looking *looking, uint32_t function, struct lookup_duty *duty)
{
	const struct snapshot *map = looking->asked->map;
	struct remarks_asked asked = asked_of(looking, function, duty->service);
	struct remarks_shift shift = {
	    .rota = duty->rota,
	    .person = duty->person,
	    .team = duty->person == REGION_NONE ? duty->name : NULL,
	    .start = duty->shift->start,
	    .end = duty->shift->end,
	};

	asked.rota = duty->rota;
	asked.person = duty->person;
	duty->reported = remarks_report(map->remarks, &asked);
	duty->notes = remarks_notes_of_shift(looking->arena, map->remarks, &shift, &asked);
}

const struct kept_report *
lookup_remark_line(const struct looking *looking, uint32_t function, uint32_t service)
{
	struct remarks_asked asked = asked_of(looking, function, service);

	return remarks_report(looking->asked->map->remarks, &asked);
}

typedef VEC(const struct kept_note *) note_list;

static void
add_notes(const struct looking *looking, note_list *list, struct kept_notes notes)
{
	for (size_t i = 0; i < notes.count; i++)
		*VEC_PUSH(looking->arena, list) = notes.items[i];
}

void
lookup_remark_function(const struct looking *looking, struct lookup_function *out)
{
	const struct remarks *remarks = looking->asked->map->remarks;
	const struct region_list *services = &looking->region->places[looking->place].services;
	struct remarks_asked asked = asked_of(looking, out->function, REGION_NONE);
	note_list list = {0};

	if (remarks->nnotes == 0)
		return;
	add_notes(looking, &list,
	    remarks_notes_of_function(looking->arena, remarks, looking->place, &asked));
	for (uint32_t i = 0; i < services->count; i++) {
		const struct region_service *service =
		    &looking->region->services[services->items[i]];

		asked.service = services->items[i];
		if (lookup_is_of(looking, looking->place, service->function, out->function) &&
		    lookup_listed_now(looking, looking->place, service))
			add_notes(looking, &list,
			    remarks_notes_of_service(looking->arena, remarks, &asked));
	}
	out->notes = (struct kept_notes){list.items, list.count};
}
