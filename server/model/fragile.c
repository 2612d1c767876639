/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/sorted.h"
#include "server/model/fragile_private.h"

#define MINUTE INT64_C(60)
#define DAY INT64_C(86400)

static int
by_start(const void *left, const void *right)
{
	const struct fragile_warning *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->rota != b->rota)
		return a->rota < b->rota ? -1 : 1;
	return (a->other > b->other) - (a->other < b->other);
}

/* Adds a warning, or prolongs the one that it continues, so that one condition is one line.
 * Backwards, since the warning that it continues is among the last. */
void
fragile_warn(struct arena *arena, fragile_list *list, struct fragile_warning warning)
{
	for (size_t i = list->count; i > 0; i--) {
		struct fragile_warning *last = &list->items[i - 1];

		if (last->kind == warning.kind && last->rota == warning.rota &&
		    last->other == warning.other && last->end >= warning.start &&
		    last->start <= warning.start) {
			last->end = warning.end > last->end ? warning.end : last->end;
			return;
		}
	}
	*VEC_PUSH(arena, list) = warning;
}

struct fragile_warnings
fragile_in_order(fragile_list *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof *list->items, by_start);
	return (struct fragile_warnings){list->items, list->count};
}

/* ---- Of one demand. */

struct looking {
	struct arena *arena;
	const struct fragile_input *input;
	const struct fragile_shift *pieces; /* by id, then start; pieces that touch are joined */
	size_t npieces;
	fragile_list found;
};

static int
by_id(const void *left, const void *right)
{
	const struct fragile_shift *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (a->start > b->start) - (a->start < b->start);
}

/* Joins pieces of one shift that touch. A shift is cut where a service lists a place again without
 * a break, although nothing ends there. */
static void
find_pieces(struct looking *looking)
{
	const struct fragile_input *input = looking->input;
	struct fragile_shift *pieces =
	    arena_array(looking->arena, input->nshifts + 1, sizeof *pieces);
	size_t count = 0;

	for (size_t i = 0; i < input->nshifts; i++)
		pieces[i] = input->shifts[i];
	if (input->nshifts > 1)
		qsort(pieces, input->nshifts, sizeof *pieces, by_id);
	for (size_t i = 0; i < input->nshifts; i++) {
		struct fragile_shift *last = count > 0 ? &pieces[count - 1] : NULL;

		if (last == NULL || last->id != pieces[i].id || last->end < pieces[i].start)
			pieces[count++] = pieces[i];
		else if (pieces[i].end > last->end)
			last->end = pieces[i].end;
	}
	looking->pieces = pieces;
	looking->npieces = count;
}

static bool
is_at_or_before(const void *item, const void *sought)
{
	const struct fragile_shift *piece = item, *at = sought;

	return piece->id < at->id || (piece->id == at->id && piece->start <= at->start);
}

/* The piece of shift ${id} that overlaps ${span}; NULL if there is none. */
static const struct fragile_shift *
find_piece(const struct looking *looking, const struct cover_span *span, int64_t id)
{
	const struct fragile_shift *pieces = looking->pieces;
	struct fragile_shift sought = {.id = id, .start = span->start};
	size_t after =
	    sorted_first(pieces, looking->npieces, sizeof *pieces, is_at_or_before, &sought);

	if (after == 0 || pieces[after - 1].id != id || pieces[after - 1].end <= span->start)
		return NULL;
	return &pieces[after - 1];
}

/* Whether two shifts are of one head: one person, or one team line of one source. */
static bool
same_head(const struct fragile_shift *a, const struct fragile_shift *b)
{
	if (a->person != SWEEP_NOBODY || b->person != SWEEP_NOBODY)
		return a->person == b->person;
	return a->source == b->source && a->team == b->team;
}

/* A decision made here depends on no source, so it cannot be stale. */
static bool
is_stale(const struct looking *looking, const struct fragile_shift *shift)
{
	return !shift->override && looking->input->sources[shift->source].stale;
}

