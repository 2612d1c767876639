/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/parts/places.h"

/*
 * Notices for places without requirements. A list of gaps is empty for them, as it is for a place where
 * everything is covered; the notice says that nothing is required there.
 */

/* For a place without requirements that no service lists either. */
#define NOTICE_NOTHING "Nothing is commissioned for this place, and no service lists it."

struct notices_about {
	const struct places_scope *scope;
	uint32_t function; /* REGION_NONE: any */
	struct span_time window;
	const char *over; /* a sentence of the caller's; NULL: none */
};

/* Adds `unasked`, the places to which no requirement applies (their number and at most 20 codes), and
 * `notices`, a list of sentences. Only of places that the account may see and that exist in the window. A
 * place with others below it is included only if it is asked about alone. */
void notices_put(struct json_out *out, struct ask *ask, const struct notices_about *about);
