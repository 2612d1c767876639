/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/series.h"
#include "calendars/titles/title.h"

/* The class of an occurrence by its event, beside what its title says. */

/* The zone in which people read the times of ${instance}. */
const struct zone *occurrence_zone(const struct titles *titles, const struct instance *instance);

/* The class of ${part} once the event itself is taken into account: its STATUS, doubts about its
 * times, and whether the person has declined the invitation. A declined invitation is noted in
 * ${faults}. */
enum reading_class occurrence_class(struct titles *titles, struct faults *faults,
    const struct instance *instance, const struct title_part *part);

/* Makes ${part} undecided if its title cannot be about the whole ${instance}: it names another day,
 * a shift of other hours ("Night" on an event of the day, "AM" on one of twelve hours), or "9-5" on
 * one from 10:00. Notes a fault then. ${part} with hours of its own is held against the day only. */
void occurrence_by_title(struct titles *titles, struct faults *faults,
    const struct instance *instance, const struct title *title, struct title_part *part);

/* Makes leave from 00:01 to midnight leave of whole days: changes ${instance} and notes a fault. */
void occurrence_whole_days(
    const struct titles *titles, struct faults *faults, struct instance *instance);
