/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"

/* The sentences of a fault, for the owner of the rota. "{}" in ${text} is a gap that faults.c fills. */
struct fault_words {
	enum finding_level level;
	const char *text;   /* what is wrong */
	const char *remedy; /* what to do */
};

/* Of ${fault}; FAULT_NONE has none. Only for faults.c: readers name a fault and write no sentence. */
const struct fault_words *fault_words(enum fault fault);

/* Those of rosters and workbooks, by enum fault; the others have no text here. */
extern const struct fault_words fault_words_of_rosters[FAULTS];
