/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* Content lines of iCalendar (RFC 5545 3.1): ended by CRLF, and folded so that no line has more than 75
 * octets. A character of UTF-8 is never split, although the RFC allows it: some programs read each line by
 * itself. */

/* ${value} as it is: for values whose form is known to need no escaping. */
void ical_line(struct buf *out, const char *name, const char *value);

/* ${text} as a value of the type TEXT (RFC 5545 3.3.11): backslashes, semicolons, commas and line feeds are
 * escaped. Whatever else text_find_hidden() finds becomes '?', but for a tab. */
void ical_line_text(struct buf *out, const char *name, const char *text);
