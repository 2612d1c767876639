/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/coverage/setup.h"
#include "server/coverage/source.h"
#include "server/model/gap.h"
#include "server/model/share.h"
#include "server/model/sweep.h"
#include "server/pg/pg.h"

/*
 * A few demands as the map has them, and everything that is needed to sweep them: the rows of two statements as
 * arrays of the model. It is filled in this order: load_new, load_state, load_shifts. The versions of the demands
 * are read before the shifts. A commit is accepted only if these versions are still in force, and so it has seen
 * every shift that an earlier commit has seen.
 */
struct load_demand {
	uint32_t demand; /* of the region */
	bool found;      /* false: retired meanwhile */
	int64_t version;
	/* in force, sorted; a cause that is no longer known is COVER_CAUSES */
	struct cover_spans held;
	const struct gap *gaps; /* open, or filled recently */
	size_t ngaps;
};

struct load_rota {
	uint32_t rota; /* of the region */
	struct source source;
	bool source_changed;     /* the map has not seen the source like that */
	struct sweep_rota sweep; /* overrides laid over */
	size_t noverrides;
	const struct gap_grouped *grouped; /* groups of open gaps that it leaves empty */
	size_t ngrouped;
};

struct load {
	struct arena *arena;
	const struct setup *setup;
	int64_t now; /* when the run looked; from load_state on: when the state was read, if later
		      */
	struct span_time window;
	struct load_demand *demands;
	size_t ndemands;
	struct load_rota *rotas;
	size_t nrotas;
	uint32_t *slots; /* by rota of the region: its place in ${rotas}, or REGION_NONE */
	struct person_times absences;
	bool limited;                /* somebody's other shifts matter to one of the demands */
	struct share_list elsewhere; /* if so: confirmed shifts of everybody on the rotas here, and
					of the people of limited demands on others */
};

/* For ${count} ${demands} of ${setup}, seen at ${now}. Everything lives in ${arena}. */
struct load *load_new(struct arena *arena, const struct setup *setup, const uint32_t *demands,
    size_t count, int64_t now);

/* The arguments of COVERAGE_STATE and what it answered; of COVERAGE_SHIFTS. */
void load_ask_state(const struct load *load, struct pg_args *args);
void load_state(struct load *load, const struct pg_rows *rows);
void load_ask_shifts(const struct load *load, struct pg_args *args);
void load_shifts(struct load *load, const struct pg_rows *rows);
