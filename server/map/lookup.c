/* SPDX-License-Identifier: MIT */
#include "server/map/lookup_private.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/map/duty.h"
#include "server/model/demand.h"
#include "server/model/first.h"
#include "server/model/share.h"

typedef VEC(struct lookup_warning) warning_list;
typedef VEC(struct lookup_entry) entry_list;

/* Of shifts that duty_at() accepts: such a shift has a person of the region or is a team line. */
static const char *
name_of(
    const struct looking *looking, const struct rota_block *block, const struct kept_shift *shift)
{
	if (shift->class == KEPT_TEAM)
		return rota_block_text(block, shift->team);
	return region_person(looking->region, shift->person)->name;
}

/* Whether the person of ${shift} counts for the function at ${instant}. */
static bool
counts_here(const struct looking *looking, const struct lookup_lists *lists,
    const struct kept_shift *shift, int64_t instant)
{
	return lists->role_any || shift->class == KEPT_TEAM ||
	       (duty_holds(looking->region, shift, lists->function) &&
		   lookup_approved(looking, lists->function, shift->person, instant));
}

/* Finds who follows: the first on the same rota who starts later and stays longer, while it serves
 * the place. Only people who would count. An override or a second shift may begin later and end
 * sooner; that is not who takes over. Whether the person is away or has the role is judged at the
 * start of that shift, not at the instant asked about. */
static void
find_next(const struct looking *looking, const struct lookup_lists *lists,
    const struct rota_block *block, struct span_time serves, struct lookup_duty *duty)
{
	/* The block is sorted by start, so the next person is further on in it. */
	uint32_t after = (uint32_t)(duty->shift - block->shifts);

	for (uint32_t i = after + 1; i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if ((int64_t)shift->start >= serves.end)
			return;
		if ((int64_t)shift->start <= looking->at || shift->end <= duty->shift->end ||
		    !duty_at(looking->asked->map, shift, shift->start) ||
		    !counts_here(looking, lists, shift, shift->start))
			continue;
		duty->next_name = name_of(looking, block, shift);
		duty->next_from = shift->start;
		return;
	}
}

/* An override is a person's decision about this very time, so that it does not lose its trust with
 * the age of its calendar. */
static duty_list *
list_for(struct lookup_lists *lists, const struct kept_shift *shift, bool counted, bool believed)
{
	if (!counted)
		return &lists->not_counted;
	return believed || shift->override ? &lists->on_call : &lists->last_known;
}

/* Adds those on duty by one rota at the instant. Every entry goes to exactly one of the three
 * lists, so that nobody who is named is left out of the answer. */
static void
add_rota(const struct looking *looking, uint32_t service, uint32_t rota, struct span_time serves,
    struct lookup_lists *lists)
{
	const struct snapshot *map = looking->asked->map;
	const struct rota_block *block = map->rotas[rota];
	bool believed =
	    looking->at < kept_feed_trusted_until(map->feeds[rota], looking->asked->now);

	for (uint32_t i = rota_block_from(block, looking->at); i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];
		struct lookup_duty *duty;
		bool counted;

		/* Those that follow start later still. */
		if ((int64_t)shift->start > looking->at)
			break;
		if ((int64_t)shift->end <= looking->at ||
		    !duty_at(looking->asked->map, shift, looking->at))
			continue;
		counted = counts_here(looking, lists, shift, looking->at);
		duty = VEC_PUSH(looking->arena, list_for(lists, shift, counted, believed));
		duty->service = service;
		duty->holds = duty_holds(looking->region, shift, lists->function);
		/* Only one reason is shown. A person who does not hold the function at all is not
		 * reported as lacking an approval too. */
		duty->approved = counted || !duty->holds;
		duty->rota = rota;
		duty->shift = shift;
		duty->override = rota_block_override(block, shift);
		duty->person = shift->class == KEPT_TEAM ? REGION_NONE : shift->person;
		duty->name = name_of(looking, block, shift);
		/* The person may stay on the rota after it stops serving this place. */
		duty->served = span_clip(kept_shift_time(shift), serves);
		duty->shared = (struct region_list){0};
		if (duty->person != REGION_NONE)
			duty->shared = lookup_find_shared(looking, lists->function, duty->person);
		duty->next_name = NULL;
		find_next(looking, lists, block, serves, duty);
		lookup_remark_duty(looking, lists->function, duty);
	}
}

/* Entries that still need a person's decision. They do not count, but one of them may be the doctor
 * on duty, so that the answer shows them. */
