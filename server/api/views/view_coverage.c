#include "server/api/map/cover.h"
#include "server/api/views/coverage_record.h"
#include "server/api/views/now/then.h"
#include "server/api/views/override_words.h"
#include "server/api/views/sources.h"
#include "server/api/views/views.h"
#include "server/api/views/warnings.h"

/*
 * GET /v1/coverage. What lies in the snapshot's window is worked out from it; what lies before
 * comes from the record of the map. Either way the spans of a requirement tile the window that was
 * asked for, and the totals are their sums.
 */

#define DAY_SECONDS 86400
#define WINDOW_MAX_SECONDS (92 * (int64_t)DAY_SECONDS)
#define AHEAD_SECONDS (400 * (int64_t)DAY_SECONDS)

#define NO_RECORD_TEXT "Nothing was recorded for this time, or it is no longer kept."

struct totals {
	int64_t seconds[COVER_STATES];
	bool personal; /* somebody's name is in it */
};

/* --------------------------------------------------------------------------------- writing */

static void
put_person(struct json_out *out, const char *name, const char *rota, bool confirmed, bool override)
{
	out_text(out, "name", name);
	out_text(out, "rota", rota);
	out_bool(out, "confirmed", confirmed);
	out_bool(out, "override", override);
}

/* With where their rota stands, for the time ahead rests on it. */
static void
put_person_of(struct json_out *out, const struct ask *ask, const char *name,
    const struct cover_shift *found, bool confirmed)
{
	out_object(out, NULL);
	put_person(
	    out, name, ask->region->rotas[found->rota].id, confirmed, found->shift->override != 0);
	source_put(out, ask->map->feeds[found->rota], ask->now);
	out_object_end(out);
}

static const char *
name_of(const struct region *region, const struct cover_shift *found)
{
	if (found->shift->class == KEPT_TEAM)
		return rota_block_text(found->block, found->shift->team);
	return found->shift->person == REGION_NONE ? NULL
						   : region->people[found->shift->person].name;
}

static bool
counts_in(const struct coverage_piece *piece, int64_t id)
{
	for (size_t i = 0; i < piece->nshifts; i++)
		if (piece->shifts[i] == id)
			return true;
	return false;
}

/* Somebody whom the rota names without being relied on: tentative, or from a source that is no
 * longer believed. Not who is away. */
static bool
is_unconfirmed(
    const struct ask *ask, const struct coverage_piece *piece, const struct kept_shift *shift)
{
	if (piece->state == COVER_COVERED || piece->state == COVER_NOT_COMMISSIONED)
		return false;
	if (shift->class == KEPT_TEAM)
		return true;
	return (shift->class == KEPT_NAMED || shift->class == KEPT_TENTATIVE) &&
	       !snapshot_away(ask->map, shift->person, piece->start);
}

/* Those who count, and, where that is not enough, those who are named for the whole span:
 * unconfirmed. */
static void
put_people(struct json_out *out, const struct ask *ask, const struct cover *cover,
    const struct coverage_piece *piece, struct totals *totals)
{
	for (size_t i = 0; i < cover->nshifts; i++) {
		const struct cover_shift *found = &cover->shifts[i];
		const char *name = name_of(ask->region, found);
		bool counts;

		if (found->start > piece->start || found->end < piece->end || name == NULL)
			continue;
		counts = counts_in(piece, found->shift->id);
		if (!counts && !is_unconfirmed(ask, piece, found->shift))
			continue;
		put_person_of(out, ask, name, found, counts);
		totals->personal |= found->shift->class != KEPT_TEAM;
	}
}

static void
put_past_people(struct json_out *out, const struct ask *ask, const struct coverage_record *record,
    const struct coverage_piece *piece, struct totals *totals)
{
	for (size_t i = 0; i < piece->nshifts; i++) {
		const struct coverage_shift *shift =
		    coverage_record_shift(record, piece->shifts[i]);
		uint32_t person;

		if (shift == NULL)
			continue;
		person = shift->person ? table_get(&ask->region->person_by_id, shift->person)
				       : TABLE_NONE;
		out_object(out, NULL);
		put_person(out,
		    person != TABLE_NONE ? ask->region->people[person].name
		    : shift->person      ? shift->person
					 : shift->team,
		    shift->rota, true, shift->override);
		out_object_end(out);
		totals->personal |= shift->person != NULL;
	}
}

