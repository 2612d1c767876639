/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"

/* The parts of a function in the Now answer as lines, for what shows them in another order: the
 * sheet of tonight. */

/* Its name as a heading, its state and the cause. */
void now_add_state(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);

/* Sources that are at fault, people in dispute, overrides that the calendar contradicts. */
void now_add_doubts(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);

/* Who is named and does not count, was last known, or is in an undecided entry. */
void now_add_unsure(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);

/* The numbers to ring where cover is missing or doubtful, with the fallback. */
void now_add_numbers(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);

/* Whom to ring, in order. False: no ladder is set up for it, and nothing was added. */
bool now_add_ladder(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item);

/* Appends who is on duty, and the numbers by which to ring them. */
void now_who_words(
    struct buf *words, const struct now_frame *frame, const struct lookup_duty *duty);
