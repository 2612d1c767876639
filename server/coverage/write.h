/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/coverage/load.h"
#include "server/coverage/work.h"
#include "server/pg/pg.h"

/*
 * What one commit writes, as the arrays of COVERAGE_COMMIT: sweeps each demand, compares with the
 * map, matches the gaps.
 */
struct write {
	struct arena *arena;
	const struct load *load;
	struct {
		VEC(const char *) requirement, place, function;
		VEC(int64_t) version, next;
	} demands;
	struct {
		VEC(int64_t) demand, start;
	} ended;
	struct {
		VEC(int64_t) demand, start, end, present, required;
		VEC(const char *) state, cause, shifts;
	} begun;
	struct {
		VEC(int64_t) demand, start, end, present, required, marks, rung;
		VEC(const char *) id, event, flag, state, cause, severity, group, to;
	} gaps;
};

/* Sweeps every demand of ${load} that was found. */
struct write *write_new(const struct load *load);

/* The arguments of COVERAGE_COMMIT. ${last}: these are the last demands of ${work}; else more are
 * to come. */
void write_ask(const struct write *write, const struct work *work, bool last, bool check,
    struct pg_args *args);
