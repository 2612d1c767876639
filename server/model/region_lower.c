/* SPDX-License-Identifier: MIT */
#include "server/model/region_lower.h"

#include <string.h>

#include "server/base/vec.h"
#include "server/model/region_kind.h"

#define DAY_SECONDS 86400
#define MINUTES (2 * 24 * 60) /* of a day, and of the next one, into which a night may reach */

/* Marks the minutes that ${requirement} asks for in shifts that begin on ${day}. */
static void
mark(const struct region_requirement *requirement, int day, bool *minutes)
{
	for (uint32_t i = 0; i < requirement->nhours; i++) {
		const struct region_hours *hours = &requirement->hours[i];
		/* Until past midnight: the minutes of the next day are marked as those of the night
		 * that began here. */
		int32_t to = hours->to > hours->from ? hours->to : hours->to + DAY_SECONDS;

		for (int32_t at = hours->from; (hours->days & (1U << day)) && at < to; at += 60)
			minutes[at / 60] = true;
	}
}

/* A list of requirements. */
struct asking {
	const struct region_requirement **items;
	size_t count, capacity;
};

/* Whether ${before} asks for a minute that none of ${after} asks for. By minutes and not by lines:
 * the same hours may be written in one line or in two. */
static bool
fewer_hours(const struct region_requirement *before, const struct asking *after)
{
	for (int day = 0; day < REGION_DAYS; day++) {
		bool was[MINUTES] = {false}, is[MINUTES] = {false};

		mark(before, day, was);
		for (size_t i = 0; i < after->count; i++)
			mark(after->items[i], day, is);
		for (int minute = 0; minute < MINUTES; minute++)
			if (was[minute] && !is[minute])
				return true;
	}
	return false;
}

/* Whether people may be shared among more places at once than before; 0 is no limit. */
static bool
shares_more(const struct region_requirement *before, const struct region_requirement *after)
{
	return before->max_share != 0 &&
	       (after->max_share == 0 || after->max_share > before->max_share);
}

/* Whether thing ${j} of ${after} is thing ${i} of ${before}, perhaps under another code. */
static bool
is_heir(
    unsigned kind, const struct region *before, uint32_t i, const struct region *after, uint32_t j)
{
	const struct region_kind *of = &region_kinds[kind];

	return region_kind_find(of, after, region_kind_code(of, before, i)) == j;
}

/* Whether an organisation may approve that could not before. */
static bool
approved_by_more(const struct region *before, const struct region_list *was,
    const struct region *after, const struct region_list *is)
{
	for (uint32_t i = 0; was->count > 0 && i < is->count; i++) {
		bool known = false;

		for (uint32_t j = 0; j < was->count && !known; j++)
			known = is_heir(
			    REGION_KIND_ORGANISATION, before, was->items[j], after, is->items[i]);
		if (!known)
			return true;
	}
	/* No approvers at all: anybody's approval counts. */
	return was->count > 0 && is->count == 0;
}

/* Whether a part can be filled by others, or by fewer, than before. */
static bool
part_asks_less(const struct region *before, const struct region_part *was,
    const struct region *after, const struct region_part *is)
{
	if (is->count < was->count || (was->different_teams && !is->different_teams) ||
	    (is->team_counts && !was->team_counts))
		return true;
	for (uint32_t i = 0; i < is->functions.count; i++) {
		bool known = false;

		for (uint32_t j = 0; j < was->functions.count && !known; j++)
			known = is_heir(REGION_KIND_FUNCTION, before, was->functions.items[j],
			    after, is->functions.items[i]);
		if (!known)
			return true;
	}
	return false;
}

/* Whether a bundle needs less than before: each part in its place, so that parts in another order are
 * looked at by a second person. */
static bool
needs_less(const struct region *before, const struct region_requirement *was,
    const struct region *after, const struct region_requirement *is)
{
	if (is->nparts < was->nparts)
		return true;
	for (uint32_t i = 0; i < was->nparts; i++)
		if (part_asks_less(before, &was->parts[i], after, &is->parts[i]))
			return true;
	return false;
}

/* Whether one key asks for less. */
struct less {
	const char *key;
	bool less;
};

static const char *
first_less(const struct less *all, size_t count)
{
	for (size_t n = 0; n < count; n++)
		if (all[n].less)
			return all[n].key;
	return NULL;
}

/* The first key by which ${is} asks for less than ${was}, without regard to its place, function, hours and
 * dates, which are compared elsewhere. */
static const char *
asks_less(const struct region *before, const struct region_requirement *was,
    const struct region *after, const struct region_requirement *is)
{
	const struct less all[] = {
	    {"needs", needs_less(before, was, after, is)},
	    {"count", is->count < was->count},
	    {"team_counts", is->team_counts && !was->team_counts},
	    {"role", is->role == REGION_ROLE_ANY && was->role == REGION_ROLE_REQUIRED},
	    {"tolerance_minutes", is->tolerance_minutes > was->tolerance_minutes},
	    {"approvers", approved_by_more(before, &was->approvers, after, &is->approvers)},
	    {"max_share", shares_more(was, is)},
	    {"handover_minutes", is->handover_minutes < was->handover_minutes},
	    {"severity", is->severity.critical_hours < was->severity.critical_hours ||
			     is->severity.high_hours < was->severity.high_hours},
	};

	return first_less(all, sizeof all / sizeof *all);
}

