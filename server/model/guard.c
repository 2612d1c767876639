/* SPDX-License-Identifier: MIT */
#include "server/model/guard.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/table.h"
#include "server/model/guard_rows.h"

#define SOON_SECONDS INT64_C(1209600) /* 14 days */
#define HOUR INT64_C(3600)
#define DAY INT64_C(86400)

/* Fewer shifts than this are a person who edits a small rota, and not a wrong time zone. */
#define SHIFTED_LEAST 3

/* Fewer people than this are a team that changes. */
#define STRANGERS_LEAST 3

static size_t
count_ahead(const struct merge_row *rows, size_t count, int64_t now)
{
	size_t i, n = 0;

	for (i = 0; i < count; i++)
		/* A running shift lies ahead: its loss would open a gap now. */
		n += guard_is_shift(&rows[i]) && rows[i].end > now;
	return n;
}

static const char *
guard_empty(struct arena *arena, const struct guard_input *input)
{
	size_t before = count_ahead(input->current, input->ncurrent, input->now);

	/* An empty calendar may stay empty; it is held only where something would be lost. */
	if (before == 0 || count_ahead(input->reading, input->nreading, input->now) > 0)
		return NULL;
	if (input->events == 0)
		return arena_printf(arena,
		    "The calendar is empty now; %zu shifts that lie ahead would go.", before);
	return arena_printf(arena,
	    "None of the %u events is a shift that lies ahead, and all %zu that were would go. Is this last year's file, "
	    "or one that shows times only?",
	    input->events, before);
}

const char *
guard_shifted(
    struct arena *arena, const struct guard_input *input, const struct guard_rows *reading)
{
	size_t ahead = count_ahead(input->current, input->ncurrent, input->now), i;
	size_t later = 0, earlier = 0, most;

	for (i = 0; i < input->ncurrent; i++) {
		const struct merge_row *row = &input->current[i];

		if (!guard_is_shift(row) || row->end <= input->now ||
		    guard_rows_have(reading, row, 0))
			continue;
		later += guard_rows_have(reading, row, HOUR);
		earlier += guard_rows_have(reading, row, -HOUR);
	}
	most = later > earlier ? later : earlier;
	if (most < SHIFTED_LEAST || most * 100 < ahead * 80)
		return NULL;
	return arena_printf(arena,
	    "%zu of the %zu shifts that lie ahead would be exactly an hour %s: the calendar's time zone has probably gone wrong.",
	    most, ahead, later > earlier ? "later" : "earlier");
}

static bool
is_soon(const struct merge_row *row, int64_t now)
{
	return guard_is_shift(row) && row->end > now && row->start < now + SOON_SECONDS;
}

static bool
is_ahead(const struct merge_row *row, int64_t now)
{
	return guard_is_shift(row) && row->end > now;
}

typedef bool which_fn(const struct merge_row *row, int64_t now);

/* Whether a shift that ${is} chooses was removed, was moved out of what ${is} chooses, or is no
 * shift any more ("Busy"). A shift that only has another key is not gone. */
static bool
is_gone(
    const struct merge_change *change, const struct guard_rows *reading, which_fn *is, int64_t now)
{
	if (!change->before || !is(change->before, now))
		return false;
	if (change->after)
		return !is(change->after, now);
	return !guard_rows_have(reading, change->before, 0);
}

static const char *
guard_gone(struct arena *arena, const struct guard_input *input, const struct guard_rows *reading,
    which_fn *is, const char *which)
{
	size_t all = 0, gone = 0, i;

	for (i = 0; i < input->ncurrent; i++)
		all += is(&input->current[i], input->now);
	for (i = 0; i < input->merge->nchanges; i++)
		gone += is_gone(&input->merge->changes[i], reading, is, input->now);
	if (gone * 4 <= all)
		return NULL;
	return arena_printf(
	    arena, "%zu of the %zu shifts %s would go: more than a quarter.", gone, all, which);
}

/* In whole days, so that the two readings that are compared have counted the same ones. */
int64_t
guard_first_day(int64_t now)
{
	return now / DAY + 1;
}

/* Compares with the fullest reading, so that many small losses are held as well as one large
 * loss. */
static const char *
guard_fullest(
    struct arena *arena, const struct guard_input *input, uint32_t fullest, const char *of)
{
	size_t has = 0, i;

