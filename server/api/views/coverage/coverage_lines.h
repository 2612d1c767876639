/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/parts/places.h"

/* The lines of /v1/coverage: one for each requirement at each place in the scope. */
struct coverage_line {
	uint32_t demand;
	struct span_times times; /* when the place belongs to the scope, within the window; not
				    empty */
};

struct coverage_asked {
	uint32_t place, function;
	enum places_within wish;
	struct span_time window;
	struct span_time past, ahead; /* before the snapshot's window, and in it; may be empty */
	struct ask_page page;

	/* Filled in by coverage_lines_find, of the region that the answer is made from. */
	struct places_scope scope;
	const struct coverage_line *lines; /* by place, then requirement, as in the region file */
	size_t nlines;
	size_t first; /* of the page */
};

/* How many days of requirements one answer may have: a bound on its cost. */
#define COVERAGE_DEMAND_DAYS_MAX INT64_C(50000)

/* Finds the lines, and where the page begins. False: there are too many, or the cursor is not one of this list;
 * ${fault} then names the parameter and the reason. Memory of the arena of ${ask}. */
bool coverage_lines_find(
    struct ask *ask, struct coverage_asked *asked, struct problem_fault *fault);

/* The cursor of the page that follows ${line}. Lives in the arena of ${ask}. */
const char *coverage_cursor(struct ask *ask, const struct coverage_line *line);

/* ${times} inside ${part}. */
struct span_times coverage_part(
    struct arena *arena, struct span_times times, struct span_time part);
