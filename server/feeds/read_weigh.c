/* SPDX-License-Identifier: MIT */
#include "server/feeds/read_weigh.h"

#include <string.h>

#include "server/feeds/read_json.h"
#include "server/model/guard.h"

static const char waits[] =
    "The present rules of reading would add cover to this rota: a person must decide about that.";

struct weighing {
	struct arena *arena;
	const struct read_ask *ask;
	struct read_rows *rows;
	struct guard_input input;
	struct merge *merge;
	struct read_found *found;
};

static void
merge_rows(struct weighing *at)
{
	struct forget_input asked = {
	    .now = at->input.now,
	    .current = at->input.current,
	    .ncurrent = at->input.ncurrent,
	    .reading = at->rows->items,
	    .nreading = at->rows->count,
	    .spoken = at->rows->spoken,
	    .nspoken = at->rows->nspoken,
	    .texts = at->rows->texts,
	    .ntexts = at->rows->ntexts,
	    .fetched = at->ask->fetched,
	    .stored = at->ask->stored,
	    .memory = at->found->memory,
	};

	forget_make(at->arena, &asked, &at->found->forget);
	/* The merge compares with what remains after forgetting: a shift that the calendar dropped
	 * because it has begun is not one that was taken away. */
	merge_make(at->arena, (struct merge_rows){at->input.current, at->input.ncurrent},
	    (struct merge_rows){at->found->forget.rows, at->found->forget.nrows},
	    at->ask->options.from, at->merge);
}

/* The body was accepted before and only the rules of this program have changed: cover that they
 * take away is taken away, and only cover that they add is weighed. */
static void
weigh_stored(struct weighing *at)
{
	const char *why = at->ask->withheld ? waits : NULL;

	at->found->safe = true;
	if (why == NULL && at->ask->guarded)
		guard_again(at->arena, &at->input, &why);
	/* guard_withhold() makes what would be more cover doubtful in the rows, so the merge is
	 * made again with them. */
	if (why == NULL || guard_withhold(at->arena, &at->input, at->rows->items) == 0)
		return;
	at->found->withheld = why;
	merge_rows(at);
}

/* Whether a new body would bring the cover that waits for a person in the stored one. */
static bool
brings_what_waits(struct weighing *at)
{
	/* A copy, because it only asks what would be withheld. */
	struct merge_row *rows = arena_array(at->arena, at->rows->count, sizeof *rows);

	if (!at->ask->withheld)
		return false;
	if (at->rows->count > 0)
		memcpy(rows, at->rows->items, at->rows->count * sizeof *rows);
	return guard_withhold(at->arena, &at->input, rows) > 0;
}

static void
weigh_fetched(struct weighing *at)
{
	struct read_found *found = at->found;

	found->safe = guard_reading(at->arena, &at->input, &found->why) == GUARD_APPLY;
	if (found->safe && brings_what_waits(at)) {
		found->safe = false;
		found->why = waits;
	}
	if (found->safe)
		found->why = NULL;
}

void
read_weigh(struct arena *arena, const struct read_ask *ask, struct read_rows *rows,
    struct merge_rows current, struct read_found *found)
{
	struct merge *merge = arena_alloc(arena, sizeof *merge);
	struct weighing at = {
	    .arena = arena,
	    .ask = ask,
	    .rows = rows,
	    .input =
		{
		    .now = found->now,
		    .current = current.items,
		    .ncurrent = current.count,
		    .reading = rows->items,
		    .nreading = rows->count,
		    .events = found->reading->events,
		    .merge = merge,
		    .fullest_day = found->fullest_day,
		    .fullest_week = found->fullest_week,
		},
	    .merge = merge,
	    .found = found,
	};

	merge_rows(&at);
	found->merge = merge;
	found->why = NULL;
	found->withheld = NULL;
	/* A stored body was accepted once, so it is never held as a whole. A body from outside is
	 * applied or held, never changed. */
	if (ask->stored)
		weigh_stored(&at);
	else
		weigh_fetched(&at);
	found->diff = read_json_diff(arena, merge, found->reading, &ask->options);
}
