/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * What the command prints goes through here, no matter who wrote it: a title in a calendar may hold what a terminal
 * obeys, and what turns the direction of writing. Both are shown as U+FFFD. Line breaks and tabs stay; a carriage
 * return stays before a line feed alone, since what follows would overwrite the line.
 */

/* From here on stdout and stderr are such streams. Call it once, before anything is printed. */
void screen_open(void);

/* Appends to ${out} what is shown of ${text}. ${more}: text follows, and what may be a part of a character or of
 * a line's end is left for then. Returns how many bytes were taken. */
size_t screen_add(struct buf *out, struct slice text, bool more);
