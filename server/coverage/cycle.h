/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/coverage/setup.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * The work of the coverage role: a run finds what is to be done, reads it, sweeps it and commits it, and repeats
 * this until nothing is left. Between two runs it keeps only the region that it has read and the list of what is
 * left to check. So any number of processes may run cycles on one database, and one that dies leaves nothing to
 * clean up.
 */
struct cycle;

/* A run has ended. STATUS_OK: there is nothing to do before ${wait_ms}. STATUS_AGAIN: the database
 * could not be asked, or another process was faster; run again after a while. */
typedef void cycle_done_fn(void *ctx, enum status st, int64_t wait_ms);

struct cycle *cycle_new(
    struct pg *pg, const struct setup_tools *tools, cycle_done_fn *done, void *ctx);
void cycle_free(struct cycle *cycle);

/* The set-up that was read last; NULL: none yet. Valid until the next run. */
const struct setup *cycle_setup(const struct cycle *cycle);

/* Starts a run; if one is in progress, another follows it at once. ${sources}: also compare the states of all
 * sources, which costs a search for each. */
void cycle_run(struct cycle *cycle, bool sources);

/* From the next run on, and after all other work, demands are swept again from scratch and compared
 * with the map: a sample, or all of them. */
void cycle_check_some(struct cycle *cycle);
void cycle_check_all(struct cycle *cycle);
