/* SPDX-License-Identifier: MIT */
#include "server/model/few.h"

#include <string.h>

bool
few_is(uint32_t count, uint32_t least)
{
	return count > 0 && count < least;
}

static bool
comes_first(const struct few_line *line, const struct few_line *other)
{
	if (line->whole != other->whole || line->name == NULL || other->name == NULL)
		return line->whole < other->whole;
	return strcmp(line->name, other->name) < 0;
}

/* The line with the smallest count that is shown, of those that count anything; NULL: there is none. */
static struct few_line *
smallest(const struct few_table *table, bool of_parts)
{
	struct few_line *found = NULL;

	for (size_t i = 0; i < table->nlines; i++) {
		struct few_line *line = &table->lines[i];
		bool hidden = of_parts ? line->hides_part : line->hides_whole;

		if (!hidden && line->whole > 0 && (found == NULL || comes_first(line, found)))
			found = line;
	}
	return found;
}

/* Hides the smallest count that is still shown, or, if there is none, the total: so that the hidden ones can no longer be worked out. */
static void
hide_another(const struct few_table *table, bool of_parts)
{
	struct few_line *other = smallest(table, of_parts);

	if (other == NULL)
		other = table->total;
	*(of_parts ? &other->hides_part : &other->hides_whole) = true;
}

/* ------------------------------------------------------------------------------------- the counts */

/*
 * Whether the counts that are hidden can be worked out: the total less the counts that are shown is the sum of the hidden
 * ones. That gives away the only one, and also several of which each is 1, since none of them can be less.
 */
static bool
wholes_are_known(const struct few_table *table)
{
	uint32_t hidden = 0, sum = 0;

	for (size_t i = 0; i < table->nlines; i++)
		if (table->lines[i].hides_whole && table->lines[i].whole > 0) {
			hidden++;
			sum += table->lines[i].whole;
		}
	return hidden == 1 || (hidden > 0 && sum == hidden);
}

static void
hide_wholes(const struct few_table *table, uint32_t least)
{
	for (size_t i = 0; i < table->nlines; i++)
		table->lines[i].hides_whole |= few_is(table->lines[i].whole, least);
	table->total->hides_whole |= few_is(table->total->whole, least);
	while (!table->total->hides_whole && wholes_are_known(table))
		hide_another(table, false);
}

/* -------------------------------------------------------------------------------------- the parts */

static bool
part_is_few(const struct few_line *line, uint32_t least)
{
	return few_is(line->part, least) || few_is(line->whole - line->part, least);
}

/*
 * Whether the parts that are hidden can be worked out from those of the total: only if they are those of one line. Of two
 * lines the sums of their parts are known and no more: at least one of the two has some of both parts, because it is hidden
 * for a part that is few and not for one that is 0.
 */
static bool
parts_are_known(const struct few_table *table)
{
	uint32_t hidden = 0;

	for (size_t i = 0; i < table->nlines; i++)
		hidden += table->lines[i].hides_part && table->lines[i].whole > 0;
	return hidden == 1;
}

static void
hide_parts(const struct few_table *table, uint32_t least)
{
	for (size_t i = 0; i < table->nlines; i++) {
		struct few_line *line = &table->lines[i];

		line->hides_part |= line->hides_whole || part_is_few(line, least);
	}
	table->total->hides_part |= table->total->hides_whole || part_is_few(table->total, least);
	while (!table->total->hides_part && parts_are_known(table))
		hide_another(table, true);
}

void
few_hide(const struct few_table *table, uint32_t least)
{
	hide_wholes(table, least);
	hide_parts(table, least);
}
