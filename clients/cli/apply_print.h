/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* What PUT /v1/region answered, for people: changes, conflicts and what it does to the map; what
 * it warns of goes to stderr. ${quiet}: nothing else changes, so that "nothing changes" is true. */
void apply_print(const json_t *answer, bool quiet);

/* Conflicts of the answer that nobody has settled. */
unsigned apply_refused(const json_t *answer);
