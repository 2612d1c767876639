/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The rule of small numbers: which counts of a report are not shown, so that a report says nothing about a person. It
 * is this one in every report. The schema "report" has it in SQL (migrations/), and a test compares the two. Pure.
 *
 *   few         a count from 1 to FEW_LEAST - 1 is not shown. None is shown as 0.
 *   one person  a count about fewer than FEW_PEOPLE people is not shown, whatever it is.
 *   parts       of a count that has two parts, neither is shown where one of them is few.
 *   the others  where a count that is not shown could be worked out of a total and the other counts, another one
 *               is not shown either: the smallest; if there is no other, the total.
 */
#define FEW_LEAST 5
#define FEW_PEOPLE 3

/* A count and one of its two parts; the other part is the rest. */
struct few_line {
	/* Of two counts of one size, that of the name that comes first is not shown: so every report leaves out the
	 * same. NULL: that of the line that comes first. */
	const char *name;
	uint32_t whole, part;
	/* On entry: it must not be shown for another reason. On return: it is not shown. ${hides_part} goes for both
	 * parts. */
	bool hides_whole, hides_part;
};

/* Lines, and the line that is their sum. */
struct few_table {
	struct few_line *lines;
	size_t nlines;
	struct few_line *total;
};

/* Whether a count is few, ${least} being the least one that is shown. */
bool few_is(uint32_t count, uint32_t least);

/* Sets what is not shown of ${table}. ${least}: FEW_LEAST, but for tests. */
void few_hide(const struct few_table *table, uint32_t least);
