/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Waits until import ${id} has been read (its state is no longer "uploaded"), and prints its progress to
 * stderr. Returns an exit code; with EXIT_FINE the caller owns a reference to ${import}. */
int preview_wait(long long id, json_t **import);

/* Prints the effect on gaps and overrides for people, with ${indent} before each line. */
void preview_print_effect(const json_t *import, const char *indent);

/* Discards the import, so that nobody can confirm it later. Returns an exit code. */
int preview_discard(long long id);

/* Prints what was understood and what would change, for people. */
void preview_print(const json_t *import);
