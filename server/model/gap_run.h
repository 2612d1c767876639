/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/gap.h"

/* Internal to gap*.c: known emptiness, by rota and run. */

/* Whether the rota serves at some instant of the hole. */
bool gap_has_say(const struct sweep_rota *rota, const struct gap_hole *hole);

/* Sets the runs of ${hole}, as gap_blame() says, if it is known emptiness. */
void gap_find_runs(struct arena *arena, struct gap_hole *hole, struct gap_rotas rotas);

/* The group of a hole that has runs, as gap_match() says. ${own}: the gap that continues as the
 * hole, or NULL. ${gaps}: those of the demand. */
const char *gap_group_by_run(struct arena *arena, const struct gap_hole *hole,
    const struct gap *own, const struct gap *gaps, size_t ngaps);
