/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/guard_rows.h"

/* Rows that could make a place count as covered. Only that needs a guard: a rule that takes cover
 * away is safe. */
static bool
is_cover(const struct merge_row *row)
{
	return strcmp(row->class, "named") == 0 || strcmp(row->class, "team") == 0;
}

static const char *
guard_past_added(
    struct arena *arena, const struct guard_input *input, const struct guard_rows *current)
{
	size_t past = 0, added = 0, i;

	for (i = 0; i < input->nreading; i++) {
		const struct merge_row *row = &input->reading[i];

		if (!guard_is_shift(row) || row->end > input->now)
			continue;
		past++;
		added += is_cover(row) && !guard_rows_have(current, row, 0);
	}
	if (added < REWRITTEN_LEAST || added * 4 <= past)
		return NULL;
	return arena_printf(arena,
	    "%zu of %zu shifts that are over already would count now and did not: the past would be rewritten.",
	    added, past);
}

/* Read again by other rules, so the same bytes: an empty or shrunken calendar is no evidence of a
 * fault of the publisher, and only what would be added is judged. */
enum guard_verdict
guard_again(struct arena *arena, const struct guard_input *input, const char **why)
{
	struct guard_rows reading = guard_rows_sorted(arena, input->reading, input->nreading);
	struct guard_rows current = guard_rows_sorted(arena, input->current, input->ncurrent);
	const char *text = guard_shifted(arena, input, &reading);

	if (!text)
		text = guard_past_added(arena, input, &current);
	if (!text)
		return GUARD_APPLY;
	*why = text;
	return GUARD_HOLD;
}

/* A row that was not in force could make a place covered although no person has decided about it.
 * If it is doubtful, it is shown and does not count. */
size_t
guard_withhold(struct arena *arena, const struct guard_input *input, struct merge_row *rows)
{
	struct guard_rows current = guard_rows_sorted(arena, input->current, input->ncurrent);
	size_t withheld = 0, i;

	for (i = 0; i < input->nreading; i++) {
		struct merge_row *row = &rows[i];

		if (!is_cover(row) || guard_rows_have(&current, row, 0))
			continue;
		/* Both are undecided for the sweep; a tentative row keeps the person to ask. */
		row->class = row->team && !row->person ? "undecided" : "tentative";
		row->team = NULL;
		withheld++;
	}
	return withheld;
}
