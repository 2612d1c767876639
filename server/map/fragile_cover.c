/* SPDX-License-Identifier: MIT */
#include "server/map/fragile_cover.h"

#include <stdlib.h>

#include "server/base/breath.h"
#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/map/duty.h"
#include "server/model/freshness.h"

struct looking {
	struct arena *arena;
	const struct cover_asked *asked;
	const struct region *region;
	struct span_time window;
	uint8_t *persons; /* by person of the region: whether the person counts in one of these
			     demands */
	VEC(struct fragile_cover_warning) found;
};

/* A stale source still counts, which is why cover that depends on it alone is fragile. An unknown
 * source no longer does. */
static bool
is_stale(const struct looking *looking, uint32_t rota)
{
	enum freshness freshness =
	    kept_feed_freshness(looking->asked->map->feeds[rota], looking->asked->now);

	return freshness == FRESHNESS_STALE || freshness == FRESHNESS_UNKNOWN;
}

/* The index of the rota among the demand's sources. The shifts of a cover come from the demand's
 * rotas only, so that it is always found. */
static uint32_t
source_of(const struct region_demand *demand, uint32_t rota)
{
	uint32_t i = 0;

	while (demand->rotas.items[i] != rota) {
		i++;
		INVARIANT(i < demand->rotas.count);
	}
	return i;
}

/* Tells the model who each shift is. A team line is nobody here: two shifts of the same team are
 * not the same person in two places. */
static struct fragile_shift *
shifts_of(struct looking *looking, const struct region_demand *demand, const struct cover *cover)
{
	struct fragile_shift *shifts =
	    arena_array(looking->arena, cover->nshifts + 1, sizeof *shifts);

	for (size_t i = 0; i < cover->nshifts; i++) {
		const struct kept_shift *kept = cover->shifts[i].shift;
		bool named = kept->class != KEPT_TEAM && kept->person != REGION_NONE;

		shifts[i] = (struct fragile_shift){
		    .id = kept->id,
		    .start = cover->shifts[i].start,
		    .end = cover->shifts[i].end,
		    .person = named ? kept->person : SWEEP_NOBODY,
		    .team = kept->team,
		    .source = source_of(demand, cover->shifts[i].rota),
		    .override = kept->override != 0,
		    .as_last_read = kept->as_last_read != 0,
		    .lacks = named && !duty_holds(looking->region, kept, demand->function),
		};
	}
	return shifts;
}

/* Marks the people on the demand's rotas: only they can be in two places here. */
static void
note_persons(struct looking *looking, const struct region_demand *demand, const struct cover *cover)
{
	bool any = looking->region->requirements[demand->requirement].role == REGION_ROLE_ANY;

	for (size_t i = 0; i < cover->nshifts; i++) {
		const struct kept_shift *shift = cover->shifts[i].shift;

		if (cover_names(shift) &&
		    (any || duty_holds(looking->region, shift, demand->function)))
			looking->persons[shift->person] = 1;
	}
}

static void
add(struct looking *looking, uint32_t demand, const struct fragile_warning *warning)
{
	*VEC_PUSH(looking->arena, &looking->found) =
	    (struct fragile_cover_warning){.found = *warning, .demand = demand};
}

/* The model judges (model/fragile.h). This function gives it what the map knows of one demand: its
 * spans, shifts and sources. */
static void
look_at_demand(struct looking *looking, uint32_t index)
{
	const struct region_demand *demand = &looking->region->demands[index];
	struct fragile_source *sources =
	    arena_array(looking->arena, demand->rotas.count + 1, sizeof *sources);
	struct fragile_warnings warnings;
	struct cover cover;

	/* Of a bundle the requirements of its functions have the warnings: its own function is
	 * nobody's. */
	if (demand->nmembers > 0)
		return;
	cover_demand(looking->arena, looking->asked, index, looking->window, &cover);
	for (uint32_t i = 0; i < demand->rotas.count; i++) {
		uint32_t rota = demand->rotas.items[i];

		sources[i] = (struct fragile_source){rota, looking->region->rotas[rota].tier,
		    is_stale(looking, rota), kept_feed_horizon(looking->asked->map->feeds[rota])};
	}
	warnings = fragile_find(looking->arena,
	    &(struct fragile_input){
		.spans = cover.spans,
		.shifts = shifts_of(looking, demand, &cover),
		.nshifts = cover.nshifts,
		.sources = sources,
		.handover_minutes =
		    looking->region->requirements[demand->requirement].handover_minutes,
		.now = looking->asked->now,
	    });
	for (size_t i = 0; i < warnings.count; i++)
		add(looking, index, &warnings.items[i]);
	note_persons(looking, demand, &cover);
}

/* ---- Two places. */

typedef VEC(struct fragile_duty) duty_list;

/* Leave splits a shift: while the person is away, the person is not in this place. */
static void
add_duty(struct looking *looking, uint32_t rota, const struct kept_shift *shift,
    struct span_time time, duty_list *duties)
{
	struct span_times on = duty_in(looking->arena, looking->asked->map, shift, time);

	for (size_t i = 0; i < on.count; i++)
		*VEC_PUSH(looking->arena, duties) =
		    (struct fragile_duty){shift->person, rota, on.items[i].start, on.items[i].end};
}

/* Until when ${shift} counts: an override always, another shift while its source is trusted. */
static int64_t
believed_until(const struct kept_shift *shift, int64_t trusted)
{
	return shift->override || (int64_t)shift->end < trusted ? (int64_t)shift->end : trusted;
}

