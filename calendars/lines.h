/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * The content lines of a calendar (RFC 5545 3.1), unfolded. A line ends with CRLF, LF or CR; blank
 * lines are left out. Lines are unfolded as bytes, before they are decoded, because some programs
 * fold inside a character.
 */
struct lines {
	const char *at, *end;
	uint32_t next_line;
	struct buf folded; /* the current line, if it was folded; free with lines_free */
};

struct lines lines_of(struct slice bytes);

/* The next line, and the number of its first row, counted from 1. False at the end. ${out} is
 * borrowed until the next call. */
bool lines_next(struct lines *lines, struct slice *out, uint32_t *line);

void lines_free(struct lines *lines);

/* The parts of one content line. Parameters are not parsed: ${params} runs from the first ';' to
 * the ':'. */
struct content_line {
	struct slice name, params, value;
	unsigned nparams;
};

/* Splits a content line. False if it has no colon, or a name with other characters than letters,
 * digits and '-'. */
bool lines_split(struct slice line, struct content_line *out);

/* The value of the parameter ${name} without its quotes; an empty slice if there is none. */
struct slice lines_param(const struct content_line *line, const char *name);
