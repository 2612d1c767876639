/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/plan_effect.h"

#include <stdlib.h>

#include "server/api/api_sql.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/views/parts/roster.h"
#include "server/api/views/parts/touched.h"
#include "server/base/vec.h"
#include "server/map/cover.h"
#include "server/map/rota_builder.h"
#include "server/model/approval.h"
#include "server/model/stand_in.h"

/* At most so many spans with stand-ins, and so many names each: as much as a person reads at one
 * sitting, and few enough that other requests do not wait for the search. */
#define SPANS_MAX 60
#define NAMES_MAX 20

/* Absences are gathered again, because the new block may have some. */
struct snapshot *
plan_with_rota(const struct snapshot *map, uint32_t rota, struct rota_block *block)
{
	struct snapshot *after = snapshot_copy(map);

	snapshot_set_rota(after, rota, block);
	snapshot_gather_absences(after);
	return after;
}

/* The rows come from the SQL function that also makes the change, so the preview shows what
 * would be written. */
struct snapshot *
plan_with_rows(const struct snapshot *map, uint32_t rota, const struct pg_rows *rows)
{
	struct rota_builder *builder = rota_builder_new();
	struct snapshot *after;

	for (size_t i = 0; i < pg_rows_count(rows); i++)
		/* The rows begin earlier for an override that corrects the past, but memory does
		 * not. */
		if (pg_get_time(rows, i, API_SHIFTS_ENDS_AT) > map->window.start)
			snapshot_load_shift(map->setup->region, rows, i, builder);
	after = plan_with_rota(map, rota, rota_builder_take(builder));
	rota_builder_free(builder);
	return after;
}

struct snapshot *
plan_with_absence(const struct snapshot *map, uint32_t person, struct span_time time)
{
	struct snapshot *after = snapshot_copy(map);
	struct rota_builder *builder = rota_builder_new();

	rota_builder_add_block(builder, map->typed, NULL, 0);
	rota_builder_add(builder, &(struct shift_row){
				      /* No id yet; no other absence can have this one. */
				      .id = INT64_MAX,
				      .start = time.start,
				      .end = time.end,
				      .class = KEPT_ABSENCE,
				      .person = person,
				  });
	snapshot_set_typed(after, rota_builder_take(builder));
	rota_builder_free(builder);
	snapshot_gather_absences(after);
	return after;
}

struct snapshot *
plan_with_rotas(const struct snapshot *map, const struct plan_rows *rows)
{
	struct snapshot *after = snapshot_copy(map);

	snapshot_load_shifts(after, rows->rows, rows->rotas, rows->nrotas);
	snapshot_gather_absences(after);
	return after;
}

/* ----------------------------------------------------------------------- who is free */

/* By the rule of the list of stand-ins, for this one person. */
bool
plan_is_free(const struct ask *ask, uint32_t person, struct span_times times)
{
	struct stand_in_person one = {
	    .person = person, .name = region_person(ask->region, person)->name};

	if (!rights_speaks_for(ask->region, ask->account, person))
		return false;
	for (size_t i = 0; i < times.count; i++) {
		struct stand_in_asked asked = {
		    .time = times.items[i],
		    .shifts = roster_near(ask->arena, ask->map, person, times.items[i], NULL),
		    .absences = snapshot_absences(ask->map),
		};

		if (stand_in_against(&asked, &one) != 0)
			return false;
	}
	return true;
}

/* What is the same for every span that is shown. */
struct showing {
	struct json_out *out;
	const struct ask *ask;
	const struct plan *plan;
	struct person_times roster; /* as it would be */
	size_t left;                /* how many spans may still be shown */
};

/* Only people who would count: those who hold the function and are approved for the whole time. */
static void
put_stand_ins(const struct showing *showing, const struct region_requirement *requirement,
    struct span_time time)
{
	struct json_out *out = showing->out;
	const struct ask *ask = showing->ask;
	const struct region *region = ask->region;
	struct approval_wanted wanted = {region, ask->map->setup->zone, requirement};
	VEC(struct stand_in_person) people = {0};
	struct stand_ins found;

	for (uint32_t i = 0; i < region->npeople; i++)
		if (region_holds(region, i, requirement->function) &&
		    approval_covers(ask->arena, &wanted, i, time))
			*VEC_PUSH(ask->arena, &people) = (struct stand_in_person){
			    .person = i,
			    .name = region_person(region, i)->name,
			    .own = region_person(region, i)->organisation ==
				   showing->plan->organisation,
			    /* The list must not reveal whether another organisation's
			     * person is away, so their absences are ignored. */
			    .private_leave = !rights_speaks_for(region, ask->account, i),
			};
	found = stand_in_find(ask->arena, &(struct stand_in_asked){
					      .time = time,
					      .people = people.items,
					      .npeople = people.count,
					      .shifts = showing->roster,
					      .absences = snapshot_absences(showing->plan->after),
					  });
	out_array(out, "stand_ins");
	for (size_t i = 0; i < found.count && i < NAMES_MAX; i++) {
		const struct region_person *person = region_person(region, found.items[i].person);

		out_object(out, NULL);
		out_text(out, "person", person->shown_id);
		out_text(out, "name", person->name);
		out_text(out, "organisation", region->organisations[person->organisation].code);
		out_hours(out, "hours", found.items[i].seconds);
		out_object_end(out);
	}
	out_array_end(out);
}

/* --------------------------------------------------------------------- where it would be worse */

struct worse {
	struct span_time time;
	const struct cover_span *was, *will;
};
typedef VEC(struct worse) worse_list;

