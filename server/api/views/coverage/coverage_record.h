/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/coverage/coverage_lines.h"
#include "server/api/views/parts/late_corrections.h"
#include "server/map/cover.h"
#include "server/model/sweep.h"

/* The part of a window of /v1/coverage that lies before the snapshot's window: spans as they were recorded, and
 * the shifts on which they depend. */

/* A span to be written, from the record or computed. */
struct coverage_piece {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	int64_t present, required;
	const int64_t *shifts;
	size_t nshifts;
	const struct cover *cover; /* of which it is a span; NULL: it comes from the record */
};
typedef VEC(struct coverage_piece) coverage_pieces;

/* A shift of the record, for the people of a past span. */
struct coverage_shift {
	int64_t id;
	const char *rota, *person, *team;
	bool override;
};

struct coverage_record {
	struct coverage_asked asked;
	coverage_pieces *pieces;             /* by line */
	const struct coverage_shift *shifts; /* by id */
	size_t nshifts;
	struct late_corrections late; /* which the pieces do not include */
};

/* Reads ${asked}->past, as known at the time that the ask of ${job} is about, and calls ${ready}, which must reply
 * and end the job. Uses the data of ${job} from here on. */
typedef void coverage_ready_fn(struct job *job, const struct coverage_record *record);
void coverage_record_read(
    struct job *job, const struct coverage_asked *asked, coverage_ready_fn *ready);

/* The shift with this id; NULL: there is none. */
const struct coverage_shift *coverage_record_shift(
    const struct coverage_record *record, int64_t id);
