/* SPDX-License-Identifier: MIT */
#include "server/coverage/write.h"

#include <string.h>

#include "server/coverage/diff.h"
#include "server/coverage/kinds.h"
#include "server/model/bundle_gaps.h"
#include "server/model/bundle_sweep.h"
#include "server/model/demand.h"
#include "server/model/freshness.h"

/* The input of one demand's sweep. All demands of a chunk share the loaded rotas, the absences and
 * the duties elsewhere. */
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

/* The holes in the cover of ${demand}, each with its source, or the rotas that were not filled
 * in. The cause of a gap is computed from the rotas as the demand sees them, cut to the days on
 * which each serves the place: a rota that does not serve it is not to blame. */
static struct gap_holes
find_holes(const struct load *load, const struct demand_asked *asked, struct cover_spans swept,
    const uint64_t *faults)
{
	const struct region *region = load->setup->region;
	const struct region_demand *demand = &region->demands[asked->demand];
	struct sweep_rota *parts = arena_array(load->arena, demand->nsupplies, sizeof *parts);
	struct gap_rota *rotas = arena_array(load->arena, demand->nsupplies, sizeof *rotas);

	demand_cut(load->arena, asked, parts);
	for (uint32_t i = 0; i < demand->nsupplies; i++) {
		const struct region_rota *rota = &region->rotas[demand->supplies[i].rota];

		const struct load_rota *loaded =
		    &load->rotas[load->slots[demand->supplies[i].rota]];

		rotas[i] = (struct gap_rota){
		    rota->id, rota->tier, parts[i], loaded->grouped, loaded->ngrouped};
	}
	return bundle_blame(load->arena, gap_find(load->arena, swept),
	    &(struct bundle_gaps_asked){
		region, asked->demand, {rotas, demand->nsupplies}, swept, faults});
}

static void
add_spans(struct write *write, int64_t demand, struct diff diff)
{
	for (size_t i = 0; i < diff.nended; i++)
		*VEC_PUSH(write->arena, &write->ended) =
		    (struct write_ended){demand, diff.ended[i]};
	for (size_t i = 0; i < diff.nbegun; i++)
		*VEC_PUSH(write->arena, &write->begun) =
		    (struct write_begun){demand, &diff.begun[i]};
}

/* The gap before this step, from which the difference is computed. NULL for one that opens. */
static const struct gap *
gap_of(const struct load_demand *demand, const char *id)
{
	for (size_t i = 0; id != NULL && i < demand->ngaps; i++)
		if (strcmp(demand->gaps[i].id, id) == 0)
			return &demand->gaps[i];
	return NULL;
}

/* Whether the gap's history needs no row for the step. An end that moves along with the window, as
 * every end at its far side does each day, is not a change; how many of its alerts were sent has a
 * step of its own. */
static bool
is_same_for_history(const struct load *load, const struct gap_step *step, const struct gap *before)
{
	const struct gap_hole *hole = &step->hole;

	return (hole->end == before->end || hole->end == load->window.end) &&
	       hole->start == before->start && hole->state == before->state &&
	       hole->cause == before->cause && hole->present == before->present &&
	       hole->required == before->required && step->severity == before->severity &&
	       step->started == before->started && step->told == before->told;
}

/* The event for the gap's history; NULL: none. The history has what a person would want to read,
 * and not each sweep that changed the row. */
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
	if (before != NULL && is_same_for_history(load, step, before) &&
	    (step->flag == GAP_FLAG_NONE || step->alerts_sent > before->alerts_sent))
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

/* The receiver of the last alert whose time has come; NULL: nobody yet. A gap that closes may be
 * further than alerts of which some were taken out meanwhile. */
static const char *
alerted_to(const struct gap_policy *policy, int32_t sent)
{
	if (sent == 0 || policy->nalerts == 0)
		return NULL;
	return policy
	    ->alerts[(uint32_t)sent < policy->nalerts ? sent - 1 : (int32_t)policy->nalerts - 1]
	    .to;
}