static bool
is_last_read(const struct looking *looking, const struct fragile_shift *shift)
{
	(void)looking;
	return shift->as_last_read;
}

/* Whether a shift is weak in the sense of one warning. */
typedef bool weak_fn(const struct looking *looking, const struct fragile_shift *shift);

/* The number of heads in ${span} without shifts that are ${weak}. Heads and not shifts: somebody who
 * is on by two shifts, one of them sound, does not depend on the weak one. */
static int32_t
sound_heads(const struct looking *looking, const struct cover_span *span, weak_fn *weak)
{
	const struct fragile_shift *heads[SWEEP_SHIFTS_MAX];
	int32_t count = 0;

	INVARIANT(span->nshifts <= SWEEP_SHIFTS_MAX);
	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *shift = find_piece(looking, span, span->shifts[i]);
		bool again = false;

		if (shift == NULL || weak(looking, shift))
			continue;
		for (int32_t j = 0; j < count && !again; j++)
			again = same_head(heads[j], shift);
		if (!again)
			heads[count++] = shift;
	}
	return count;
}

/* Warns if ${span} would not be covered without the shifts that are ${weak}. */
static void
warn_without(
    struct looking *looking, const struct cover_span *span, weak_fn *weak, enum fragile_kind kind)
{
	if (sound_heads(looking, span, weak) >= span->required)
		return;
	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *shift = find_piece(looking, span, span->shifts[i]);

		if (shift == NULL || !weak(looking, shift))
			continue;
		fragile_warn(looking->arena, &looking->found,
		    (struct fragile_warning){kind, span->start, span->end,
			looking->input->sources[shift->source].rota, REGION_NONE});
		return;
	}
}

/* The one source of all shifts that count in ${span}; NULL if there are several, or if one is an
 * override. */
static const struct fragile_source *
only_source(const struct looking *looking, const struct cover_span *span)
{
	const struct fragile_source *sources = looking->input->sources, *only = NULL;

	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *shift = find_piece(looking, span, span->shifts[i]);

		if (shift == NULL || shift->override ||
		    (only != NULL && only != &sources[shift->source]))
			return NULL;
		only = &sources[shift->source];
	}
	return only;
}

static void
check_end(struct looking *looking, const struct cover_span *span)
{
	int64_t now = looking->input->now;
	const struct fragile_source *only;

	if (span->present != span->required || span->end <= now)
		return;
	only = only_source(looking, span);
	/* A horizon that is over shows as unknown by itself. */
	if (only == NULL || only->horizon <= now || only->horizon > now + DAY)
		return;
	fragile_warn(looking->arena, &looking->found,
	    (struct fragile_warning){
		FRAGILE_ENDS_SOON, span->start, span->end, only->rota, REGION_NONE});
}

/* Warns of people who count without the function, also where there are too few anyway. */
static void
check_roles(struct looking *looking, const struct cover_span *span)
{
	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *shift = find_piece(looking, span, span->shifts[i]);

		if (shift != NULL && shift->lacks)
			fragile_warn(looking->arena, &looking->found,
			    (struct fragile_warning){FRAGILE_NO_ROLE, span->start, span->end,
				looking->input->sources[shift->source].rota, REGION_NONE});
	}
}

/* Warns of a person who is on for two tiers. Names the first tier's rota first. */
static void
check_tiers(struct looking *looking, const struct cover_span *span)
{
	const struct fragile_source *sources = looking->input->sources;

	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *one = find_piece(looking, span, span->shifts[i]);

		for (uint32_t j = 0; one != NULL && j < span->nshifts; j++) {
			const struct fragile_shift *two =
			    find_piece(looking, span, span->shifts[j]);

			/* Only of people: a team line may be on two tiers on purpose. */
			if (two != NULL && one->person != SWEEP_NOBODY &&
			    one->person == two->person &&
			    sources[one->source].tier < sources[two->source].tier)
				fragile_warn(looking->arena, &looking->found,
				    (struct fragile_warning){FRAGILE_TWO_TIERS, span->start,
					span->end, sources[one->source].rota,
					sources[two->source].rota});
		}
	}
}

