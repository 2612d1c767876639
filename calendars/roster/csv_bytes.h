/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/text.h"

/* What the bytes of a CSV file say before its rows are cut. */

/* Commas, semicolons or tabs: whichever the first line has most of. */
unsigned char csv_delimiter(struct slice bytes);

/* ${bytes} after a line "sep=;", which is a hint for Excel and no row; counts it in ${line}. */
struct slice csv_after_sep(struct slice bytes, uint32_t *line);

/* UTF-16 has a mark of byte order, or a first letter of which one byte is 0. */
bool csv_is_utf16(struct slice bytes);
