/* SPDX-License-Identifier: MIT */
#include "server/model/region_lower.h"

#include <string.h>

#define DAY_SECONDS 86400
#define MINUTES (2 * 24 * 60) /* of a day and the one that a night runs into */

/* Marks the minutes that ${requirement} asks for in shifts that begin on ${day}. */
static void
mark(const struct region_requirement *requirement, int day, bool *minutes)
{
	memset(minutes, 0, MINUTES * sizeof *minutes);
	for (uint32_t i = 0; i < requirement->nhours; i++) {
		const struct region_hours *hours = &requirement->hours[i];
		/* Until past midnight: the minutes of the next day are marked as those of the night
		 * that began here. */
		int32_t to = hours->to > hours->from ? hours->to : hours->to + DAY_SECONDS;

		for (int32_t at = hours->from; (hours->days & (1U << day)) && at < to; at += 60)
			minutes[at / 60] = true;
	}
}

/* By minutes and not by lines: the same hours may be written in one line or in two. */
static bool
fewer_hours(const struct region_requirement *before, const struct region_requirement *after)
{
	bool was[MINUTES], is[MINUTES];

	for (int day = 0; day < REGION_DAYS; day++) {
		mark(before, day, was);
		mark(after, day, is);
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

/* Whether an organisation may approve that could not before. */
static bool
approved_by_more(const struct region *before, const struct region_list *was,
    const struct region *after, const struct region_list *is)
{
	for (uint32_t i = 0; was->count > 0 && i < is->count; i++) {
		bool known = false;

		for (uint32_t j = 0; j < was->count && !known; j++)
			known = strcmp(before->organisations[was->items[j]].code,
				    after->organisations[is->items[i]].code) == 0;
		if (!known)
			return true;
	}
	/* No approvers at all: anybody's approval counts. */
	return was->count > 0 && is->count == 0;
}

const char *
region_lowered(const struct region *before, uint32_t i, const struct region *after, uint32_t j)
{
	const struct region_requirement *was = &before->requirements[i];
	const struct region_requirement *is = &after->requirements[j];
	const struct {
		const char *key;
		bool less;
	} all[] = {
	    /* In this order, as the first one is the one that the second person sees. */
	    {"place", strcmp(before->places[was->place].code, after->places[is->place].code) != 0},
	    {"function", strcmp(before->functions[was->function].code,
			     after->functions[is->function].code) != 0},
	    {"count", is->count < was->count},
	    {"hours", fewer_hours(was, is)},
	    {"until", is->life.end < was->life.end},
	    {"from", is->life.start > was->life.start},
	    {"team_counts", is->team_counts && !was->team_counts},
	    {"role", is->role == REGION_ROLE_ANY && was->role == REGION_ROLE_REQUIRED},
	    {"tolerance_minutes", is->tolerance_minutes > was->tolerance_minutes},
	    {"approvers", approved_by_more(before, &was->approvers, after, &is->approvers)},
	    {"max_share", shares_more(was, is)},
	    {"handover_minutes", is->handover_minutes < was->handover_minutes},
	    {"severity", is->severity.critical_hours < was->severity.critical_hours ||
			     is->severity.high_hours < was->severity.high_hours},
	};

	for (size_t n = 0; n < sizeof all / sizeof *all; n++)
		if (all[n].less)
			return all[n].key;
	return NULL;
}
