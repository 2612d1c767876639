/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* What the commands about swaps and leave have in common. */

/* Prints the "checks" of an answer that fail, or that this account may not see. */
void agreed_print_checks(const json_t *answer);

/* "/v1/leave/12/approve?dry_run=1"; free with free(). ${number}: NULL for the list. */
char *agreed_path(const char *list, const char *number, const char *rest, bool dry);

typedef void agreed_print_fn(const void *ctx, const json_t *answer);

/* Sends ${body} to ${path} by POST, and prints the answer. Takes both over. Returns an exit code. */
int agreed_send(char *path, json_t *body, agreed_print_fn *print, const void *ctx);
