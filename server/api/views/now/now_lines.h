/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* The lines of the Now answer as text: at most 80 characters each, for a terminal. */

/* Appends one paragraph: its first line after ${first}, the others indented as far. A line ends after a
 * word, or within a word that is longer than a line. */
void now_add_wrapped(struct buf *out, const char *first, const char *text);

/* The same with a format. */
void now_add_line(struct buf *out, const char *first, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