static void
add_undecided(
    const struct looking *looking, uint32_t rota, struct span_time serves, entry_list *list)
{
	const struct rota_block *block = looking->asked->map->rotas[rota];

	for (uint32_t i = rota_block_from(block, looking->at); i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if ((int64_t)shift->start > looking->at)
			break;
		if ((int64_t)shift->end <= looking->at || !cover_is_undecided(shift) ||
		    shift->disputed) /* these are shown as undecided entries */
			continue;
		*VEC_PUSH(looking->arena, list) = (struct lookup_entry){
		    .rota = rota,
		    .shift = shift,
		    .served = span_clip(kept_shift_time(shift), serves),
		};
	}
}

/* OVERRIDE_WAITING means that the calendar does not contradict the override, so that there is
 * nothing to warn of. */
static void
add_warnings(const struct looking *looking, uint32_t rota, warning_list *list)
{
	const struct rota_block *block = looking->asked->map->rotas[rota];

	for (uint32_t i = 0; i < block->noverrides; i++) {
		const struct kept_override *override = &block->overrides[i];

		if (override->standing != OVERRIDE_WAITING &&
		    (int64_t) override->start <= looking->at &&
		    (int64_t) override->end > looking->at)
			*VEC_PUSH(looking->arena, list) = (struct lookup_warning){rota, override};
	}
}

/* The shift id comes last, so that the order is the same at each request. */
static int
by_tier(const void *left, const void *right, void *ctx)
{
	const struct lookup_duty *a = left, *b = right;
	const struct region *region = ctx;
	int order;

	if (region->rotas[a->rota].tier != region->rotas[b->rota].tier)
		return region->rotas[a->rota].tier < region->rotas[b->rota].tier ? -1 : 1;
	order = strcmp(a->name ? a->name : "", b->name ? b->name : "");
	if (order != 0)
		return order;
	return (a->shift->id > b->shift->id) - (a->shift->id < b->shift->id);
}

static struct lookup_duties
in_order(const struct looking *looking, duty_list *list)
{
	struct region *region = NULL;

	memcpy(&region, &looking->region, sizeof region); /* qsort_r's context is not const */
	if (list->count > 1)
		qsort_r(list->items, list->count, sizeof *list->items, by_tier, region);
	return (struct lookup_duties){list->items, list->count};
}

/* The number of different people and team lines, if there is no requirement whose sweep counts
 * them. Team lines are not merged: two lines are two phones, and each can be answered by
 * somebody. */
static int32_t
distinct(struct lookup_duties duties)
{
	int32_t count = 0;

	for (size_t i = 0; i < duties.count; i++) {
		bool again = false;

		for (size_t j = 0; j < i && !again; j++)
			again = duties.items[i].person != REGION_NONE &&
				duties.items[i].person == duties.items[j].person;
		count += !again;
	}
	return count;
}

/* Takes the worst state of the requirements that are in their hours. False if none is. The worst,
 * because an answer of "covered" must hold for every requirement of the function at the place. */
static bool
judge(const struct looking *looking, uint32_t function, struct lookup_function *out)
{
	const struct region_list *demands = &looking->region->places[looking->place].demands;
	/* The shortest window of the sweep: one second, the resolution of the map. */
	struct span_time moment = {looking->at, looking->at + 1};
	bool found = false;

	for (uint32_t i = 0; i < demands->count; i++) {
		struct cover cover;
		const struct cover_span *span;

		if (looking->region->demands[demands->items[i]].function != function)
			continue;
		cover_demand(looking->arena, looking->asked, demands->items[i], moment, &cover);
		/* The spans of a sweep cover the whole window, so that there is at least one. */
		span = &cover.spans.items[0];
		if (span->state == COVER_NOT_COMMISSIONED ||
		    (found && cover_state_rank(span->state) >= cover_state_rank(out->state)))
			continue;
		found = true;
		out->state = span->state;
		out->cause = span->cause;
		out->required = span->required;
		out->present = span->present;
	}
	return found;
}

/* Answers for one function. The order matters: the numbers depend on the state and on who is on
 * call. */
