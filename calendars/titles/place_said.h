/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title.h"

/* Both read ${text} as the title of an event, so that one list of words decides everywhere. */

/* Whether ${text}, where a roster or a calendar says where somebody is, says that she is at something
 * else than her shift: "Conference - Leeds", "AMHP training, County Hall". Not "Alder Clinic", which
 * is a place. */
bool place_is_elsewhere(struct titles *titles, const char *text);

/* Whether ${text}, a note about a shift, begins with a clause that takes it away: "Cancelled - see the
 * new rota", "J Jones off sick. Ring the hub." What follows may be about anything. */
bool note_takes_off(struct titles *titles, const char *text);

/* The clause of ${text} with which note_takes_off() decides: the first one. In ${arena}. */
const char *note_clause(struct arena *arena, const char *text);
