/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/series_set.h"

/*
 * Adds to the series the instance of ${event} at the wall clock of ${place} in ${zone}, if it
 * touches the window. An all-day event becomes what the rota means by one; a clock that is in doubt
 * gives two instances, both undecided; an event without a length gives none, unless it may be a day
 * of leave. ${recurrence}: the instant of the series that it is or replaces; INSTANT_NONE: none.
 */
void series_instance_add(struct series_set *set, const struct event *event, const struct zone *zone,
    const struct place *place, int64_t recurrence);
