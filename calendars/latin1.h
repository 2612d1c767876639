/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"

/* Appends ${bytes}, read as Windows-1252 (of which Latin-1 is a part), in UTF-8. No byte is
 * refused: the five that Windows-1252 leaves open become U+FFFD. */
void latin1_to_utf8(struct slice bytes, struct buf *out);

/* ${text} if it is UTF-8, else read as above. In ${arena} either way. */
const char *latin1_unless_utf8(struct arena *arena, const char *text);
