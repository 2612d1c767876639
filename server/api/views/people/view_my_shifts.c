/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/rights_swaps.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/map/cover.h"
#include "server/map/duty.h"

/*
 * GET /v1/me/shifts: when the person whose account it is is on, on every rota of every organisation, from memory. Their
 * own rota is told to nobody as theirs: an account that is no person's has no such list.
 */

static void
put_shift(struct json_out *out, struct ask *ask, uint32_t rota, const struct kept_shift *shift)
{
	const struct region *region = ask->region;
	const struct zone *zone = ask->map->setup->zone;
	struct span_time time = kept_shift_time(shift);
	uint32_t service = region->rotas[rota].service;

	out_object(out, NULL);
	out_text(out, "rota", region->rotas[rota].id);
	out_text(out, "service", service == REGION_NONE ? NULL : region->services[service].name);
	out_text(out, "class", kept_class_name((enum kept_class)shift->class));
	out_bool(out, "override", shift->override != 0);
	/* In all of it: where a part is left, the person is expected. */
	out_bool(out, "away",
	    duty_in(ask->arena, ask->map, shift, time).count == 0 && cover_counts(shift));
	out_time(out, "start", time.start);
	out_time(out, "end", time.end);
	out_local(out, "start_local", zone, time.start);
	out_local(out, "end_local", zone, time.end);
	out_object_end(out);
}

struct mine {
	uint32_t rota;
	const struct kept_shift *shift;
};

typedef VEC(struct mine) mine;

static void
collect_rota(struct ask *ask, uint32_t rota, uint32_t person, struct span_time window, mine *out)
{
	const struct rota_block *block = ask->map->rotas[rota];

	if (!rota_block_may_name(block, person))
		return;
	for (uint32_t i = rota_block_from(block, window.start);
	     i < block->count && (int64_t)block->shifts[i].start < window.end; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if (shift->person == person && shift->class != KEPT_ABSENCE &&
		    (int64_t)shift->end > window.start)
			*VEC_PUSH(ask->arena, out) = (struct mine){rota, shift};
	}
}

/* In the order of their times, as in a diary, and not rota by rota. */
static int
compare_mine(const void *left, const void *right)
{
	const struct mine *a = left, *b = right;

	if (a->shift->start != b->shift->start)
		return a->shift->start < b->shift->start ? -1 : 1;
	return (a->rota > b->rota) - (a->rota < b->rota);
}

static void
put_shifts(struct json_out *out, struct ask *ask, uint32_t person, struct span_time window)
{
	const struct mine *one;
	mine all = {0};

	for (uint32_t i = 0; i < ask->region->nrotas; i++)
		collect_rota(ask, i, person, window, &all);
	if (all.count > 1)
		qsort(all.items, all.count, sizeof *all.items, compare_mine);
	out_array(out, "shifts");
	VEC_EACH (one, &all)
		put_shift(out, ask, one->rota, one->shift);
	out_array_end(out);
}

void
view_my_shifts(struct ask *ask)
{
	uint32_t person = rights_own_person(ask->region, ask->account);
	struct span_time window = {
	    ask_time(ask, "from", ask->now), ask_time(ask, "to", ask->map->window.end)};
	struct json_out out = {0};
	char edge[CIVIL_RFC3339_MAX];

	if (person == REGION_NONE)
		ask_refuse(ask, 404,
		    "This account is no person's: an administrator of the organisation can link it to one.");
	if (window.start >= window.end)
		ask_fault(ask, "query.to", "is not after from");
	/* A part of what was asked for would look like the whole. */
	if (window.start < ask->map->window.start || window.end > ask->map->window.end) {
		civil_rfc3339(window.start < ask->map->window.start ? ask->map->window.start
								    : ask->map->window.end,
		    edge);
		ask_fault(ask, window.start < ask->map->window.start ? "query.from" : "query.to",
		    "is beyond %s, and no shifts beyond that are at hand here", edge);
	}
	if (!ask_fine(ask))
		return;
	out_object(&out, NULL);
	out_text(&out, "person", region_person(ask->region, person)->shown_id);
	out_text(&out, "name", region_person(ask->region, person)->name);
	out_text(&out, "calendar",
	    arena_printf(
		ask->arena, "/v1/people/%s.ics", region_person(ask->region, person)->shown_id));
	put_shifts(&out, ask, person, window);
	out_object_end(&out);
	ask_reply(ask, &out);
	ask_read(ask, READ_MY_SHIFTS, NULL, NULL, INSTANT_NONE);
	ask_end(ask);
}
