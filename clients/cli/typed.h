/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Prints the warnings of a change of typed shifts and, of a dry run, the gaps that it opens and closes. */
void typed_print_effect(const json_t *answer);

/* Sets the member ${key} of ${body} to the instant ${text}, which ${option} gives. NULL, or what is wrong. */
const char *typed_set_time(json_t *body, const char *key, const char *option, const char *text);
