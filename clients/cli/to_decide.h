/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Prints the "to_decide" of an answer under a heading, each with the command that decides it for ${rota};
 * nothing if there is none. */
void to_decide_print(const char *rota, const json_t *answer);

/* Prints ${before} and the people of the directory that ${open} may mean: "jo-jones (J Jones), …"; nothing if
 * there are none. */
void to_decide_print_candidates(const char *before, const json_t *open);
