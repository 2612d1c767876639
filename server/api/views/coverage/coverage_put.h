/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/coverage/coverage_record.h"
#include "server/model/gap.h"

/* Computes and writes one line of /v1/coverage. */

/* The pieces of ${line}: first those of the record, then those of the snapshot. They fill its times without holes.
 * ${record} NULL: nothing before the snapshot's window was asked for. */
coverage_pieces coverage_pieces_of(struct ask *ask, const struct coverage_asked *asked,
    const struct coverage_record *record, size_t line);

/* The holes in ${pieces}, by the rule with which coverage makes gaps. */
struct gap_holes coverage_holes_of(struct ask *ask, coverage_pieces pieces);

struct coverage_put {
	uint32_t demand; /* of the line */
	coverage_pieces pieces;
	bool *personal; /* set if somebody's name was written */
};
void coverage_put_line(struct json_out *out, struct ask *ask, const struct coverage_asked *asked,
    const struct coverage_record *record, const struct coverage_put *given);
