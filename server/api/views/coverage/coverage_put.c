/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/coverage_put.h"

#include "server/api/views/parts/disputes.h"
#include "server/api/views/parts/sources.h"
#include "server/model/gap.h"

static void
put_person(struct json_out *out, const char *name, const char *rota, bool confirmed, bool override)
{
	out_text(out, "name", name);
	out_text(out, "rota", rota);
	out_bool(out, "confirmed", confirmed);
	out_bool(out, "override", override);
}

/* With the state of the rota's source, on which cover of the time ahead depends. */
static void
put_person_of(struct json_out *out, const struct ask *ask, const char *name,
    const struct cover_shift *found, bool confirmed)
{
	out_object(out, NULL);
	put_person(
	    out, name, ask->region->rotas[found->rota].id, confirmed, found->shift->override != 0);
	source_put(out, ask->map, found->rota, ask->now);
	source_put_origin(out, ask->map->feeds[found->rota]);
	out_bool(out, "as_last_read", found->shift->as_last_read != 0);
	out_object_end(out);
}

static const char *
name_of(const struct region *region, const struct cover_shift *found)
{
	if (found->shift->class == KEPT_TEAM)
		return rota_block_text(found->block, found->shift->team);
	return found->shift->person == REGION_NONE
		   ? NULL
		   : region_person(region, found->shift->person)->name;
}

/* The ids of a span are of the shifts that count in it. The list is short, so it is searched
 * from the beginning. */
static bool
counts_in(const struct coverage_piece *piece, int64_t id)
{
	for (size_t i = 0; i < piece->nshifts; i++)
		if (piece->shifts[i] == id)
			return true;
	return false;
}

/* Somebody on the rota who does not count: a tentative shift, or a source that is no longer
 * relied on. People who are away are left out. */
static bool
is_unconfirmed(
    const struct ask *ask, const struct coverage_piece *piece, const struct kept_shift *shift)
{
	/* Enough people count, or nobody is required: other names would only distract. */
	if (piece->state == COVER_COVERED || piece->state == COVER_NOT_COMMISSIONED)
		return false;
	if (shift->class == KEPT_TEAM)
		return true;
	if (shift->class == KEPT_UNDECIDED && shift->disputed)
		return true; /* the stand-in of an override in dispute, or the calendar's name */
	return (shift->class == KEPT_NAMED || shift->class == KEPT_TENTATIVE) &&
	       !snapshot_away(ask->map, shift->person, piece->start);
}

/* Those who count; and, if they are not enough, those who are named for the whole span, as
 * unconfirmed. Somebody named for a part of the span is left out: it would look like all of it. */
static void
put_people(
    struct json_out *out, const struct ask *ask, const struct coverage_piece *piece, bool *personal)
{
	const struct cover *cover = piece->cover;

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
		*personal |= found->shift->class != KEPT_TEAM;
	}
}

/* From the record: shifts of that time by their ids. Names are the present ones, since the record
 * keeps only ids; of a person who has left the region the id is shown. */
static void
put_past_people(struct json_out *out, const struct ask *ask, const struct coverage_record *record,
    const struct coverage_piece *piece, bool *personal)
{
	for (size_t i = 0; i < piece->nshifts; i++) {
		const struct coverage_shift *shift =
		    coverage_record_shift(record, piece->shifts[i]);
		uint32_t person;

		/* Retention has deleted it; the piece is then marked as not recorded. */
		if (shift == NULL)
			continue;
		person = shift->person ? table_get(&ask->region->person_by_id, shift->person)
				       : TABLE_NONE;
		out_object(out, NULL);
		put_person(out,
		    person != TABLE_NONE ? region_person(ask->region, person)->name
		    : shift->person      ? shift->person
					 : shift->team,
		    shift->rota, true, shift->override);
		out_object_end(out);
		*personal |= shift->person != NULL;
	}
}

/* Until when the risk of the gap that a piece is of is accepted. Of time that is over the record of risks says it. */
static int64_t
accepted_until(const struct ask *ask, const struct coverage_piece *piece, uint32_t demand)
{
	int64_t end;

	if (piece->cover == NULL || piece->state == COVER_COVERED ||
	    piece->state == COVER_NOT_COMMISSIONED)
		return INSTANT_NEVER;
	end = gap_block_accepted(ask->map->gaps[demand], piece->start);
	return end == 0 ? INSTANT_NEVER : end;
}

