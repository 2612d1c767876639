/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/zone.h"
#include "server/model/person_time.h"
#include "server/model/region.h"

/*
 * Approvals of roles. An AMHP acts only for a council that has approved them, and only until the
 * approval ends (Mental Health Act 1983, section 114); a section 12 doctor is approved until a day.
 * If a requirement counts only people who hold its function, they count only while approved:
 *
 *   a role without approvals    always, unless the requirement names approvers
 *   a role with approvals       on the days of one of them, which is by one of the requirement's
 *                               approvers if it names any
 *
 * Days are those of the region's own clock. Pure.
 */

/* For what somebody must be approved. */
struct approval_wanted {
	const struct region *region;
	const struct zone *zone;
	const struct region_requirement *requirement;
};

/* Whether approvals can matter to the demand: its requirement counts only those who hold the
 * function, and names approvers or is of a function for which somebody's role has approvals. */
bool approval_matters(const struct region *region, uint32_t demand);

/* When the person, who holds the requirement's function, is approved for it; normalised. */
struct span_times approval_times(
    struct arena *arena, const struct approval_wanted *wanted, uint32_t person);

/* The same at one instant. */
bool approval_has(const struct approval_wanted *wanted, uint32_t person, int64_t instant);

/* The same at every instant of ${time}. */
bool approval_covers(struct arena *arena, const struct approval_wanted *wanted, uint32_t person,
    struct span_time time);

/* An approval that ends, and that no other approval of the same function by the same organisation
 * continues. */
struct approval_end {
	uint32_t person;
	const struct region_approval *approval;
};
struct approval_ends {
	const struct approval_end *items; /* the soonest first, then by person */
	size_t count;
};

/* Those that end on one of the days of ${days}: ends are the first days without the approval. */
struct approval_ends approval_ending(
    struct arena *arena, const struct region *region, struct span_time days);

/* When those of ${people} (by person) who hold the requirement's function are not approved for it:
 * sorted, for a sweep. */
struct person_times approval_missing(
    struct arena *arena, const struct approval_wanted *wanted, const bool *people);