/* One sweep gives both spans and gaps, so that the two cannot contradict each other. */
static void
add_demand(struct write *write, const struct load_demand *loaded)
{
	const struct load *load = write->load;
	const struct region *region = load->setup->region;
	const struct region_demand *demand = &region->demands[loaded->demand];
	int64_t number = (int64_t)write->demands.count + 1; /* in the array of COVERAGE_COMMIT */
	/* At midnight the window moves, so that each demand is swept at least once a day. */
	int64_t next_day = setup_next_day(load->setup, load->now);
	struct demand_asked asked = ask_demand(load, demand);
	const uint64_t *faults = NULL;
	struct cover_spans swept = demand->nmembers > 0 ? bundle_sweep(load->arena, &asked, &faults)
							: demand_sweep(load->arena, &asked);
	struct gap_holes holes = find_holes(load, &asked, swept, faults);
	struct gap_policy policy = gap_policy_of(&region->requirements[demand->requirement]);
	struct gap_steps steps = gap_match(load->arena, holes, loaded->gaps, loaded->ngaps,
	    &(struct gap_asked){load->now, load->window, &policy});

	*VEC_PUSH(write->arena, &write->demands) =
	    (struct write_demand){loaded, steps.next < next_day ? steps.next : next_day};
	add_spans(write, number, diff_spans(load->arena, loaded->held, swept, load->window.start));
	for (size_t i = 0; i < steps.count; i++) {
		const struct gap_step *step = &steps.items[i];

		*VEC_PUSH(write->arena, &write->gaps) =
		    (struct write_gap){number, step, event_of(load, step, gap_of(loaded, step->id)),
			alerted_to(&policy, step->alerts_sent)};
	}
}

/* A demand without a row was retired by another process that has read a newer region. It is left
 * out; the next run reads that region. */
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

/* ------------------------------------------------------------------------------- the arguments */

/* The columns of each of these are those of its type in migrations/0005_map.sql. */

static void
put_demands(const struct write *write, struct pg_args *args)
{
	const struct region *region = write->load->setup->region;
	struct pg_records *records = pg_records_new(5);

	for (size_t i = 0; i < write->demands.count; i++) {
		const struct write_demand *one = &write->demands.items[i];
		const struct region_demand *demand = &region->demands[one->loaded->demand];

		pg_record_text(records, region->requirements[demand->requirement].id);
		pg_record_text(records, region->places[demand->place].code);
		pg_record_text(records, region->functions[demand->function].code);
		pg_record_int8(records, one->loaded->version);
		pg_record_time(records, one->next);
	}
	pg_records_put(args, records);
}

static void
put_ended(const struct write *write, struct pg_args *args)
{
	struct pg_records *records = pg_records_new(2);

	for (size_t i = 0; i < write->ended.count; i++) {
		pg_record_int8(records, write->ended.items[i].demand);
		pg_record_time(records, write->ended.items[i].start);
	}
	pg_records_put(args, records);
}

/* A cause that this version does not know was read from a row of a newer one (span_at()). */
static const char *
cause_name(enum cover_cause cause)
{
	return cause < COVER_CAUSES ? cover_cause_name(cause) : "none";
}

static void
put_begun(const struct write *write, struct pg_args *args)
{
	struct pg_records *records = pg_records_new(8);

	for (size_t i = 0; i < write->begun.count; i++) {
		const struct cover_span *span = write->begun.items[i].span;

		pg_record_int8(records, write->begun.items[i].demand);
		pg_record_time(records, span->start);
		pg_record_time(records, span->end);
		pg_record_text(records, cover_state_name(span->state));
		pg_record_text(records, cause_name(span->cause));
		pg_record_int8(records, span->present);
		pg_record_int8(records, span->required);
		pg_record_int8_array(records, span->shifts, span->nshifts);
	}
	pg_records_put(args, records);
}

static int64_t
marks_of(const struct gap_step *step)
{
	return (step->started ? MARK_STARTED : 0) | (step->told ? MARK_TOLD : 0) |
	       (step->act == GAP_CLOSE ? MARK_CLOSES : 0) | (step->passed ? MARK_PASSED : 0) |
	       (step->act == GAP_REOPEN ? MARK_REOPENS : 0) | (step->held ? MARK_HELD : 0) |
	       (step->follows ? MARK_FOLLOWS : 0);
}

