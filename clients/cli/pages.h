/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

typedef void pages_print_fn(const void *ctx, const json_t *answer);

/*
 * GETs ${path}, which has a query, and every page that follows it (next_cursor): a list that is cut
 * short could lack what is searched for. Each page goes to ${print}, with ${ctx}, or is printed as
 * it came if ${json}. An exit code; after a page that fails no other is asked for.
 */
int pages_ask(const char *path, bool json, pages_print_fn *print, const void *ctx);
