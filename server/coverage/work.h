/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/coverage/setup.h"
#include "server/coverage/source.h"
#include "server/pg/pg.h"

/*
 * The work of one cycle: some rotas that are marked or whose source has changed, with every demand that depends on
 * them, and demands that are due. A rota is always taken with all its demands, so that its mark can be removed
 * with the last of them.
 */
struct work_rota {
	const char *id;
	/* the number of its mark as it was read; 0: none, only its source has changed */
	int64_t mark;
	bool has_source;
	bool swept;          /* ${source} is what a sweep has used */
	bool source_changed; /* two sweeps of this work have used the source in different states:
				it is not recorded as seen, so that it is due again */
	struct source source;
	VEC(uint32_t)
	elsewhere; /* rotas that hold cover of people whose absence here has changed */
	VEC(uint32_t)
	shared; /* rotas that hold cover of people whose shifts here have changed: for limited
		   demands */
};

struct work {
	struct arena *arena;
	const struct setup *setup;
	VEC(struct work_rota) rotas;
	struct table rota_by_id;
	VEC(uint32_t) demands;
	uint8_t *taken; /* by demand */
};

/* From the answer of COVERAGE_MARKS, seen at ${now}. At least one rota's demands, whatever their
 * number; otherwise not many more than WORK_DEMANDS. */
#define WORK_DEMANDS 400
struct work *work_read(
    struct arena *arena, const struct setup *setup, const struct pg_rows *rows, int64_t now);

/* The rota ${id} if this work takes on all its demands, or NULL. */
const struct work_rota *work_rota(const struct work *work, const char *id);

/* A sweep has used ${source} for the rota ${id}. */
void work_saw(struct work *work, const char *id, const struct source *source);
