/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/coverage/coverage_lines.h"
#include "server/api/views/parts/late_corrections.h"
#include "server/map/cover.h"
#include "server/model/sweep.h"

/* The part of a coverage window that lies before the snapshot's: spans as the map recorded them,
 * and the shifts that they depend on. */

/* One span as it is written, whichever way it was found. */
struct coverage_piece {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	int64_t present, required;
	const int64_t *shifts;
	size_t nshifts;
	const struct cover *cover; /* that it was computed in; NULL: it is of the record */
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
	struct late_corrections late; /* that the pieces do not hold */
};

/* Reads ${asked}->past, as it is known at the time that ${job} is of; ${ready} replies and ends the
 * job. ${job}->data is used from here on. */
typedef void coverage_ready_fn(struct job *job, const struct coverage_record *record);
void coverage_record_read(
    struct job *job, const struct coverage_asked *asked, coverage_ready_fn *ready);

/* NULL if there is none with this id. */
const struct coverage_shift *coverage_record_shift(
    const struct coverage_record *record, int64_t id);