static void
put_piece(struct json_out *out, const struct ask *ask, const struct coverage_record *record,
    const struct cover *cover, const struct coverage_piece *piece, struct totals *totals)
{
	out_object(out, NULL);
	out_time(out, "start", piece->start);
	out_time(out, "end", piece->end);
	out_text(out, "state", cover_state_name(piece->state));
	out_int(out, "present", piece->present);
	out_int(out, "required", piece->required);
	out_array(out, "people");
	if (rights_sight(ask->account) != SIGHT_COUNTS) {
		if (cover != NULL)
			put_people(out, ask, cover, piece, totals);
		else
			put_past_people(out, ask, record, piece, totals);
	}
	out_array_end(out);
	out_text(out, "cause",
	    piece->no_record             ? NO_RECORD_TEXT
	    : piece->cause == CAUSE_NONE ? NULL
					 : cover_cause_text(piece->cause));
	out_text(out, "cause_code",
	    piece->no_record             ? "no_record"
	    : piece->cause == CAUSE_NONE ? NULL
					 : cover_cause_name(piece->cause));
	out_object_end(out);
	totals->seconds[piece->state] += piece->end - piece->start;
}

static void
put_ahead(struct json_out *out, struct ask *ask, const struct coverage_asked *asked,
    uint32_t demand, struct totals *totals)
{
	struct cover_asked given = {.map = ask->map, .now = ask->now};
	struct cover cover;

	if (asked->ahead.start >= asked->ahead.end)
		return;
	cover_demand(ask->arena, &given, demand, asked->ahead, &cover);
	for (size_t i = 0; i < cover.spans.count; i++) {
		const struct cover_span *span = &cover.spans.items[i];
		struct coverage_piece piece = {
		    .start = span->start,
		    .end = span->end,
		    .state = span->state,
		    .cause = span->cause,
		    .present = span->present,
		    .required = span->required,
		    .shifts = span->shifts,
		    .nshifts = span->nshifts,
		};

		put_piece(out, ask, NULL, &cover, &piece, totals);
	}
}

static void
put_map(struct json_out *out, const struct ask *ask)
{
	bool then = ask->known_at != INT64_MIN;

	out_object(out, "map");
	out_time(out, "as_of", then ? ask->known_at : ask->api->store.checked_at);
	out_text(out, "confidence",
	    confidence_name(
		then ? CONFIDENCE_LIVE : snapshot_store_confidence(&ask->api->store, ask->now)));
	out_object_end(out);
}

/* What hangs by a thread, of what lies ahead: the record keeps no warnings, and of what was known
 * at another time only the rotas of the place are read. */
static void
put_warnings(struct json_out *out, struct ask *ask, const struct coverage_asked *asked)
{
	struct cover_asked given = {.map = ask->map, .now = ask->now};
	struct frail_list list = {0};

	if (ask->known_at != INT64_MIN) {
		out_null(out, "warnings");
		return;
	}
	if (asked->ahead.start < asked->ahead.end)
		frail_place(ask->arena, &given, asked->place, asked->function, asked->ahead, &list);
	warnings_put(out, "warnings", ask->arena, ask->region, &list,
	    (struct warnings_wanted){.function = REGION_NONE, .at = INT64_MIN});
}

/* Where the calendar of one of its rotas speaks against an override. */
static void
put_disputes(struct json_out *out, const struct ask *ask, const struct coverage_asked *asked,
    const struct region_demand *demand, struct totals *totals)
{
	bool named = rights_sight(ask->account) != SIGHT_COUNTS;
	struct buf words = {0};

	out_array(out, "disputes");
	for (uint32_t i = 0; i < demand->rotas.count; i++) {
		const struct rota_block *block = ask->map->rotas[demand->rotas.items[i]];

		for (uint32_t j = 0; j < block->noverrides; j++) {
			const struct kept_override *override = &block->overrides[j];

			if (override->standing == OVERRIDE_WAITING ||
			    (int64_t) override->start >= asked->window.end ||
			    (int64_t) override->end <= asked->window.start)
				continue;
			buf_reset(&words);
			override_words_warning(&words, ask->map->setup,
			    ask->region->rotas[demand->rotas.items[i]].id, override, named);
			out_text(out, NULL, words.at);
			totals->personal |= named;
		}
	}
	out_array_end(out);
	buf_free(&words);
}