/* Counts are for everybody, names only for accounts that may see them. */
static void
put_piece(struct json_out *out, const struct ask *ask, const struct coverage_record *record,
    const struct coverage_piece *piece, const struct coverage_put *given)
{
	out_object(out, NULL);
	out_time(out, "start", piece->start);
	out_time(out, "end", piece->end);
	out_text(out, "state", cover_state_name(piece->state));
	out_int(out, "present", piece->present);
	out_int(out, "required", piece->required);
	out_array(out, "people");
	if (rights_sight(ask->account) != SIGHT_COUNTS) {
		if (piece->cover != NULL)
			put_people(out, ask, piece, given->personal);
		else
			put_past_people(out, ask, record, piece, given->personal);
	}
	out_array_end(out);
	out_text(out, "cause", piece->cause == CAUSE_NONE ? NULL : cover_cause_text(piece->cause));
	out_text(
	    out, "cause_code", piece->cause == CAUSE_NONE ? NULL : cover_cause_name(piece->cause));
	out_time(out, "accepted_until", accepted_until(ask, piece, given->demand));
	out_object_end(out);
}

/* The part within the snapshot's window. The cover is kept with each piece, because names are
 * looked up in it when the piece is written. */
static void
add_ahead(struct ask *ask, const struct coverage_line *line, struct span_time ahead,
    coverage_pieces *pieces)
{
	struct cover_asked given = {.map = ask->map, .now = ask->now};
	struct span_times times = coverage_part(ask->arena, line->times, ahead);

	for (size_t i = 0; i < times.count; i++) {
		struct cover *cover = arena_alloc(ask->arena, sizeof *cover);

		cover_demand(ask->arena, &given, line->demand, times.items[i], cover);
		for (size_t j = 0; j < cover->spans.count; j++) {
			const struct cover_span *span = &cover->spans.items[j];

			*VEC_PUSH(ask->arena, pieces) = (struct coverage_piece){
			    .start = span->start,
			    .end = span->end,
			    .state = span->state,
			    .cause = span->cause,
			    .present = span->present,
			    .required = span->required,
			    .shifts = span->shifts,
			    .nshifts = span->nshifts,
			    .cover = cover,
			};
		}
	}
}

/* The record's pieces come first, since the past does. */
coverage_pieces
coverage_pieces_of(struct ask *ask, const struct coverage_asked *asked,
    const struct coverage_record *record, size_t line)
{
	coverage_pieces pieces = {0};

	/* Without a record the whole window is ahead of the snapshot's beginning. */
	if (record != NULL)
		for (size_t i = 0; i < record->pieces[line].count; i++)
			*VEC_PUSH(ask->arena, &pieces) = record->pieces[line].items[i];
	add_ahead(ask, &asked->lines[line], asked->ahead, &pieces);
	return pieces;
}

/* By the model's rule of what one gap is, so that this answer counts gaps as /v1/gaps does. */
struct gap_holes
coverage_holes_of(struct ask *ask, coverage_pieces pieces)
{
	struct cover_span *spans = arena_array(ask->arena, pieces.count, sizeof *spans);

	for (size_t i = 0; i < pieces.count; i++)
		spans[i] = (struct cover_span){
		    .start = pieces.items[i].start,
		    .end = pieces.items[i].end,
		    .state = pieces.items[i].state,
		    .cause = pieces.items[i].cause,
		    .present = (int32_t)pieces.items[i].present,
		    .required = (int32_t)pieces.items[i].required,
		};
	return gap_find(ask->arena, (struct cover_spans){spans, pieces.count});
}

/* Overrides that the calendar of one of the line's rotas contradicts. */
static void
put_disputes(struct json_out *out, const struct ask *ask, const struct coverage_asked *asked,
    const struct region_demand *demand, bool *personal)
{
	out_array(out, "disputes");
	for (uint32_t i = 0; i < demand->rotas.count; i++)
		if (disputes_put(out, ask, demand->rotas.items[i], asked->window))
			*personal |= rights_sight(ask->account) != SIGHT_COUNTS;
	out_array_end(out);
}

void
coverage_put_line(struct json_out *out, struct ask *ask, const struct coverage_asked *asked,
    const struct coverage_record *record, const struct coverage_put *given)
{
	const struct region *region = ask->region;
	const struct region_demand *demand = &region->demands[given->demand];
	const struct region_requirement *requirement = &region->requirements[demand->requirement];
	struct late_corrections none = {0};

	out_object(out, NULL);
	out_text(out, "id", requirement->id);
	places_put(out, region, &asked->scope, region->places[demand->place].code, requirement->id);
	out_text(out, "function", region->functions[demand->function].code);
	out_int(out, "count", requirement->count);
	out_bool(out, "template", region_is_template(requirement));
	sources_put_at_fault(
	    out, source_walk(ask->map, ask->now, demand->place, demand->function, asked->window));
	out_array(out, "spans");
	for (size_t i = 0; i < given->pieces.count; i++)
		put_piece(out, ask, record, &given->pieces.items[i], given);
	out_array_end(out);
	put_disputes(out, ask, asked, demand, given->personal);
	late_corrections_put_ids(
	    out, region, record != NULL ? &record->late : &none, given->demand, asked->past);
	out_object_end(out);
}