const char *
region_lowered(const struct region *before, uint32_t i, const struct region *after, uint32_t j)
{
	const struct region_requirement *was = &before->requirements[i];
	const struct region_requirement *is = &after->requirements[j];
	const struct asking alone = {&is, 1, 1};
	/* The first one that applies is shown to the second person, so the most important come
	 * first. */
	const struct less all[] = {
	    {"place", !is_heir(REGION_KIND_PLACE, before, was->place, after, is->place)},
	    {"function",
		!is_heir(REGION_KIND_FUNCTION, before, was->function, after, is->function)},
	    {"count", is->count < was->count && was->nparts == 0},
	    {"hours", fewer_hours(was, &alone)},
	    {"until", is->life.end < was->life.end},
	    {"from", is->life.start > was->life.start},
	};
	const char *key = first_less(all, sizeof all / sizeof *all);

	return key != NULL ? key : asks_less(before, was, after, is);
}

/* ------------------------------------------------------------------------------ demand by demand */

/* What is asked for afterwards where a demand was: demands for the same function at the same place
 * whose requirements ask for as much. */
struct heirs {
	const struct region_demand **items;
	size_t count, capacity;
};

struct lessening {
	struct arena *arena;
	const struct region *before, *after;
	struct {
		struct region_less *items;
		size_t count, capacity;
	} found;
};

static bool
same_hours(const struct region_requirement *a, const struct region_requirement *b)
{
	if (a->nhours != b->nhours)
		return false;
	for (uint32_t i = 0; i < a->nhours; i++)
		if (a->hours[i].days != b->hours[i].days || a->hours[i].from != b->hours[i].from ||
		    a->hours[i].to != b->hours[i].to)
			return false;
	return true;
}

static bool
same_days(const struct span_times *a, const struct span_times *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->items[i].start != b->items[i].start || a->items[i].end != b->items[i].end)
			return false;
	return true;
}

/* Whether one of the heirs has the same hours and days, as nearly all have: then nothing needs to be computed by
 * the minute. */
static bool
goes_on(const struct lessening *l, const struct region_demand *was, const struct heirs *heirs)
{
	const struct region_requirement *asked = &l->before->requirements[was->requirement];

	for (size_t i = 0; i < heirs->count; i++)
		if (same_days(&was->days, &heirs->items[i]->days) &&
		    same_hours(asked, &l->after->requirements[heirs->items[i]->requirement]))
			return true;
	return false;
}

/* Finds the demands of ${after} that may take the place of ${was}. ${place}: its place in ${after}. */
static struct heirs
heirs_of(const struct lessening *l, const struct region_demand *was, uint32_t place)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_FUNCTION];
	uint32_t function =
	    region_kind_find(kind, l->after, region_kind_code(kind, l->before, was->function));
	const struct region_requirement *asked = &l->before->requirements[was->requirement];
	struct heirs heirs = {0};

	for (uint32_t i = 0; place != TABLE_NONE && i < l->after->places[place].demands.count;
	     i++) {
		const struct region_demand *is =
		    &l->after->demands[l->after->places[place].demands.items[i]];

		if (is->function == function &&
		    asks_less(l->before, asked, l->after,
			&l->after->requirements[is->requirement]) == NULL)
			*VEC_PUSH(l->arena, &heirs) = is;
	}
	return heirs;
}

/* The requirements that are in force on ${day}. ${next} is lowered to the next day on which that changes: between
 * those days all days are alike. */
static struct asking
in_force(const struct lessening *l, const struct heirs *heirs, int64_t day, int64_t *next)
{
	struct asking asking = {0};

	for (size_t i = 0; i < heirs->count; i++)
		for (size_t j = 0; j < heirs->items[i]->days.count; j++) {
			const struct span_time *days = &heirs->items[i]->days.items[j];

			if (days->start > day && days->start < *next)
				*next = days->start;
			if (days->start > day || days->end <= day)
				continue;
			if (days->end < *next)
				*next = days->end;
			*VEC_PUSH(l->arena, &asking) =
			    &l->after->requirements[heirs->items[i]->requirement];
		}
	return asking;
}

/* Notes the first day on which less is asked for than ${was} did. */
static void
look_at(struct lessening *l, const struct region_demand *was, const struct heirs *heirs)
{
	const struct region_requirement *asked = &l->before->requirements[was->requirement];

	for (size_t i = 0; i < was->days.count; i++) {
		int64_t day = was->days.items[i].start, next;

		for (; day < was->days.items[i].end; day = next) {
			struct asking asking;

			next = was->days.items[i].end;
			asking = in_force(l, heirs, day, &next);
			if (!fewer_hours(asked, &asking))
				continue;
			*VEC_PUSH(l->arena, &l->found) =
			    (struct region_less){(uint32_t)(was - l->before->demands), day};
			return;
		}
	}
}

void
region_less(struct arena *arena, const struct region *before, const struct region *after,
    struct region_lesses *out)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_PLACE];
	struct lessening l = {.arena = arena, .before = before, .after = after};
	uint32_t last = REGION_NONE, place = TABLE_NONE;
	/* Where an object was patched in that is no requirement, everything that asks is shared. */
	bool shared =
	    before->demands == after->demands && before->requirements == after->requirements;

	for (uint32_t i = 0; !shared && i < before->ndemands; i++) {
		const struct region_demand *was = &before->demands[i];
		struct heirs heirs;

		/* Demands of one place are neighbours. */
		if (was->place != last)
			place = region_kind_find(
			    kind, after, region_kind_code(kind, before, was->place));
		last = was->place;
		heirs = heirs_of(&l, was, place);
		if (!goes_on(&l, was, &heirs))
			look_at(&l, was, &heirs);
	}
	*out = (struct region_lesses){l.found.items, l.found.count};
}
