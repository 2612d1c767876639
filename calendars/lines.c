/* SPDX-License-Identifier: MIT */
#include "calendars/lines.h"

#include <string.h>

struct lines
lines_of(struct slice bytes)
{
	return (struct lines){.at = bytes.at, .end = bytes.at + bytes.len, .next_line = 1};
}

void
lines_free(struct lines *lines)
{
	buf_free(&lines->folded);
}

/* The end of the row that begins at ${at}: the first CR or LF, or the end of all. */
static const char *
row_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));
	const char *cr;

	if (lf == NULL)
		lf = end;
	cr = memchr(at, '\r', (size_t)(lf - at));
	return cr != NULL ? cr : lf;
}

/* Skips the line end at ${lines->at}, and any blank lines after it. */
static void
skip_breaks(struct lines *lines)
{
	while (lines->at < lines->end && (*lines->at == '\r' || *lines->at == '\n')) {
		if (*lines->at == '\r' && lines->at + 1 < lines->end && lines->at[1] == '\n')
			lines->at++;
		lines->at++;
		lines->next_line++;
	}
}

static bool
is_fold(const struct lines *lines)
{
	return lines->at < lines->end && (*lines->at == ' ' || *lines->at == '\t');
}

/* Unfolding (RFC 5545 3.1). Only a folded line is copied; the others are slices of the file, since
 * most of them are dropped right away. */
bool
lines_next(struct lines *lines, struct slice *out, uint32_t *line)
{
	const char *from;
	const char *to;

	skip_breaks(lines);
	if (lines->at == lines->end)
		return false;
	*line = lines->next_line;
	from = lines->at;
	to = row_end(from, lines->end);
	lines->at = to;
	skip_breaks(lines);
	*out = (struct slice){from, (size_t)(to - from)};
	/* The row after this one decides: a blank at its start continues this line. Blank lines
	 * between the two are passed over: where line ends were converted twice (CR CR LF), a blank
	 * line seems to follow every row. */
	if (!is_fold(lines))
		return true;

	buf_reset(&lines->folded);
	buf_add(&lines->folded, from, (size_t)(to - from));
	while (is_fold(lines)) {
		/* One blank or tab belongs to the fold; a second one is text. The pieces are joined
		 * as bytes, because programs fold at 75 bytes in the middle of a letter. */
		from = lines->at + 1;
		to = row_end(from, lines->end);
		buf_add(&lines->folded, from, (size_t)(to - from));
		lines->at = to;
		skip_breaks(lines);
	}
	*out = (struct slice){lines->folded.at, lines->folded.len};
	return true;
}

/* Names of properties have letters, digits and '-' (RFC 5545 3.1); '_' is taken too, in names that
 * begin with X-. */
static bool
is_name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

bool
lines_split(struct slice line, struct content_line *out)
{
	size_t name = 0;
	size_t i;
	bool quoted = false;

	while (name < line.len && is_name_char(line.at[name]))
		name++;
	if (name == 0)
		return false;
	out->nparams = 0;
	for (i = name; i < line.len && (quoted || line.at[i] != ':'); i++) {
		/* A colon or semicolon between quotes is text of the parameter: TZID="(UTC+00:00)
		 * Dublin". */
		if (line.at[i] == '"')
			quoted = !quoted;
		else if (line.at[i] == ';' && !quoted)
			out->nparams++;
	}
	if (i == line.len || (i > name && line.at[name] != ';'))
		return false;
	out->name = (struct slice){line.at, name};
	out->params = (struct slice){line.at + name, i - name};
	out->value = (struct slice){line.at + i + 1, line.len - i - 1};
	return true;
}

/* The quotes are not part of a parameter's value (RFC 5545 3.2). */
static struct slice
unquoted(struct slice value)
{
	value = slice_trim(value);
	if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
		return slice_trim((struct slice){value.at + 1, value.len - 2});
	return value;
}

struct slice
lines_param(const struct content_line *line, const char *name)
{
	const char *at = line->params.at;
	const char *end = at + line->params.len;

	while (at < end) {
		const char *from = ++at; /* after the ';' */
		const char *equals = NULL;
		bool quoted = false;

		for (; at < end && (quoted || *at != ';'); at++) {
			if (*at == '"')
				quoted = !quoted;
			/* The first '=' ends the name; base64 and URLs have more of them in the
			 * value. */
			else if (*at == '=' && equals == NULL)
				equals = at;
		}
		if (equals != NULL &&
		    slice_is_nocase(
			slice_trim((struct slice){from, (size_t)(equals - from)}), name))
			return unquoted((struct slice){equals + 1, (size_t)(at - equals - 1)});
	}
	return (struct slice){"", 0};
}
