/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/text.h"

/* What must be known of the bytes of a CSV file before it can be divided into rows. */

/* The delimiter: comma, semicolon, tab or pipe, the one that the first line with two of one has most of; of
 * the first lines, in which it may be. */
unsigned char csv_delimiter(struct slice bytes);

/* ${bytes} after a line "sep=;", which is a hint for Excel and no row; counts it in ${line}. */
struct slice csv_after_sep(struct slice bytes, uint32_t *line);

/* Whether ${bytes} are UTF-16: they begin with a byte order mark, or with a letter of ASCII of which one
 * byte is 0. */
bool csv_is_utf16(struct slice bytes);

/* Appends ${bytes}, which are UTF-16 by csv_is_utf16(), as UTF-8. False: they are not, further on. */
bool csv_utf16_to_utf8(struct slice bytes, struct buf *out);
