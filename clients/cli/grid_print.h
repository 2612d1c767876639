/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "calendars/reading.h"

/* Prints into ${out} what a refused file has of which a person must say which part is the rota's, and the reading.grid
 * to paste: "grid" of a finding. Nothing if ${grid} is NULL. ${rota}: its code; NULL: it is not known. */
void grid_print(FILE *out, const json_t *grid, const char *rota);

/* Prints the findings of an import to stderr, one a line, each with its "grid". */
void grid_print_findings(const char *rota, const json_t *findings);

/* Prints to stderr why ${reading}, of the file ${path}, was refused: its finding ${finding}. */
void grid_print_refusal(const char *path, const char *rota, const struct reading *reading,
    const struct reading_finding *finding);
