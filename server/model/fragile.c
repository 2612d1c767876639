#include "server/model/fragile.h"

#include <stdlib.h>

#include "server/base/vec.h"

#define MINUTE INT64_C(60)
#define DAY INT64_C(86400)

const char *
fragile_kind_name(enum fragile_kind kind)
{
	static const char *const names[FRAGILE_KINDS] = {
	    [FRAGILE_TWO_PLACES] = "two_places",
	    [FRAGILE_STALE_SOURCE] = "stale_source",
	    [FRAGILE_NO_HANDOVER] = "no_handover",
	    [FRAGILE_ENDS_SOON] = "ends_soon",
	};

	return names[kind];
}

typedef VEC(struct fragile_warning) warning_list;

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

/* What touches the last warning of the same thread is the same one going on. */
static void
warn(struct arena *arena, warning_list *list, struct fragile_warning warning)
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

static struct fragile_warnings
in_order(warning_list *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof *list->items, by_start);
	return (struct fragile_warnings){list->items, list->count};
}

/* ------------------------------------------------------------------------------- of one demand */

static const struct fragile_shift *
find_shift(const struct fragile_input *input, int64_t id)
{
	size_t low = 0, high = input->nshifts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (input->shifts[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < input->nshifts && input->shifts[low].id == id ? &input->shifts[low] : NULL;
}

/* Whether two shifts count as one head. */
static bool
same_head(const struct fragile_shift *a, const struct fragile_shift *b)
{
	if (a->person != SWEEP_NOBODY || b->person != SWEEP_NOBODY)
		return a->person == b->person;
	return a->source == b->source && a->team == b->team;
}

/* The distinct heads of ${span} that do not hang on a stale source. */
static int32_t
fresh_heads(const struct fragile_input *input, const struct cover_span *span)
{
	const struct fragile_shift *heads[SWEEP_SHIFTS_MAX];
	int32_t count = 0;

	for (uint32_t i = 0; i < span->nshifts && i < SWEEP_SHIFTS_MAX; i++) {
		const struct fragile_shift *shift = find_shift(input, span->shifts[i]);
		bool again = false;

		if (shift == NULL || input->sources[shift->source].stale)
			continue;
		for (int32_t j = 0; j < count && !again; j++)
			again = same_head(heads[j], shift);
		if (!again)
			heads[count++] = shift;
	}
	return count;
}

static void
check_stale(struct arena *arena, const struct fragile_input *input, const struct cover_span *span,
    warning_list *list)
{
	if (fresh_heads(input, span) >= span->required)
		return;
	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *shift = find_shift(input, span->shifts[i]);

		if (shift == NULL || !input->sources[shift->source].stale)
			continue;
		warn(arena, list,
		    (struct fragile_warning){FRAGILE_STALE_SOURCE, span->start, span->end,
			input->sources[shift->source].rota, REGION_NONE});
		return;
	}
}

/* The one source of all that count in ${span}; NULL: there are several. */
static const struct fragile_source *
only_source(const struct fragile_input *input, const struct cover_span *span)
{
	const struct fragile_source *only = NULL;

	for (uint32_t i = 0; i < span->nshifts; i++) {
		const struct fragile_shift *shift = find_shift(input, span->shifts[i]);

		if (shift == NULL || (only != NULL && only != &input->sources[shift->source]))
			return NULL;
		only = &input->sources[shift->source];
	}
	return only;
}

static void
check_end(struct arena *arena, const struct fragile_input *input, const struct cover_span *span,
    warning_list *list)
{
	const struct fragile_source *only;

	if (span->present != span->required || span->end <= input->now)
		return;
	only = only_source(input, span);
	if (only == NULL || only->horizon <= input->now || only->horizon > input->now + DAY)
		return;
	warn(arena, list,
	    (struct fragile_warning){
		FRAGILE_ENDS_SOON, span->start, span->end, only->rota, REGION_NONE});
}

/* How long the best of those who are on after ${gone} has been there with him; -1: he stays
 * himself. */
static int64_t
time_together(const struct fragile_input *input, const struct cover_span *after,
    const struct fragile_shift *gone)
{
	int64_t best = 0;

	for (uint32_t i = 0; i < after->nshifts; i++) {
		const struct fragile_shift *shift = find_shift(input, after->shifts[i]);

		if (shift == NULL)
			continue;
		if (same_head(shift, gone))
			return -1;
		if (gone->end - shift->start > best)
			best = gone->end - shift->start;
	}
	return best;
}

static void
check_handover(struct arena *arena, const struct fragile_input *input,
    const struct cover_span *before, const struct cover_span *after, warning_list *list)
{
	int64_t wanted = input->handover_minutes * MINUTE, together;

	for (uint32_t i = 0; i < before->nshifts; i++) {
		const struct fragile_shift *gone = find_shift(input, before->shifts[i]);

		if (gone == NULL || gone->end != before->end)
			continue;
		together = time_together(input, after, gone);
		if (together >= 0 && together < wanted)
			warn(arena, list,
			    (struct fragile_warning){FRAGILE_NO_HANDOVER, gone->end - wanted,
				gone->end, input->sources[gone->source].rota, REGION_NONE});
	}
}

struct fragile_warnings
fragile_find(struct arena *arena, const struct fragile_input *input)
{
	warning_list list = {0};

	for (size_t i = 0; i < input->spans.count; i++) {
		const struct cover_span *span = &input->spans.items[i];
		const struct cover_span *next = span + 1;

		if (span->state != COVER_COVERED)
			continue;
		check_stale(arena, input, span, &list);
		check_end(arena, input, span, &list);
		if (input->handover_minutes > 0 && i + 1 < input->spans.count &&
		    next->state == COVER_COVERED && next->start == span->end)
			check_handover(arena, input, span, next, &list);
	}
	return in_order(&list);
}

/* --------------------------------------------------------------------------------- two places */

static int
by_person(const void *left, const void *right)
{
	const struct fragile_duty *a = left, *b = right;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->rota > b->rota) - (a->rota < b->rota);
}

