/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Print the member "bundles" of a function, and the member "sites" of an answer, for people. */
void bundles_print(const json_t *function);
void sites_print(const json_t *answer);
