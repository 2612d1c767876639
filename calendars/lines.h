/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * The content lines of a calendar (RFC 5545 3.1): unfolded, whatever ends them (CRLF, LF or CR
 * alone), blank ones left out. A fold inside a character is mended by unfolding bytes, before
 * anybody asks what letters they are.
 */
struct lines {
	const char *at, *end;
	uint32_t next_line;
	struct buf folded; /* the line in hand, if it was folded; free with lines_free */
};

struct lines lines_of(struct slice bytes);

/* The next line and the number of its first row, counted from 1. False at the end. ${out} is
 * borrowed until the next call. */
bool lines_next(struct lines *lines, struct slice *out, uint32_t *line);

void lines_free(struct lines *lines);

/* One content line taken apart. Parameters are left as they are: ${params} runs from the first ';'
 * to the ':'. */
struct content_line {
	struct slice name, params, value;
	unsigned nparams;
};

/* False if it is no content line: no colon, or a name of other characters than letters, digits and
 * '-'. */
bool lines_split(struct slice line, struct content_line *out);

/* The value of parameter ${name}, quotes stripped; an empty slice if there is none. */
struct slice lines_param(const struct content_line *line, const char *name);
