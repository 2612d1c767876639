/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/map/snapshot.h"
#include "server/pg/pg.h"

/*
 * Whether a preview may be put in force without a reason, worked out from the map and from the
 * answer to API_IMPORT_JUDGED: for a person who confirms it, and for the mode if_safe.
 */
enum import_verdict {
	IMPORT_NOTHING_OPENS,
	IMPORT_OPENS,    /* cover would be lost soon: ${why} */
	IMPORT_MAP_LAGS, /* the map lacks a change of the rota: it cannot be said yet */
	IMPORT_NO_MATTER /* no preview (any more), or of no rota of the region */
};

struct import_judged {
	enum import_verdict verdict;
	int64_t read_us; /* which reading of the file was judged: for API_IMPORT_APPLY_JUDGED */
	const char *why; /* in the arena; NULL unless IMPORT_OPENS */
};

/* Adds the arguments of API_IMPORT_JUDGED. */
void import_judge_ask(struct pg_args *args, int64_t import, const struct snapshot *map);

/* ${map} is the one that was asked with. */
void import_judge(struct arena *arena, const struct snapshot *map, int64_t now,
    const struct pg_rows *rows, struct import_judged *out);
