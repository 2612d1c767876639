#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/map/cover.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/model/hours.h"

/*
 * GET /v1/coverage. What lies in the snapshot's window is worked out from it; what lies before
 * comes from the record of the map. Either way the spans of a requirement tile the window that was
 * asked for, and the totals are their sums.
 */

#define DAY_SECONDS 86400
#define WINDOW_MAX_SECONDS (92 * (int64_t)DAY_SECONDS)
#define AHEAD_SECONDS (400 * (int64_t)DAY_SECONDS)

#define NO_RECORD_TEXT "Nothing was recorded for this time."

/* One span as it is written, whichever way it was found. */
struct piece {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	bool no_record;
	int64_t present, required;
	const int64_t *shifts;
	size_t nshifts;
};
typedef VEC(struct piece) piece_list;

struct asked {
	uint32_t place, function;
	struct span_time window;
	struct span_time past, ahead; /* before the snapshot's window, and in it; may be empty */
};

struct totals {
	int64_t seconds[COVER_STATES];
};

/* A shift of the record, for the people of a past span. */
struct past_shift {
	int64_t id;
	const char *rota, *person, *team;
};

struct record {
	struct asked asked;
	piece_list *pieces;              /* by place's demand */
	const struct past_shift *shifts; /* by id */
	size_t nshifts;
	int64_t *ids;
	size_t nids;
};

/* -------------------------------------------------------------------------------------------
 * writing */