/* ${record}: NULL if nothing before the snapshot's window was asked for. */
static void
reply(struct ask *ask, const struct coverage_asked *asked, const struct coverage_record *record)
{
	const struct region *region = ask->region;
	const struct region_place *place = &region->places[asked->place];
	struct json_out out = {0};
	struct totals totals = {0};

	out_object(&out, NULL);
	out_text(&out, "place", place->code);
	out_time(&out, "from", asked->window.start);
	out_time(&out, "to", asked->window.end);
	out_array(&out, "requirements");
	for (uint32_t i = 0; i < place->demands.count; i++) {
		const struct region_demand *demand = &region->demands[place->demands.items[i]];
		const struct region_requirement *requirement =
		    &region->requirements[demand->requirement];

		if (!coverage_wants(ask, asked, place->demands.items[i]))
			continue;
		out_object(&out, NULL);
		out_text(&out, "id", requirement->id);
		out_text(&out, "place", region->places[requirement->place].code);
		out_text(&out, "function", region->functions[demand->function].code);
		out_int(&out, "count", requirement->count);
		sources_put_at_fault(&out,
		    source_walk(ask->map, ask->now, asked->place, demand->function, asked->window));
		out_array(&out, "spans");
		for (size_t j = 0; record != NULL && j < record->pieces[i].count; j++)
			put_piece(&out, ask, record, NULL, &record->pieces[i].items[j], &totals);
		put_ahead(&out, ask, asked, place->demands.items[i], &totals);
		out_array_end(&out);
		put_disputes(&out, ask, asked, demand, &totals);
		out_object_end(&out);
	}
	out_array_end(&out);
	out_object(&out, "totals");
	for (int i = 0; i < COVER_STATES; i++)
		out_hours(&out, cover_state_name((enum cover_state)i), totals.seconds[i]);
	out_object_end(&out);
	put_warnings(&out, ask, asked);
	put_map(&out, ask);
	out_object_end(&out);
	ask_reply(ask, &out);
	if (totals.personal)
		ask_read(ask, READ_COVERAGE, place->code,
		    asked->function == REGION_NONE ? NULL : region->functions[asked->function].code,
		    asked->window.start);
}

/* -------------------------------------------------------------------------------- the call */

static void
check_window(struct ask *ask, struct span_time window)
{
	if (window.start >= window.end)
		ask_fault(ask, "query.to", "is not after from");
	else if (window.end - window.start > WINDOW_MAX_SECONDS)
		ask_fault(ask, "query.to", "is more than 92 days after from: ask in parts");
	if (window.end > ask->now + AHEAD_SECONDS)
		ask_fault(ask, "query.to", "is more than 400 days ahead");
}

static void
reply_with_record(struct job *job, const struct coverage_record *record)
{
	reply(&job->ask, &record->asked, record);
	job_end(job);
}

/* What lies before ${edge} is asked of the record, the rest of the map. */
static void
split(struct coverage_asked *asked, int64_t edge)
{
	struct span_time window = asked->window;

	asked->past = (struct span_time){window.start, edge < window.end ? edge : window.end};
	asked->ahead = (struct span_time){edge > window.start ? edge : window.start, window.end};
}

/* As it would have been answered then: what lay before the map of then was in the record. */
static void
on_then(struct job *job, const struct then_asked *then)
{
	struct coverage_asked asked = *(const struct coverage_asked *)job->more;

	asked.place = then->place;
	asked.function = then->function;
	if (asked.past.start < asked.past.end) {
		coverage_record_read(job, &asked, reply_with_record);
		return;
	}
	reply(&job->ask, &asked, NULL);
	job_end(job);
}

static void
answer_then(struct ask *ask, struct coverage_asked *asked, struct then_asked *then)
{
	struct job *job = job_new(ask, 0);

	split(asked, then->known_at - SNAPSHOT_BACK_SECONDS);
	then->window = asked->ahead;
	job->more = arena_alloc(job->ask.arena, sizeof *asked);
	*(struct coverage_asked *)job->more = *asked;
	then_make(job, then, on_then);
}

void
view_coverage(void *ctx, struct web_exchange *exchange)
{
	static const char *const known[] = {"place", "from", "to", "function", "known_at", NULL};
	struct ask ask;
	struct coverage_asked asked = {0};
	struct then_asked then;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_READ))
		return;
	ask_known(&ask, known);
	then = (struct then_asked){
	    .place_code = ask_code(&ask, "place", ASK_REQUIRED),
	    .function_code = ask_code(&ask, "function", ASK_OPTIONAL),
	    .known_at = ask_time(&ask, "known_at", ASK_OPTIONAL, INT64_MIN),
	};
	if (then.known_at == INT64_MIN && ask.faults.count == 0) {
		asked.place = ask_place(&ask, ASK_REQUIRED);
		asked.function = ask_function(&ask);
	}
	if (then.known_at > ask.now)
		ask_fault(
		    &ask, "query.known_at", "is in the future: nobody knows what will be known");
	asked.window.start = ask_time(&ask, "from", ASK_REQUIRED, 0);
	asked.window.end = ask_time(&ask, "to", ASK_REQUIRED, 0);
	if (ask.faults.count == 0)
		check_window(&ask, asked.window);
	if (!ask_fine(&ask))
		return;
	if (then.known_at != INT64_MIN) {
		answer_then(&ask, &asked, &then);
		return;
	}
	split(&asked, ask.map->window.start);
	if (asked.past.start < asked.past.end) {
		coverage_record_read(job_new(&ask, 0), &asked, reply_with_record);
		return;
	}
	reply(&ask, &asked, NULL);
	ask_end(&ask);
}
