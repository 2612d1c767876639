/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/series.h"
#include "calendars/titles/title.h"

/* What an event itself adds to what its title says. */

/* The clock by which the times of ${instance} are meant. */
const struct zone *occurrence_zone(const struct titles *titles, const struct instance *instance);

/* The class of ${part} once the event has had its say: its status, doubts about its times, and
 * whether the person has declined to come, which is told in ${faults}. */
enum reading_class occurrence_class(struct titles *titles, struct faults *faults,
    const struct instance *instance, const struct title_part *part);

/* ${class}, unless the title names a shift and the event is longer than one can last: an event of
 * a whole day says "Night", or one of twelve hours "AM". Then it is undecided, which is told. */
enum reading_class occurrence_class_by_length(struct titles *titles, struct faults *faults,
    const struct instance *instance, const struct title *title, enum reading_class class);

/* Leave from 00:01 to midnight is leave of whole days: mends ${instance} and tells of it. */
void occurrence_whole_days(
    const struct titles *titles, struct faults *faults, struct instance *instance);
