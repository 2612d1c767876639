/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* The "to_decide" of an answer, those with the most shifts first, under a heading; each with the
 * command that decides it for ${rota}. Nothing if there is nothing. */
void to_decide_print(const char *rota, const json_t *answer);

/* ${before} and whom of the directory it may be: "jo-jones (J Jones), …"; nothing if nobody. */
void to_decide_print_candidates(const char *before, const json_t *open);
