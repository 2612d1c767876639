/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "calendars/series.h"
#include "calendars/titles/title.h"
#include "calendars/unknown_words.h"

/* Turns instances into occurrences: adds the meaning of their titles, sorts them, and gives each
 * the key that reading.h promises. */
struct occurrences {
	VEC(struct reading_occurrence) list;
	struct unknown_words unknown;
	bool endless; /* a rule without end is among them that is neither noise nor cancelled */
};

void occurrences_make(struct occurrences *out, struct titles *titles, struct faults *faults,
    const struct instance *instances, size_t count);

/* Fills in what follows from occurrences and findings: counts, first, horizon. In reading.c, for
 * both sides of the wire. */
void reading_sum_up(struct reading *reading, bool endless, int64_t until);
