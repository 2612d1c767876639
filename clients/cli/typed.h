/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Prints the warnings of a change of typed shifts and, of a dry run, the gaps that it opens and closes. */
void typed_print_effect(const json_t *answer);
