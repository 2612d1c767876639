/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/now/now_render.h"

/* Lookups from the snapshot, as the Now answer makes them (view_now.c). Everything lives in the arena
 * of ${ask}. ${function}: REGION_NONE for all of the place. */

/* This moment; if two clocks disagree, only what holds at both of them is certain. */
void now_look_up(struct ask *ask, uint32_t place, uint32_t function, struct lookup *lookup);
void now_look_up_at(
    struct ask *ask, uint32_t place, uint32_t function, int64_t at, struct lookup *lookup);

/* ${frame}: of ${lookup}, as the account of ${ask} may see it. Without fragile cover. */
void now_frame_of(struct now_frame *frame, struct ask *ask, const struct lookup *lookup);
