/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * Telephone numbers as people dial them. The set-up and the API have numbers in full ("+441632960456"); what people
 * read in Britain has British ones in their national form. clients/web/parts/national.js is the same rule for the
 * pages; tests/unit/server/model/phones.txt holds both. Pure.
 */

/* The length of the number in full that ${text} begins with; 0: none. */
size_t phone_len(const char *text);

/* Appends the number of ${len} bytes, as phone_len() found it: "01632 960456". One of another country stays as it is. */
void phone_add(struct buf *out, const char *number, size_t len);

/* Appends ${text}, in which each number in full is replaced by what phone_add() makes of it. Nothing that the caller
 * must free is kept. */
void phone_add_text(struct buf *out, const char *text);
