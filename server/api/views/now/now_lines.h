/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * The Now answer as lines: they are made once, and shown as plain text, as a page or on paper. What
 * is before a line's first word (${first}) is a mark, or how far it is indented.
 */
enum now_line_kind { NOW_TITLE, NOW_HEADING, NOW_LINE, NOW_BLANK };

/* ${text} has telephone numbers in full, so that a page can make links of them. */
struct now_line {
	enum now_line_kind kind;
	const char *first, *text;
	bool link;        /* ${text} is an address of http or https, or a path on this server */
	const char *tone; /* of a heading: the name of a state, for who shows colours; else NULL */
};

/* Everything lives in ${arena}. Begin with {.arena = …}. */
struct now_lines {
	struct arena *arena;
	VEC(struct now_line) items;
};

/* Adds one paragraph. */
void now_add_wrapped(struct now_lines *lines, const char *first, const char *text);

/* The same with a format. */
void now_add_line(struct now_lines *lines, const char *first, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A line that is a link and nothing else. */
void now_add_link(struct now_lines *lines, const char *first, const char *href);

void now_add_title(struct now_lines *lines, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void now_add_heading(struct now_lines *lines, const char *text, const char *tone);
void now_add_blank(struct now_lines *lines);

/* The text of ${line} as people read it: numbers as they dial them. In ${words}, which it replaces and the caller
 * frees. */
const char *now_line_words(struct buf *words, const struct now_line *line);

/* Appends them as text of at most 80 columns, for a terminal: the further lines of a paragraph are
 * indented as far as its first. A line ends after a word, or within a word that is longer than a
 * line. */
void now_lines_print(struct buf *out, const struct now_lines *lines);

/* How many bytes of ${text} fit into ${columns} characters, at least one character: up to the end
 * of a word, or within one that is too long. */
size_t now_line_len(const char *text, size_t len, size_t columns);
