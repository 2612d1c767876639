/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Prints whom to ring next, of an answer that has a step of a ladder in `next`; null: nobody is left. */
void ladder_print_next(const json_t *answer);
