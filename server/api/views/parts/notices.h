/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/parts/places.h"

/*
 * What an empty answer does not say by itself: that nothing is asked for somewhere, so that nothing
 * can be missing there. Without it a place that nobody has set up looks like one where all is well.
 */

/* Of a place at which nothing is asked for and that no service lists. */
#define NOTICE_NOTHING "Nothing is commissioned for this place, and no service lists it."

struct notices_about {
	const struct places_scope *scope;
	uint32_t function; /* REGION_NONE: any */
	struct span_time window;
	const char *over; /* a sentence of the caller's; NULL: none */
};

/* Adds `unasked`, the places to which no requirement applies, with at most 20 codes, and `notices`, a
 * list of sentences. Of places the account may see, which exist in the window; a place that has
 * others below it is looked at only if it is asked about alone. */
void notices_put(struct json_out *out, struct ask *ask, const struct notices_about *about);
