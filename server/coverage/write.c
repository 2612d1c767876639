/* SPDX-License-Identifier: MIT */
#include "server/coverage/write.h"

#include <string.h>

#include "server/base/text.h"
#include "server/coverage/diff.h"
#include "server/coverage/kinds.h"
#include "server/model/demand.h"
#include "server/model/freshness.h"

/* What one demand's sweep is to be given. */
static struct demand_asked
ask_demand(const struct load *load, const struct region_demand *demand)
{
	const struct setup *setup = load->setup;
	struct sweep_rota *rotas = arena_array(load->arena, demand->rotas.count, sizeof *rotas);

	for (uint32_t i = 0; i < demand->rotas.count; i++)
		rotas[i] = load->rotas[load->slots[demand->rotas.items[i]]].sweep;
	return (struct demand_asked){
	    .context = {setup->region, setup->zone, &setup->holidays},
	    .demand = (uint32_t)(demand - setup->region->demands),
	    .window = load->window,
	    .rotas = rotas,
	    .absences = load->absences,
	    .elsewhere = load->elsewhere,
	};
}

/* Its holes, each with the source that made it, or the rotas that were not filled in. */
static struct gap_holes
find_holes(const struct load *load, const struct region_demand *demand,
    const struct demand_asked *asked, struct cover_spans swept)
{
	struct sweep_rota *parts = arena_array(load->arena, demand->nsupplies, sizeof *parts);
	struct gap_rota *rotas = arena_array(load->arena, demand->nsupplies, sizeof *rotas);

	demand_cut(load->arena, asked, parts);
	for (uint32_t i = 0; i < demand->nsupplies; i++) {
		const struct region_rota *rota =
		    &load->setup->region->rotas[demand->supplies[i].rota];

		const struct load_rota *loaded =
		    &load->rotas[load->slots[demand->supplies[i].rota]];

		rotas[i] = (struct gap_rota){
		    rota->id, rota->tier, parts[i], loaded->grouped, loaded->ngrouped};
	}
	return gap_blame(load->arena, gap_find(load->arena, swept),
	    (struct gap_rotas){rotas, demand->nsupplies});
}

/* "{1,2}" */
static const char *
shifts_text(struct arena *arena, const struct cover_span *span)
{
	struct buf buf = {0};
	const char *text;

	buf_add_text(&buf, "{");
	for (uint32_t i = 0; i < span->nshifts; i++)
		buf_printf(&buf, "%s%lld", i > 0 ? "," : "", (long long)span->shifts[i]);
	buf_add_text(&buf, "}");
	text = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return text;
}

static void
add_spans(struct write *write, int64_t demand, struct diff diff)
{
	struct arena *arena = write->arena;

	for (size_t i = 0; i < diff.nended; i++) {
		*VEC_PUSH(arena, &write->ended.demand) = demand;
		*VEC_PUSH(arena, &write->ended.start) = diff.ended[i];
	}
	for (size_t i = 0; i < diff.nbegun; i++) {
		const struct cover_span *span = &diff.begun[i];

		*VEC_PUSH(arena, &write->begun.demand) = demand;
		*VEC_PUSH(arena, &write->begun.start) = span->start;
		*VEC_PUSH(arena, &write->begun.end) = span->end;
		*VEC_PUSH(arena, &write->begun.state) = cover_state_name(span->state);
		*VEC_PUSH(arena, &write->begun.cause) =
		    span->cause < COVER_CAUSES ? cover_cause_name(span->cause) : "none";
		*VEC_PUSH(arena, &write->begun.present) = span->present;
		*VEC_PUSH(arena, &write->begun.required) = span->required;
		*VEC_PUSH(arena, &write->begun.shifts) = shifts_text(arena, span);
	}
}

static const struct gap *
gap_of(const struct load_demand *demand, const char *id)
{
	for (size_t i = 0; id != NULL && i < demand->ngaps; i++)
		if (strcmp(demand->gaps[i].id, id) == 0)
			return &demand->gaps[i];
	return NULL;
}

/* Whether nothing a reader of the gap's history would look for is another: an end that moves along
 * with the window, as every far end does every day, and how far up the ladder it is, which is a
 * step of its own. */
static bool
is_no_news(const struct load *load, const struct gap_step *step, const struct gap *before)
{
	const struct gap_hole *hole = &step->hole;

	return (hole->end == before->end || hole->end == load->window.end) &&
	       hole->start == before->start && hole->state == before->state &&
	       hole->cause == before->cause && hole->present == before->present &&
	       hole->required == before->required && step->severity == before->severity &&
	       step->started == before->started && step->told == before->told;
}