/* The shift by which the head of ${shift} is on in ${span}; NULL if it is not. */
static const struct fragile_shift *
find_head(
    const struct looking *looking, const struct cover_span *span, const struct fragile_shift *shift)
{
	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *other = find_piece(looking, span, span->shifts[i]);

		if (other != NULL && same_head(other, shift))
			return other;
	}
	return NULL;
}

/* Since when the head of ${shift} has been on without a break, at the end of span ${last}, by any
 * of its shifts. Searches no further back than ${enough}. */
static int64_t
on_since(
    const struct looking *looking, size_t last, const struct fragile_shift *shift, int64_t enough)
{
	const struct cover_span *spans = looking->input->spans.items;
	int64_t since = spans[last].end;

	for (size_t i = last + 1; i > 0 && since > enough; i--) {
		const struct fragile_shift *by = find_head(looking, &spans[i - 1], shift);

		if (by == NULL)
			break;
		/* The time before the first span is not known; the shift's own start is. */
		since = i == 1 && by->start < spans[0].start ? by->start : spans[i - 1].start;
	}
	return since;
}

/* The longest time, up to ${wanted}, that somebody who is on after span ${last} has been on
 * together with ${gone}; -1 if ${gone} stays on, so that there is no handover. */
static int64_t
time_together(
    const struct looking *looking, size_t last, const struct fragile_shift *gone, int64_t wanted)
{
	const struct cover_span *after = &looking->input->spans.items[last + 1];
	int64_t best = 0;

	if (find_head(looking, after, gone) != NULL)
		return -1;
	for (uint32_t i = 0; i < after->nshifts && best < wanted; i++) {
		const struct fragile_shift *shift = find_piece(looking, after, after->shifts[i]);
		int64_t since;

		if (shift == NULL)
			continue;
		since = on_since(looking, last, shift, gone->end - wanted);
		if (gone->end - since > best)
			best = gone->end - since;
	}
	return best;
}

/* Checks the handover of each person who leaves when span ${last} ends. */
static void
check_handover(struct looking *looking, size_t last)
{
	const struct cover_span *span = &looking->input->spans.items[last];
	int64_t wanted = looking->input->handover_minutes * MINUTE, together;

	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *gone = find_piece(looking, span, span->shifts[i]);

		if (gone == NULL || gone->end != span->end)
			continue;
		together = time_together(looking, last, gone, wanted);
		if (together >= 0 && together < wanted)
			fragile_warn(looking->arena, &looking->found,
			    (struct fragile_warning){FRAGILE_NO_HANDOVER, gone->end - wanted,
				gone->end, looking->input->sources[gone->source].rota,
				REGION_NONE});
	}
}

struct fragile_warnings
fragile_find(struct arena *arena, const struct fragile_input *input)
{
	struct looking looking = {.arena = arena, .input = input};

	find_pieces(&looking);
	for (size_t i = 0; i < input->spans.count; i++) {
		const struct cover_span *span = &input->spans.items[i];
		const struct cover_span *next = span + 1;

		check_roles(&looking, span);
		check_tiers(&looking, span);
		/* A span that is not covered has no cover that could be fragile. */
		if (span->state != COVER_COVERED)
			continue;
		warn_without(&looking, span, is_stale, FRAGILE_STALE_SOURCE);
		warn_without(&looking, span, is_last_read, FRAGILE_LAST_READ);
		check_end(&looking, span);
		if (input->handover_minutes > 0 && i + 1 < input->spans.count &&
		    next->state == COVER_COVERED)
			check_handover(&looking, i);
	}
	return fragile_in_order(&looking.found);
}
