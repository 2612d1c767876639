/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/snapshot.h"

/* Lines of hours in words: "Mon to Fri 09:00 to 17:00, every day 18:00 to 23:00". NULL: there are none. In ${arena}. */
const char *hours_words_of(struct arena *arena, const struct region_hours *hours, uint32_t count);

/* The hours in which ${function} is required at ${place} on the day of ${at}, in words: "at all
 * hours", "Mon to Fri 09:00 to 17:00, every day 18:00 to 23:00". NULL: it is not required there.
 * In ${arena}. */
const char *hours_words(struct arena *arena, const struct snapshot_region *setup, uint32_t place,
    uint32_t function, int64_t at);
