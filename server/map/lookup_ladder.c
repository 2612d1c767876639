/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/map/lookup_private.h"

/* Whom to ring, in order: what a lookup found, as the rule of ladders (model/ladder.h) takes it. */

struct gathering {
	struct arena *arena;
	const struct cover_asked *asked;
	const struct lookup *lookup;
	VEC(struct ladder_duty) duties;
	VEC(const struct lookup_duty *) found;
	VEC(struct ladder_number) numbers;
	VEC(const struct lookup_number *) known;
};

static struct ladder_report
report_of(const struct kept_report *report)
{
	if (report == NULL)
		return (struct ladder_report){0};
	return (struct ladder_report){true, (enum report_outcome)report->outcome, report->at};
}

/* Those who are on call, by tier: the order of the lookup. */
static void
gather_duties(struct gathering *g, const struct lookup_function *item)
{
	const struct region *region = g->asked->map->setup->region;

	for (size_t i = 0; i < item->on_call.count; i++) {
		const struct lookup_duty *duty = &item->on_call.items[i];

		*VEC_PUSH(g->arena, &g->duties) = (struct ladder_duty){
		    .function = item->function,
		    .service = duty->service,
		    .person = duty->person,
		    .rota = duty->rota,
		    .tier = region->rotas[duty->rota].tier,
		    .reported = report_of(duty->reported),
		};
		*VEC_PUSH(g->arena, &g->found) = duty;
	}
}

static bool
has_phone(const struct lookup_function *item, const char *phone)
{
	for (size_t i = 0; phone != NULL && i < item->nnumbers; i++)
		if (strcmp(item->numbers[i].phone, phone) == 0)
			return true;
	return false;
}

/* The numbers of the lookup, and last the fallback, if it is not among them or has none. */
static void
gather_numbers(struct gathering *g, const struct lookup_function *item)
{
	for (size_t i = 0; i < item->nnumbers; i++) {
		const struct lookup_number *number = &item->numbers[i];

		*VEC_PUSH(g->arena, &g->numbers) = (struct ladder_number){
		    .ring = number->line != NULL ? region_ring(number->line, NULL)
						 : (struct region_ring){.phone = number->phone},
		    .reported = report_of(number->reported),
		};
		*VEC_PUSH(g->arena, &g->known) = number;
	}
	if (has_phone(item, item->fallback_phone) ||
	    (item->fallback_text == NULL && g->lookup->succession.life == PLACE_LIVES))
		return;
	*VEC_PUSH(g->arena, &g->numbers) =
	    (struct ladder_number){.ring = {.phone = item->fallback_phone}};
	*VEC_PUSH(g->arena, &g->known) = NULL;
}

const struct kept_report *
lookup_line_report(const struct cover_asked *asked, uint32_t service, int64_t at)
{
	const struct remarks_asked line = {
	    .service = service,
	    .rota = REGION_NONE,
	    .function = asked->map->setup->region->services[service].function,
	    .person = REGION_NONE,
	    .at = at,
	    .now = asked->now,
	};

	return remarks_report(asked->map->remarks, &line);
}

static struct ladder_report
line_report(const void *ctx, uint32_t service)
{
	const struct gathering *g = ctx;

	return report_of(lookup_line_report(g->asked, service, g->lookup->at));
}

static struct span_time
closed_at(const void *ctx, uint32_t navigator)
{
	const struct gathering *g = ctx;

	return closings_at(g->asked->map->closings, navigator, g->lookup->at);
}

void
lookup_ladder_make(struct arena *arena, const struct cover_asked *asked,
    const struct lookup *lookup, struct lookup_ladder_asked of, struct lookup_ladder *out)
{
	const struct snapshot_region *setup = asked->map->setup;
	struct gathering g = {.arena = arena, .asked = asked, .lookup = lookup};
	struct ladder_asked wanted = {
	    .region = setup->region,
	    .zone = setup->zone,
	    .holidays = &setup->holidays,
	    .place = lookup->place,
	    .function = of.item->function,
	    .at = lookup->at,
	    .rings_people = of.item->state == COVER_COVERED || of.item->state == COVER_SHORT,
	    .sees_own = of.sees_own,
	    .line = line_report,
	    .closed = closed_at,
	    .ctx = &g,
	};

	for (size_t i = 0; i < lookup->count; i++)
		gather_duties(&g, &lookup->items[i]);
	for (size_t i = 0; i < lookup->naside; i++)
		gather_duties(&g, &lookup->aside[i]);
	gather_numbers(&g, of.item);
	wanted.duties = g.duties.items;
	wanted.nduties = g.duties.count;
	wanted.numbers = g.numbers.items;
	wanted.nnumbers = g.numbers.count;
	ladder_make(arena, &wanted, &out->ladder);
	out->item = of.item;
	out->duties = g.found.items;
	out->numbers = g.known.items;
}
