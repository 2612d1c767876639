/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/coverage/coverage_record.h"
#include "server/model/gap.h"

/* One line of /v1/coverage: computed, and written. */

/* The pieces of ${line}: of the record, then of the snapshot. They tile its times. ${record}: NULL
 * if nothing before the snapshot's window was asked for. */
coverage_pieces coverage_pieces_of(struct ask *ask, const struct coverage_asked *asked,
    const struct coverage_record *record, size_t line);

/* Their holes, as the map makes gaps of them. */
struct gap_holes coverage_holes_of(struct ask *ask, coverage_pieces pieces);

struct coverage_put {
	size_t line;
	coverage_pieces pieces;
	bool *personal; /* set if somebody's name was written */
};
void coverage_put_line(struct json_out *out, struct ask *ask, const struct coverage_asked *asked,
    const struct coverage_record *record, const struct coverage_put *given);