	for (i = 0; i < input->nreading; i++)
		has += guard_is_shift(&input->reading[i]) &&
		       input->reading[i].start >= guard_first_day(input->now) * DAY;
	if (has >= fullest || (fullest - has) * 4 <= fullest)
		return NULL;
	return arena_printf(arena,
	    "Of the %u shifts after today that the fullest reading of %s had, %zu are left: more than a quarter would have gone.",
	    fullest, of, has);
}

static const char *
guard_shrunken(
    struct arena *arena, const struct guard_input *input, const struct guard_rows *reading)
{
	const char *text = guard_gone(arena, input, reading, is_soon, "of the next 14 days");

	if (!text)
		text = guard_gone(arena, input, reading, is_ahead, "that lie ahead");
	if (!text)
		text = guard_fullest(arena, input, input->fullest_day, "the last 24 hours");
	if (!text)
		text = guard_fullest(arena, input, input->fullest_week, "the last week");
	return text;
}

/* Who is on in ${rows} on shifts that lie ahead, each once. */
static struct table
people_ahead(struct arena *arena, const struct merge_row *rows, size_t count, int64_t now)
{
	struct table people;

	table_init(&people, arena, 16);
	for (size_t i = 0; i < count; i++)
		if (is_ahead(&rows[i], now) && rows[i].person != NULL)
			table_put(&people, arena, rows[i].person, 0);
	return people;
}

/* A slot of a roster keeps its key when another person is put into it, so none of them is gone if the file is another
 * team's. Those who come after the last shift in force may all be new: then no shift has changed its person. */
static const char *
guard_strangers(struct arena *arena, const struct guard_input *input)
{
	struct table were = people_ahead(arena, input->current, input->ncurrent, input->now);
	struct table are = people_ahead(arena, input->reading, input->nreading, input->now);
	size_t changed = 0;

	for (size_t i = 0; i < input->nreading; i++)
		if (is_ahead(&input->reading[i], input->now) && input->reading[i].person != NULL &&
		    table_get(&were, input->reading[i].person) != TABLE_NONE)
			return NULL;
	for (size_t i = 0; i < input->merge->nchanges; i++) {
		const struct merge_change *change = &input->merge->changes[i];

		changed += change->kind == MERGE_PERSON && is_ahead(change->before, input->now);
	}
	/* A few people may well be replaced by a few others. */
	if (were.count < STRANGERS_LEAST || are.count < STRANGERS_LEAST ||
	    changed < STRANGERS_LEAST)
		return NULL;
	return arena_printf(arena,
	    "None of the %u people who were on the shifts that lie ahead is on any of them now: it may be another team's rota.",
	    were.count);
}

/* Many programs drop past events from their calendars, so rows that are missing do not matter here.
 * Past events that read differently do. */
static const char *
guard_past(struct arena *arena, const struct guard_input *input, const struct guard_rows *reading)
{
	size_t past = 0, rewritten = 0, i;

	for (i = 0; i < input->ncurrent; i++)
		past += guard_is_shift(&input->current[i]) && input->current[i].end <= input->now;
	for (i = 0; i < input->merge->nchanges; i++) {
		const struct merge_change *change = &input->merge->changes[i];

		if (!change->before || !change->after || change->before->end > input->now)
			continue;
		rewritten +=
		    guard_is_shift(change->before) && !guard_rows_have(reading, change->before, 0);
	}
	/* A few past shifts may have been corrected by a person. */
	if (rewritten < REWRITTEN_LEAST || rewritten * 4 <= past)
		return NULL;
	return arena_printf(arena,
	    "%zu of %zu shifts that are over already would read otherwise: the past would be rewritten.",
	    rewritten, past);
}

enum guard_verdict
guard_reading(struct arena *arena, const struct guard_input *input, const char **why)
{
	/* Sorted once for all checks. The first check that fails decides: its sentence says most
	 * about the cause. */
	struct guard_rows reading = guard_rows_sorted(arena, input->reading, input->nreading);
	const char *text = guard_empty(arena, input);

	if (!text)
		text = guard_shifted(arena, input, &reading);
	if (!text)
		text = guard_shrunken(arena, input, &reading);
	if (!text)
		text = guard_strangers(arena, input);
	if (!text)
		text = guard_past(arena, input, &reading);
	if (!text)
		return GUARD_APPLY;
	*why = text;
	return GUARD_HOLD;
}