static bool
lists(const struct region_list *places, uint32_t place)
{
	for (uint32_t i = 0; i < places->count; i++)
		if (places->items[i] == place)
			return true;
	return false;
}

/* Whether ${service} serves every place of ${other}. */
static bool
serves_all(const struct region_service *service, const struct region_service *other)
{
	for (uint32_t i = 0; i < other->places.count; i++)
		if (!lists(&service->places, other->places.items[i]))
			return false;
	return true;
}

static bool
are_apart(const struct region *region, uint32_t rota, uint32_t other)
{
	uint32_t a = region->rotas[rota].service, b = region->rotas[other].service;

	if (a == REGION_NONE || b == REGION_NONE || a == b)
		return false;
	return !serves_all(&region->services[a], &region->services[b]) &&
	       !serves_all(&region->services[b], &region->services[a]);
}

struct fragile_warnings
fragile_two_places(
    struct arena *arena, const struct region *region, struct fragile_duty *duties, size_t count)
{
	warning_list list = {0};

	if (count > 1)
		qsort(duties, count, sizeof *duties, by_person);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count && duties[j].person == duties[i].person &&
				       duties[j].start < duties[i].end;
		     j++) {
			uint32_t a = duties[i].rota, b = duties[j].rota;

			if (are_apart(region, a, b))
				warn(arena, &list,
				    (struct fragile_warning){
					.kind = FRAGILE_TWO_PLACES,
					.start = duties[j].start,
					.end = duties[j].end < duties[i].end ? duties[j].end
									     : duties[i].end,
					.rota = a < b ? a : b,
					.other = a < b ? b : a,
				    });
		}
	return in_order(&list);
}

/* -------------------------------------------------------------------------------------- in words
 */

const char *
fragile_text(
    struct arena *arena, const struct region *region, const struct fragile_warning *warning)
{
	const char *rota = region->rotas[warning->rota].id;

	switch (warning->kind) {
	case FRAGILE_TWO_PLACES:
		return arena_printf(arena,
		    "One person is on two rotas for different places at once: %s and %s.", rota,
		    region->rotas[warning->other].id);
	case FRAGILE_STALE_SOURCE:
		return arena_printf(arena,
		    "This cover rests on %s, which was last confirmed more than an hour ago.",
		    rota);
	case FRAGILE_NO_HANDOVER:
		return arena_printf(arena,
		    "No handover: whoever goes on %s has not been on long enough with anybody who "
		    "stays.",
		    rota);
	case FRAGILE_ENDS_SOON:
		return arena_printf(arena,
		    "Exactly as many as required, all of them on %s, whose entries end within a "
		    "day.",
		    rota);
	case FRAGILE_KINDS:
		break;
	}
	return "";
}