static void
put_person(struct json_out *out, const char *name, const char *rota, bool confirmed)
{
	out_object(out, NULL);
	out_text(out, "name", name);
	out_text(out, "rota", rota);
	out_bool(out, "confirmed", confirmed);
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
counts_in(const struct piece *piece, int64_t id)
{
	for (size_t i = 0; i < piece->nshifts; i++)
		if (piece->shifts[i] == id)
			return true;
	return false;
}

/* Those who count, and, where that is not enough, those who are named for the whole span and do not
 * count: unconfirmed. */
static void
put_people(struct json_out *out, const struct ask *ask, const struct cover *cover,
    const struct piece *piece)
{
	for (size_t i = 0; i < cover->nshifts; i++) {
		const struct cover_shift *found = &cover->shifts[i];
		const char *name = name_of(ask->region, found);
		bool counts;

		if ((int64_t)found->shift->start > piece->start ||
		    (int64_t)found->shift->end < piece->end || name == NULL)
			continue;
		counts = counts_in(piece, found->shift->id);
		if (counts || piece->state == COVER_UNKNOWN || piece->state == COVER_SHORT ||
		    piece->state == COVER_GAP)
			put_person(out, name, ask->region->rotas[found->rota].id, counts);
	}
}

static void
put_past_people(struct json_out *out, const struct ask *ask, const struct record *record,
    const struct piece *piece)
{
	for (size_t i = 0; i < record->nshifts; i++) {
		const struct past_shift *shift = &record->shifts[i];
		uint32_t person;

		if (!counts_in(piece, shift->id))
			continue;
		person = shift->person ? table_get(&ask->region->person_by_id, shift->person)
				       : TABLE_NONE;
		put_person(out,
		    person != TABLE_NONE ? ask->region->people[person].name
		    : shift->person      ? shift->person
					 : shift->team,
		    shift->rota, true);
	}
}

static void
put_piece(struct json_out *out, const struct ask *ask, const struct record *record,
    const struct cover *cover, const struct piece *piece, struct totals *totals)
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
			put_people(out, ask, cover, piece);
		else
			put_past_people(out, ask, record, piece);
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
put_ahead(struct json_out *out, struct ask *ask, const struct asked *asked, uint32_t demand,
    struct totals *totals)
{
	struct cover_asked given = {.map = ask->map, .now = ask->now};
	struct cover cover;

	if (asked->ahead.start >= asked->ahead.end)
		return;
	cover_demand(ask->arena, &given, demand, asked->ahead, &cover);
	for (size_t i = 0; i < cover.spans.count; i++) {
		const struct cover_span *span = &cover.spans.items[i];
		struct piece piece = {
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

static bool
is_asked(const struct ask *ask, const struct asked *asked, uint32_t demand)
{
	return asked->function == REGION_NONE ||
	       ask->region->demands[demand].function == asked->function;
}

/* ${record}: NULL if nothing before the snapshot's window was asked for. */
static void
reply(struct ask *ask, const struct asked *asked, const struct record *record)
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

		if (!is_asked(ask, asked, place->demands.items[i]))
			continue;
		out_object(&out, NULL);
		out_text(&out, "id", requirement->id);
		out_text(&out, "place", region->places[requirement->place].code);
		out_text(&out, "function", region->functions[demand->function].code);
		out_int(&out, "count", requirement->count);
		out_array(&out, "spans");
		for (size_t j = 0; record != NULL && j < record->pieces[i].count; j++)
			put_piece(&out, ask, record, NULL, &record->pieces[i].items[j], &totals);
		put_ahead(&out, ask, asked, place->demands.items[i], &totals);
		out_array_end(&out);
		out_object_end(&out);
	}
	out_array_end(&out);
	out_object(&out, "totals");
	for (int i = 0; i < COVER_STATES; i++)
		out_hours(&out, cover_state_name((enum cover_state)i), totals.seconds[i]);
	out_object_end(&out);
	out_object(&out, "map");
	out_time(&out, "as_of", ask->api->store.checked_at);
	out_text(&out, "confidence",
	    confidence_name(snapshot_store_confidence(&ask->api->store, ask->now)));
	out_object_end(&out);
	out_object_end(&out);
	ask_reply(ask, &out);
}

/* ---------------------------------------------------------------------------------------- the
 * record */

/* What the record does not speak of: hours of the requirement as it is now are unknown, the rest
 * was not commissioned. */
static void
fill_hole(struct ask *ask, uint32_t demand, int64_t start, int64_t end, piece_list *pieces)
{
	const struct region_requirement *requirement =
	    &ask->region->requirements[ask->region->demands[demand].requirement];
	struct span_times hours = hours_expand(ask->arena, requirement, ask->map->setup->zone,
	    &ask->map->setup->holidays, (struct span_time){start, end});
	int64_t at = start;

	for (size_t i = 0; i <= hours.count; i++) {
		int64_t stop = i < hours.count ? hours.items[i].start : end;

		if (at < stop)
			*VEC_PUSH(ask->arena, pieces) = (struct piece){
			    .start = at, .end = stop, .state = COVER_NOT_COMMISSIONED};
		if (i == hours.count)
			break;
		*VEC_PUSH(ask->arena, pieces) = (struct piece){
		    .start = hours.items[i].start,
		    .end = hours.items[i].end,
		    .state = COVER_UNKNOWN,
		    .required = requirement->count,
		    .no_record = true,
		};
		at = hours.items[i].end;
	}
}

/* Whether the map had been begun when this hole was the present: then a hole means that nothing was
 * commissioned. */
static void
add_hole(
    struct ask *ask, uint32_t demand, int64_t start, int64_t end, bool recorded, piece_list *pieces)
{
	if (start >= end)
		return;
	if (recorded)
		*VEC_PUSH(ask->arena, pieces) =
		    (struct piece){.start = start, .end = end, .state = COVER_NOT_COMMISSIONED};
	else
		fill_hole(ask, demand, start, end, pieces);
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static const int64_t *
copy_shifts(struct ask *ask, const struct pg_rows *rows, size_t row, size_t *count)
{
	int64_t *ids;

	*count = pg_get_array_count(rows, row, 7);
	ids = arena_array(ask->arena, *count + 1, sizeof *ids);
	for (size_t i = 0; i < *count; i++)
		ids[i] = pg_get_array_int(rows, row, 7, i);
	return ids;
}

/* The rows of one requirement, in order, cut to the window; between two of them nothing was
 * commissioned, before the first nothing was kept. */
static void
take_demand(struct ask *ask, struct record *record, uint32_t demand, const struct pg_rows *rows,
    piece_list *pieces)
{
	const char *id = ask->region->requirements[ask->region->demands[demand].requirement].id;
	struct span_time past = record->asked.past;
	int64_t at = past.start;
	bool recorded = false;

	for (size_t row = 0; row < pg_rows_count(rows); row++) {
		struct piece piece = {
		    .start = later(past.start, pg_get_time(rows, row, 1)),
		    .end = earlier(past.end, pg_get_time(rows, row, 2)),
		    .state = kept_state_of(pg_get_text(rows, row, 3)),
		    .cause = kept_cause_of(pg_get_text(rows, row, 4)),
		    .present = pg_get_int(rows, row, 5),
		    .required = pg_get_int(rows, row, 6),
		};

		if (strcmp(pg_get_text(rows, row, 0), id) != 0)
			continue;
		add_hole(ask, demand, at, piece.start, recorded, pieces);
		recorded = true;
		piece.shifts = copy_shifts(ask, rows, row, &piece.nshifts);
		*VEC_PUSH(ask->arena, pieces) = piece;
		at = piece.end;
	}
	add_hole(ask, demand, at, past.end, recorded, pieces);
}

static void
on_past_shifts(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct record *record = job->data;
	struct past_shift *shifts =
	    arena_array(job->ask.arena, pg_rows_count(rows) + 1, sizeof *shifts);

	(void)st;
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		const char *person = pg_get_text(rows, i, 2), *team = pg_get_text(rows, i, 3);

		shifts[i] = (struct past_shift){
		    .id = pg_get_int(rows, i, 0),
		    .rota = arena_strdup(job->ask.arena, pg_get_text(rows, i, 1)),
		    .person = person ? arena_strdup(job->ask.arena, person) : NULL,
		    .team = team ? arena_strdup(job->ask.arena, team) : NULL,
		};
	}
	record->shifts = shifts;
	record->nshifts = pg_rows_count(rows);
	reply(&job->ask, &record->asked, record);
	job_end(job);
}

static void
on_spans(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct record *record = job->data;
	struct ask *ask = &job->ask;
	const struct region_list *demands = &ask->region->places[record->asked.place].demands;
	VEC(int64_t) ids = {0};
	struct pg_args args = {0};

	(void)st;
	record->pieces = arena_array(ask->arena, demands->count + 1, sizeof *record->pieces);
	for (uint32_t i = 0; i < demands->count; i++) {
		if (!is_asked(ask, &record->asked, demands->items[i]))
			continue;
		take_demand(ask, record, demands->items[i], rows, &record->pieces[i]);
		for (size_t j = 0; j < record->pieces[i].count; j++)
			for (size_t k = 0; k < record->pieces[i].items[j].nshifts; k++)
				*VEC_PUSH(ask->arena, &ids) = record->pieces[i].items[j].shifts[k];
	}
	pg_int8_array(&args, ids.items, ids.count);
	job_call(job, &API_SHIFTS_BY_ID, &args, on_past_shifts);
}

static void
ask_record(struct ask *ask, const struct asked *asked)
{
	const struct region *region = ask->region;
	const struct region_list *demands = &region->places[asked->place].demands;
	const char **ids = arena_array(ask->arena, demands->count + 1, sizeof *ids);
	struct job *job = job_new(ask, sizeof(struct record));
	struct pg_args args = {0};

	((struct record *)job->data)->asked = *asked;
	for (uint32_t i = 0; i < demands->count; i++)
		ids[i] = region->requirements[region->demands[demands->items[i]].requirement].id;
	pg_text(&args, region->places[asked->place].code);
	pg_text_array(&args, ids, demands->count);
	pg_time(&args, asked->past.start);
	pg_time(&args, asked->past.end);
	job_call(job, &API_SPANS, &args, on_spans);
}

/* ------------------------------------------------------------------------------------------- the
 * call */

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

void
view_coverage(void *ctx, struct web_exchange *exchange)
{
	static const char *const known[] = {"place", "from", "to", "function", NULL};
	struct ask ask;
	struct asked asked = {0};
	int64_t edge;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_READ))
		return;
	ask_known(&ask, known);
	asked.place = ask_place(&ask, ASK_REQUIRED);
	asked.function = ask_function(&ask);
	asked.window.start = ask_time(&ask, "from", ASK_REQUIRED, 0);
	asked.window.end = ask_time(&ask, "to", ASK_REQUIRED, 0);
	if (ask.faults.count == 0)
		check_window(&ask, asked.window);
	if (!ask_fine(&ask))
		return;
	edge = ask.map->window.start;
	asked.past = (struct span_time){asked.window.start, earlier(edge, asked.window.end)};
	asked.ahead = (struct span_time){later(edge, asked.window.start), asked.window.end};
	if (asked.past.start < asked.past.end) {
		ask_record(&ask, &asked);
		return;
	}
	reply(&ask, &asked, NULL);
	ask_end(&ask);
}