static void
look_at(const struct looking *looking, uint32_t function, struct lookup_function *out)
{
	const struct region *region = looking->region;
	const struct region_list *services = &region->places[looking->place].services;
	struct lookup_lists lists = {0};
	warning_list warnings = {0};
	entry_list undecided = {0};
	struct span_time serves;

	*out = (struct lookup_function){.function = function};
	for (uint32_t i = 0; i < services->count; i++) {
		const struct region_service *service = &region->services[services->items[i]];

		if (!lookup_is_of(looking, looking->place, service->function, function))
			continue;
		/* Of a bundle: who counts for the part. */
		lists.function = service->function;
		lists.role_any = lookup_takes_any_role(looking, function);
		/* The first service in the order of the region file that says where to go. */
		if (out->fallback_text == NULL &&
		    lookup_listed_now(looking, looking->place, service)) {
			out->fallback_text = service->fallback_text;
			out->fallback_phone = service->fallback_phone;
		}
		for (uint32_t j = 0; j < service->rotas.count; j++) {
			if (!lookup_serves_now(
				looking, looking->place, service->rotas.items[j], &serves))
				continue;
			add_rota(
			    looking, services->items[i], service->rotas.items[j], serves, &lists);
			add_warnings(looking, service->rotas.items[j], &warnings);
			add_undecided(looking, service->rotas.items[j], serves, &undecided);
		}
	}
	if (looking->succession.life != PLACE_LIVES)
		lookup_send_on(looking, out);
	out->warnings = warnings.items;
	out->nwarnings = warnings.count;
	out->undecided = undecided.items;
	out->nundecided = undecided.count;
	out->on_call = in_order(looking, &lists.on_call);
	out->not_counted = in_order(looking, &lists.not_counted);
	out->last_known = in_order(looking, &lists.last_known);
	/* Nothing is required at the instant. The people on call are shown and counted all the
	 * same, but the function is not called "covered". */
	if (!judge(looking, function, out)) {
		out->state = COVER_NOT_COMMISSIONED;
		out->cause = CAUSE_NONE;
		out->present = distinct(out->on_call);
	}
	lookup_find_numbers(looking, out);
	lookup_remark_function(looking, out);
	lookup_find_protocols(looking, out);
	lookup_find_bundles(looking, out);
}

/* A place that has closed or not opened yet is answered for by others; a caller must find their
 * functions too. */
static bool
is_asked(const struct looking *looking, uint32_t function)
{
	if (lookup_concerns(looking->region, looking->place, function))
		return true;
	for (uint32_t i = 0; i < looking->succession.instead.count; i++)
		if (lookup_concerns(
			looking->region, looking->succession.instead.items[i], function))
			return true;
	return false;
}

/* The other functions that the ladder of ${function} rings here. */
static void
look_aside(const struct looking *looking, uint32_t function, function_list *aside)
{
	const struct zone *zone = looking->asked->map->setup->zone;
	const struct ladder_of of = {
	    looking->place, function, civil_day_of(zone_local(zone, looking->at))};
	uint32_t place;
	const struct region_ladder *ladder =
	    ladder_set_up(looking->arena, looking->region, &of, &place);
	bool *seen = arena_array(looking->arena, looking->region->nfunctions, sizeof *seen);

	seen[function] = true;
	for (uint32_t i = 0; ladder != NULL && i < ladder->nsteps; i++) {
		const struct region_step *step = &ladder->steps[i];

		if (step->kind != REGION_STEP_ON_CALL || seen[step->function])
			continue;
		seen[step->function] = true;
		look_at(looking, step->function, VEC_PUSH(looking->arena, aside));
	}
}

void
lookup_make(struct arena *arena, const struct cover_asked *asked, const struct lookup_asked *wanted,
    struct lookup *out)
{
	const struct region *region = asked->map->setup->region;
	uint32_t place = wanted->place, function = wanted->function;
	struct looking looking = {
	    .arena = arena,
	    .asked = asked,
	    .region = region,
	    .place = place,
	    .at = wanted->at,
	    .places = arena_array(arena, region->nplaces, sizeof *looking.places),
	};
	function_list found = {0}, aside = {0};

	looking.succession = succession_find(
	    arena, &(struct succession_asked){region, asked->map->setup->zone, place, wanted->at});
	for (uint32_t i = 0; i < region->nfunctions; i++)
		if (i == function || (function == REGION_NONE && is_asked(&looking, i)))
			look_at(&looking, i, VEC_PUSH(arena, &found));
	/* Somebody asks about a place that does not exist at the instant: an answer is never empty. */
	if (found.count == 0 && looking.succession.life != PLACE_LIVES)
		for (uint32_t i = 0; i < region->nfunctions; i++)
			look_at(&looking, i, VEC_PUSH(arena, &found));
	if (function != REGION_NONE)
		look_aside(&looking, function, &aside);
	*out = (struct lookup){.place = place,
	    .function = function,
	    .at = wanted->at,
	    .succession = looking.succession,
	    .count = found.count,
	    .aside = aside.items,
	    .naside = aside.count,
	    .first = region_first(arena, region, place,
		civil_day_of(zone_local(asked->map->setup->zone, wanted->at)))};
	lookup_sort(out, found.items);
	lookup_find_navigators(&looking, out);
}