/* Adds the shifts of the marked people on ${rota} that are overrides or from a trusted source. */
static void
gather(struct looking *looking, uint32_t rota, duty_list *duties)
{
	const struct snapshot *map = looking->asked->map;
	const struct rota_block *block = map->rotas[rota];
	int64_t trusted = kept_feed_trusted_until(map->feeds[rota], looking->asked->now);

	for (uint32_t i = rota_block_from(block, looking->window.start); i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if ((int64_t)shift->start >= looking->window.end)
			break;
		if ((int64_t)shift->end <= looking->window.start ||
		    /* A warning from a source that is no longer trusted would ask people to correct
		     * what may have been corrected long ago. */
		    (int64_t)shift->start >= believed_until(shift, trusted) ||
		    !cover_names(shift) || !looking->persons[shift->person])
			continue;
		add_duty(looking, rota, shift,
		    (struct span_time){shift->start, believed_until(shift, trusted)}, duties);
	}
}

/* The part of the warning's time in which one of its two rotas supplies the demand. The rota may
 * serve another place for the rest of the time, which is no concern of this demand. */
static struct span_times
depends_on(const struct looking *looking, const struct region_demand *demand,
    const struct fragile_warning *warning)
{
	struct span_time time = {warning->start, warning->end};
	VEC(struct span_time) supplied = {0};

	for (uint32_t i = 0; i < demand->nsupplies; i++)
		if (demand->supplies[i].rota == warning->rota ||
		    demand->supplies[i].rota == warning->other)
			*VEC_PUSH(looking->arena, &supplied) = region_instants(
			    looking->asked->map->setup->zone, demand->supplies[i].life);
	return span_intersect(looking->arena, (struct span_times){&time, 1},
	    span_normalise(looking->arena, supplied.items, supplied.count));
}

/* The model reports each pair of rotas once for the region. Here it becomes one warning for each
 * demand that one of the two supplies, and for each period in which it does so. */
static void
add_apart(struct looking *looking, uint32_t demand, const struct fragile_warning *warning)
{
	struct span_times times = depends_on(looking, &looking->region->demands[demand], warning);
	struct fragile_warning part = *warning;

	for (size_t i = 0; i < times.count; i++) {
		part.start = times.items[i].start;
		part.end = times.items[i].end;
		if (span_overlap(times.items[i], looking->window))
			add(looking, demand, &part);
	}
}

/* Reads every rota of the region: who is in two places at once is seen only from both, and the
 * other place may belong to another organisation. A rota without a service serves no place. */
static void
look_elsewhere(struct looking *looking, struct region_list demands)
{
	duty_list duties = {0};
	struct fragile_warnings warnings;

	for (uint32_t i = 0; i < looking->region->nrotas; i++) {
		breath();
		if (looking->region->rotas[i].service != REGION_NONE)
			gather(looking, i, &duties);
	}
	warnings = fragile_two_places(looking->arena, looking->region,
	    looking->asked->map->setup->zone, duties.items, duties.count);
	for (size_t i = 0; i < warnings.count; i++) {
		breath();
		for (uint32_t j = 0; j < demands.count; j++)
			add_apart(looking, demands.items[j], &warnings.items[i]);
	}
}

/* Both rotas as one number, to compare. */
static uint64_t
rotas_of(const struct fragile_warning *warning)
{
	return (uint64_t)warning->rota << 32 | warning->other;
}

static int
by_start(const void *left, const void *right)
{
	const struct fragile_cover_warning *a = left, *b = right;

	if (a->found.start != b->found.start)
		return a->found.start < b->found.start ? -1 : 1;
	if (a->demand != b->demand)
		return a->demand < b->demand ? -1 : 1;
	if (a->found.kind != b->found.kind)
		return a->found.kind < b->found.kind ? -1 : 1;
	return (rotas_of(&a->found) > rotas_of(&b->found)) -
	       (rotas_of(&a->found) < rotas_of(&b->found));
}

void
fragile_cover_demands(struct arena *arena, const struct cover_asked *asked,
    struct region_list demands, struct span_time window, struct fragile_cover_list *out)
{
	const struct region *region = asked->map->setup->region;
	struct looking looking = {
	    .arena = arena,
	    .asked = asked,
	    .region = region,
	    .window = window,
	    .persons = arena_alloc(arena, region->npeople + 1),
	};

	for (uint32_t i = 0; i < demands.count; i++) {
		look_at_demand(&looking, demands.items[i]);
		breath();
	}
	/* After all demands: they have marked the people to search for. */
	look_elsewhere(&looking, demands);
	if (looking.found.count > 1)
		qsort(looking.found.items, looking.found.count, sizeof *looking.found.items,
		    by_start);
	*out = (struct fragile_cover_list){looking.found.items, looking.found.count};
}

struct fragile_cover_list
fragile_cover_place(struct arena *arena, const struct cover_asked *asked, uint32_t place,
    uint32_t function, struct span_time window)
{
	struct fragile_cover_list found;
	const struct region *region = asked->map->setup->region;
	const struct region_list *demands = &region->places[place].demands;
	uint32_t *wanted = arena_array(arena, demands->count, sizeof *wanted), n = 0;

	for (uint32_t i = 0; i < demands->count; i++)
		if (function == REGION_NONE ||
		    region->demands[demands->items[i]].function == function)
			wanted[n++] = demands->items[i];
	fragile_cover_demands(arena, asked, (struct region_list){wanted, n}, window, &found);
	return found;
}
