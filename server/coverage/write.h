/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/coverage/load.h"
#include "server/coverage/work.h"
#include "server/pg/pg.h"

/* A row of each type that coverage_commit takes an array of, except marks and sources. ${demand}
 * counts the demands from 1. */
struct write_demand {
	const struct load_demand *loaded;
	int64_t next; /* when time alone may change it */
};
struct write_ended {
	int64_t demand, start;
};
struct write_begun {
	int64_t demand;
	const struct cover_span *span;
};
struct write_gap {
	int64_t demand;
	const struct gap_step *step;
	const char *event; /* NULL: not worth one */
	const char *to;    /* who has been called by now; NULL: nobody yet */
};

/* The content of one commit: sweeps each demand, compares with the map, matches the gaps. */
struct write {
	struct arena *arena;
	const struct load *load;
	VEC(struct write_demand) demands;
	VEC(struct write_ended) ended;
	VEC(struct write_begun) begun;
	VEC(struct write_gap) gaps;
};

/* Sweeps every demand of ${load} that was found. */
struct write *write_new(const struct load *load);

/* The arguments of COVERAGE_COMMIT. ${last}: these are the last demands of ${work}; else more are
 * to come. */
void write_ask(const struct write *write, const struct work *work, bool last, bool check,
    struct pg_args *args);
