/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/gaps/gap_render.h"
#include "server/api/views/parts/late_corrections.h"
#include "server/api/views/parts/places.h"

/* The parts of an answer to GET /v1/gaps that are the same for open gaps and for closed ones. */

/* The question, as read from its parameters. */
struct gaps_asked {
	struct places_scope scope;
	uint32_t function; /* REGION_NONE: any */
	int64_t from, to;
	bool closed, open, grouped;
	struct ask_page page;
	int64_t after_start; /* of the cursor; INSTANT_BEGINNING: from the beginning */
	uint8_t after_id[16];
	struct late_corrections late; /* of the record alone */
};

/* Begins the object of the answer, up to its notices. */
void gaps_begin(struct ask *ask, const struct gaps_asked *asked, struct json_out *out);
/* The same, and begins the array "gaps". */
void gaps_begin_list(struct ask *ask, const struct gaps_asked *asked, struct json_out *out);

/* What gap_render() needs for each gap of the answer. Borrows from ${asked}. */
struct gap_frame gaps_frame(const struct ask *ask, const struct gaps_asked *asked);

/* Ends the object. ${more}: there is another page; ${last}: the last gap of this one. */
void gaps_end(struct json_out *out, const struct kept_gap *last, bool more);