/* Fewer people is worse even in the same state: one more absence would then open a gap. */
static bool
is_worse(const struct cover_span *was, const struct cover_span *will)
{
	if (will->state == COVER_COVERED || will->state == COVER_NOT_COMMISSIONED)
		return false;
	return cover_state_rank(will->state) < cover_state_rank(was->state) ||
	       will->present < was->present;
}

/* Both lists fill the same window without holes, so one pass over both is enough. Adjacent pieces that would be
 * shown alike are joined. */
static void
compare(struct arena *arena, struct cover_spans was, struct cover_spans will, worse_list *list)
{
	for (size_t i = 0, j = 0; i < was.count && j < will.count;) {
		const struct cover_span *a = &was.items[i], *b = &will.items[j];
		struct span_time both = span_clip(
		    (struct span_time){a->start, a->end}, (struct span_time){b->start, b->end});
		struct worse *last = list->count > 0 ? &list->items[list->count - 1] : NULL;

		/* Whichever ends first is done; both, if they end together. */
		i += a->end == both.end;
		j += b->end == both.end;
		if (!is_worse(a, b))
			continue;
		if (last != NULL && last->time.end == both.start && last->was->state == a->state &&
		    last->will->state == b->state && last->will->present == b->present &&
		    last->will->cause == b->cause) {
			last->time.end = both.end;
			continue;
		}
		*VEC_PUSH(arena, list) = (struct worse){both, a, b};
	}
}

static void
put_span(const struct showing *showing, const struct region_requirement *requirement,
    const struct worse *worse)
{
	struct json_out *out = showing->out;

	out_object(out, NULL);
	out_time(out, "start", worse->time.start);
	out_time(out, "end", worse->time.end);
	out_text(out, "was", cover_state_name(worse->was->state));
	out_text(out, "state", cover_state_name(worse->will->state));
	out_int(out, "present", worse->will->present);
	out_int(out, "required", worse->will->required);
	out_text(out, "cause", cover_cause_text(worse->will->cause));
	put_stand_ins(showing, requirement, worse->time);
	out_object_end(out);
}

/* Without spans to spare the demand is left out or cut short, and the answer has "truncated". */
static void
put_demand(struct showing *showing, uint32_t index, const worse_list *spans)
{
	struct json_out *out = showing->out;
	const struct region *region = showing->ask->region;
	const struct region_demand *demand = &region->demands[index];

	out_object(out, NULL);
	out_text(out, "id", region->requirements[demand->requirement].id);
	out_text(out, "place", region->places[demand->place].code);
	out_text(out, "function", region->functions[demand->function].code);
	out_array(out, "spans");
	for (size_t i = 0; i < spans->count && showing->left > 0; i++, showing->left--)
		put_span(showing, &region->requirements[demand->requirement], &spans->items[i]);
	out_array_end(out);
	out_object_end(out);
}

/* Whether one of the rotas whose shifts change, or the absences, can touch the demand. */
static bool
may_touch(const struct touched *touched, size_t count, uint32_t demand)
{
	for (size_t i = 0; i < count; i++)
		if (touched_demand(&touched[i], demand))
			return true;
	return false;
}

static const struct touched *
touched_of(const struct ask *ask, const struct plan *plan)
{
	struct touched *touched = arena_array(ask->arena, plan->nrotas + 1, sizeof *touched);

	for (size_t i = 0; i < plan->nrotas; i++)
		touched[i] = touched_by(ask->arena, ask->map, plan->after, plan->rotas[i]);
	return touched;
}

static void
sweep_both(const struct ask *ask, const struct plan *plan, uint32_t demand, worse_list *list)
{
	struct cover_asked is = {.map = ask->map, .now = ask->now};
	struct cover_asked would_be = {.map = plan->after, .now = ask->now};
	struct cover was, will;

	cover_demand(ask->arena, &is, demand, plan->time, &was);
	cover_demand(ask->arena, &would_be, demand, plan->time, &will);
	compare(ask->arena, was.spans, will.spans, list);
}

struct plan_gaps
plan_gaps(const struct ask *ask, const struct plan *plan)
{
	const struct touched *touched = touched_of(ask, plan);
	VEC(struct plan_gap) found = {0};

	for (uint32_t i = 0; i < ask->region->ndemands; i++) {
		worse_list list = {0};

		if (!may_touch(touched, plan->nrotas, i))
			continue;
		sweep_both(ask, plan, i, &list);
		for (size_t j = 0; j < list.count; j++)
			*VEC_PUSH(ask->arena, &found) = (struct plan_gap){i, list.items[j].time};
	}
	return (struct plan_gaps){found.items, found.count};
}

/* Only demands that the change can touch are swept, which keeps a preview fast in a large
 * region. */
void
plan_put(struct json_out *out, const struct ask *ask, const struct plan *plan)
{
	const struct touched *touched = touched_of(ask, plan);
	struct showing showing = {
	    .out = out,
	    .ask = ask,
	    .plan = plan,
	    /* Once for all spans: it walks every rota. */
	    .roster = roster_near(ask->arena, plan->after, REGION_NONE, plan->time, NULL),
	    .left = SPANS_MAX,
	};
	bool truncated = false;

	out_array(out, "requirements");
	for (uint32_t i = 0; i < ask->region->ndemands; i++) {
		worse_list list = {0};

		if (!may_touch(touched, plan->nrotas, i) ||
		    !rights_place(ask->region, ask->account, ask->region->demands[i].place))
			continue;
		sweep_both(ask, plan, i, &list);
		truncated |= list.count > showing.left;
		if (list.count > 0 && showing.left > 0)
			put_demand(&showing, i, &list);
	}
	out_array_end(out);
	out_bool(out, "truncated", truncated);
}
