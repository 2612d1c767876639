/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* The answer of PUT /v1/region, for people: changes, conflicts and the effect on the map; warnings
 * are printed to stderr. ${quiet}: nothing else changes, so that "nothing changes" is true. */
void apply_print(const json_t *answer, bool quiet);

/* Says under which number it is listed for review, where what wanted a second person was done
 * without one. */
void apply_print_alone(const json_t *answer);

/* Conflicts of the answer that nobody has settled. */
unsigned apply_refused(const json_t *answer);