/* The step for the gap's own history; NULL: it is not worth one. */
static const char *
event_of(const struct load *load, const struct gap_step *step, const struct gap *before)
{
	if (step->act == GAP_OPEN)
		return "opened";
	if (step->act == GAP_REOPEN)
		return "reopened";
	if (step->act == GAP_CLOSE)
		return "closed";
	if (step->flag == GAP_FLAG_STARTED)
		return "started";
	if (before != NULL && is_no_news(load, step, before) &&
	    (step->flag == GAP_FLAG_NONE || step->rung > before->rung))
		return NULL;
	return "changed";
}

static const char *
flag_of(enum gap_flag flag)
{
	static const char *const names[] = {
	    [GAP_FLAG_NONE] = NULL,
	    [GAP_FLAG_OPENED] = "opened",
	    [GAP_FLAG_CHANGED] = "changed",
	    [GAP_FLAG_STARTED] = "started",
	    [GAP_FLAG_CLOSED] = "closed",
	};

	return names[flag];
}

/* Who is told by now; NULL: nobody yet. A gap that closes may be higher up than a ladder that has
 * been shortened meanwhile. */
static const char *
rung_name(const struct gap_policy *policy, int32_t rung)
{
	if (rung == 0 || policy->nalerts == 0)
		return NULL;
	return policy
	    ->alerts[(uint32_t)rung < policy->nalerts ? rung - 1 : (int32_t)policy->nalerts - 1]
	    .to;
}

static void
add_gap(struct write *write, int64_t number, const struct load_demand *demand,
    const struct gap_policy *policy, const struct gap_step *step)
{
	struct arena *arena = write->arena;
	const struct gap_hole *hole = &step->hole;
	const struct gap *before = gap_of(demand, step->id);

	*VEC_PUSH(arena, &write->gaps.demand) = number;
	*VEC_PUSH(arena, &write->gaps.id) = step->id;
	*VEC_PUSH(arena, &write->gaps.event) = event_of(write->load, step, before);
	*VEC_PUSH(arena, &write->gaps.flag) = flag_of(step->flag);
	*VEC_PUSH(arena, &write->gaps.start) = hole->start;
	*VEC_PUSH(arena, &write->gaps.end) = hole->end;
	*VEC_PUSH(arena, &write->gaps.state) = cover_state_name(hole->state);
	*VEC_PUSH(arena, &write->gaps.cause) =
	    hole->cause < COVER_CAUSES ? cover_cause_name(hole->cause) : "none";
	*VEC_PUSH(arena, &write->gaps.present) = hole->present;
	*VEC_PUSH(arena, &write->gaps.required) = hole->required;
	*VEC_PUSH(arena, &write->gaps.severity) = gap_severity_name(step->severity);
	*VEC_PUSH(arena, &write->gaps.marks) =
	    (step->started ? MARK_STARTED : 0) | (step->told ? MARK_TOLD : 0) |
	    (step->act == GAP_CLOSE ? MARK_CLOSES : 0) | (step->passed ? MARK_PASSED : 0) |
	    (step->act == GAP_REOPEN ? MARK_REOPENS : 0) | (step->held ? MARK_HELD : 0) |
	    (step->follows ? MARK_FOLLOWS : 0);
	*VEC_PUSH(arena, &write->gaps.group) = hole->group;
	*VEC_PUSH(arena, &write->gaps.rung) = step->rung;
	*VEC_PUSH(arena, &write->gaps.to) = rung_name(policy, step->rung);
}

static void
add_demand(struct write *write, const struct load_demand *loaded)
{
	const struct load *load = write->load;
	const struct region *region = load->setup->region;
	const struct region_demand *demand = &region->demands[loaded->demand];
	const struct region_requirement *requirement = &region->requirements[demand->requirement];
	int64_t number = (int64_t)write->demands.version.count + 1;
	int64_t next_day = setup_next_day(load->setup, load->now);
	struct demand_asked asked = ask_demand(load, demand);
	struct cover_spans swept = demand_sweep(load->arena, &asked);
	struct gap_holes holes = find_holes(load, demand, &asked, swept);
	struct gap_policy policy = gap_policy_of(requirement);
	struct gap_steps steps = gap_match(load->arena, holes, loaded->gaps, loaded->ngaps,
	    &(struct gap_asked){load->now, load->window, &policy});

	*VEC_PUSH(write->arena, &write->demands.requirement) = requirement->id;
	*VEC_PUSH(write->arena, &write->demands.place) = region->places[demand->place].code;
	*VEC_PUSH(write->arena, &write->demands.function) =
	    region->functions[demand->function].code;
	*VEC_PUSH(write->arena, &write->demands.version) = loaded->version;
	*VEC_PUSH(write->arena, &write->demands.next) =
	    steps.next < next_day ? steps.next : next_day;
	add_spans(write, number, diff_spans(load->arena, loaded->held, swept, load->window.start));
	for (size_t i = 0; i < steps.count; i++)
		add_gap(write, number, loaded, &policy, &steps.items[i]);
}

