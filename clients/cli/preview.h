/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Waits until import ${id} has been read (state no longer "uploaded"), saying on stderr how
 * far it is. Exit
 * codes as ever; ${import} is yours. */
int preview_wait(long long id, json_t **import);

/* Prints the effect on gaps and overrides, for people; ${indent} before each line. */
void preview_print_effect(const json_t *import, const char *indent);

/* Lets a preview go, so that nothing is left of it to be confirmed. Exit codes as ever. */
int preview_discard(long long id);

/* Prints what was understood and what would change, for people. */
void preview_print(const json_t *import);