static void
put_gaps(const struct write *write, struct pg_args *args)
{
	struct pg_records *records = pg_records_new(15);

	for (size_t i = 0; i < write->gaps.count; i++) {
		const struct write_gap *one = &write->gaps.items[i];
		const struct gap_step *step = one->step;
		const struct gap_hole *hole = &step->hole;

		pg_record_int8(records, one->demand);
		pg_record_text(records, step->id);
		pg_record_text(records, one->event);
		pg_record_text(records, flag_of(step->flag));
		pg_record_time(records, hole->start);
		pg_record_time(records, hole->end);
		pg_record_text(records, cover_state_name(hole->state));
		pg_record_text(records, cause_name(hole->cause));
		pg_record_int8(records, hole->present);
		pg_record_int8(records, hole->required);
		pg_record_text(records, gap_severity_name(step->severity));
		pg_record_int8(records, marks_of(step));
		pg_record_text(records, hole->group);
		pg_record_int8(records, step->alerts_sent);
		pg_record_text(records, one->to);
	}
	pg_records_put(args, records);
}

/* The marks that ${work} has dealt with once its ${last} demands are written. A mark is cleared by
 * its number. If the rota was marked again meanwhile, its number is another one and the new mark
 * stays. */
static void
put_marks(const struct work *work, bool last, struct pg_args *args)
{
	struct pg_records *records = pg_records_new(2);

	for (size_t i = 0; last && i < work->rotas.count; i++) {
		const struct work_rota *rota = &work->rotas.items[i];

		if (rota->mark == 0)
			continue;
		pg_record_text(records, rota->id);
		pg_record_int8(records, rota->mark);
	}
	pg_records_put(args, records);
}

static void
put_source(struct pg_records *records, const char *rota, const struct source *source)
{
	pg_record_text(records, rota);
	pg_record_time(records, source->horizon);
	pg_record_time(records, source->trusted_until);
}

/*
 * The sources that these sweeps used in another state than the map last saw them in, while other
 * demands of the rota are still to be swept with that state, or which changed between two chunks.
 * They are recorded as source_unlike_any(): if such a source went back to the state that the map
 * last saw, nothing else would have these demands swept again.
 */
static void
put_changed_sources(
    const struct load *load, const struct work *work, bool last, struct pg_records *records)
{
	const struct source unlike_any = source_unlike_any();

	for (size_t i = 0; i < load->nrotas; i++) {
		const char *id = load->setup->region->rotas[load->rotas[i].rota].id;
		const struct work_rota *rota = work_rota(work, id);

		if (load->rotas[i].source_changed &&
		    !(last && rota != NULL && !rota->source_changed))
			put_source(records, id, &unlike_any);
	}
}

/* The sources that ${work} has dealt with once its ${last} demands are written. */
static void
put_sources(const struct load *load, const struct work *work, bool last, struct pg_args *args)
{
	struct pg_records *records = pg_records_new(3);

	put_changed_sources(load, work, last, records);
	for (size_t i = 0; last && i < work->rotas.count; i++) {
		const struct work_rota *rota = &work->rotas.items[i];

		if (rota->has_source && !rota->source_changed)
			put_source(records, rota->id, &rota->source);
	}
	pg_records_put(args, records);
}

/* In the order of the arguments of COVERAGE_COMMIT. With the versions of the demands and of the
 * region the commit refuses a sweep that another process has overtaken. */
void
write_ask(
    const struct write *write, const struct work *work, bool last, bool check, struct pg_args *args)
{
	const struct load *load = write->load;

	pg_time(args, load->now);
	pg_int8(args, FRESHNESS_STALE_SECONDS);
	pg_bool(args, check);
	pg_int8(args, load->setup->region->version);
	pg_time(args, load->window.end);
	put_demands(write, args);
	put_ended(write, args);
	put_begun(write, args);
	put_gaps(write, args);
	put_marks(work, last, args);
	put_sources(load, work, last, args);
}
