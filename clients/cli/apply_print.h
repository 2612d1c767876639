/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Prints the answer of PUT /v1/region for people: changes, conflicts and the effect on cover; warnings go to
 * stderr. ${quiet}: nothing else changes either, so that "nothing changes" may be printed. */
void apply_print(const json_t *answer, bool quiet);

/* If a change that needs a second person was made without one, prints the number under which it is listed for
 * review. */
void apply_print_alone(const json_t *answer);

/* How many conflicts of the answer are not settled. */
unsigned apply_refused(const json_t *answer);