struct write *
write_new(const struct load *load)
{
	struct write *write = arena_alloc(load->arena, sizeof *write);

	write->arena = load->arena;
	write->load = load;
	for (size_t i = 0; i < load->ndemands; i++)
		if (load->demands[i].found)
			add_demand(write, &load->demands[i]);
	return write;
}

#define TEXTS(args, vec) pg_text_array((args), (vec).items, (vec).count)
#define NUMBERS(args, vec) pg_int8_array((args), (vec).items, (vec).count)
#define TIMES(args, vec) pg_time_array((args), (vec).items, (vec).count)

struct sources {
	VEC(const char *) rotas;
	VEC(int64_t) horizons, trusted;
};

static void
note_source(
    struct arena *arena, struct sources *seen, const char *rota, const struct source *source)
{
	*VEC_PUSH(arena, &seen->rotas) = rota;
	*VEC_PUSH(arena, &seen->horizons) = source->horizon;
	*VEC_PUSH(arena, &seen->trusted) = source->trusted_until;
}

/*
 * A source that these sweeps have used otherwise than the map had seen it, while other demands of
 * its rota have yet to be swept with it (or it has changed between two of them). If it went back to
 * what the map had seen, nobody would come back here: so it counts as seen like no other.
 */
static void
note_news(const struct load *load, const struct work *work, bool last, struct sources *seen)
{
	const struct source unlike_any = source_unlike_any();

	for (size_t i = 0; i < load->nrotas; i++) {
		const char *id = load->setup->region->rotas[load->rotas[i].rota].id;
		const struct work_rota *rota = work_rota(work, id);

		if (load->rotas[i].news && !(last && rota != NULL && !rota->moved))
			note_source(load->arena, seen, id, &unlike_any);
	}
}

/* Which marks and sources ${work} has dealt with once its ${last} demands are written. */
static void
ask_done(const struct load *load, const struct work *work, bool last, struct pg_args *args)
{
	struct arena *arena = load->arena;
	VEC(const char *) rotas = {0};
	VEC(int64_t) marks = {0};
	struct sources seen = {0};

	note_news(load, work, last, &seen);
	for (size_t i = 0; last && i < work->rotas.count; i++) {
		const struct work_rota *rota = &work->rotas.items[i];

		if (rota->mark != 0) {
			*VEC_PUSH(arena, &rotas) = rota->id;
			*VEC_PUSH(arena, &marks) = rota->mark;
		}
		if (rota->has_source && !rota->moved)
			note_source(arena, &seen, rota->id, &rota->source);
	}
	TEXTS(args, rotas);
	NUMBERS(args, marks);
	TEXTS(args, seen.rotas);
	TIMES(args, seen.horizons);
	TIMES(args, seen.trusted);
}

void
write_ask(
    const struct write *write, const struct work *work, bool last, bool check, struct pg_args *args)
{
	const struct load *load = write->load;

	pg_time(args, load->now);
	pg_int8(args, FRESHNESS_STALE_SECONDS);
	pg_bool(args, check);
	pg_int8(args, load->setup->region->version);
	TEXTS(args, write->demands.requirement);
	TEXTS(args, write->demands.place);
	TEXTS(args, write->demands.function);
	NUMBERS(args, write->demands.version);
	TIMES(args, write->demands.next);
	pg_time(args, load->window.end);
	NUMBERS(args, write->ended.demand);
	TIMES(args, write->ended.start);
	NUMBERS(args, write->begun.demand);
	TIMES(args, write->begun.start);
	TIMES(args, write->begun.end);
	TEXTS(args, write->begun.state);
	TEXTS(args, write->begun.cause);
	NUMBERS(args, write->begun.present);
	NUMBERS(args, write->begun.required);
	TEXTS(args, write->begun.shifts);
	NUMBERS(args, write->gaps.demand);
	TEXTS(args, write->gaps.id);
	TEXTS(args, write->gaps.event);
	TEXTS(args, write->gaps.flag);
	TIMES(args, write->gaps.start);
	TIMES(args, write->gaps.end);
	TEXTS(args, write->gaps.state);
	TEXTS(args, write->gaps.cause);
	NUMBERS(args, write->gaps.present);
	NUMBERS(args, write->gaps.required);
	TEXTS(args, write->gaps.severity);
	NUMBERS(args, write->gaps.marks);
	TEXTS(args, write->gaps.group);
	NUMBERS(args, write->gaps.rung);
	TEXTS(args, write->gaps.to);
	ask_done(load, work, last, args);
}
