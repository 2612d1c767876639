/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/zone.h"
#include "server/model/hours.h"
#include "server/model/person_time.h"

/*
 * How the work of a rota is shared out: of each person hours, nights, weekends and bank holidays. Everything but the
 * hours is by the wall clock of the region, so that a night counts the same on the nights on which clocks change,
 * of whose 20:00 to 08:00 the hours are 11 and 13. Pure.
 *
 *   hours          on duty; on two shifts at once counts once
 *   night          from 23:00 to 06:00, with at least three hours of it on duty (Working Time Regulations 1998)
 *   weekend        from Saturday 00:00 to Monday 00:00, with any time of it on duty
 *   bank holiday   a day that is one, with any time of it on duty
 */
#define FAIRNESS_NIGHT_FROM (23 * 3600) /* seconds of the local day */
#define FAIRNESS_NIGHT_TO (6 * 3600)
#define FAIRNESS_NIGHT_LEAST_SECONDS (3 * 3600)

struct fairness_asked {
	const struct zone *zone;
	const struct holidays *holidays;
	struct span_time window;    /* only time inside it counts */
	struct person_times shifts; /* when each person was on duty */
};

struct fairness {
	int64_t seconds;
	uint32_t nights, weekends, bank_holidays;
};

/* Of one person. Scratch memory of ${arena}. */
struct fairness fairness_of(
    struct arena *arena, const struct fairness_asked *asked, uint32_t person);
