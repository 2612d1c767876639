/* SPDX-License-Identifier: MIT */
#include "server/model/forget.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/instant.h"
#include "server/base/sorted.h"
#include "server/base/vec.h"
#include "server/model/guard_rows.h"

/* The length of "#2027-03-28T01:30:00Z". */
#define INSTANT_BYTES 21

/* GOES: the row is superseded. STAYS: it stays as it is. KEPT: it stays, marked as last read.
 * DOUBTED: it becomes undecided from now on. */
enum fate { GOES, STAYS, KEPT, DOUBTED };

struct keys {
	const char **items;
	size_t count;
};

struct state {
	struct arena *arena;
	const struct forget_input *input;
	struct keys listed, in_force;
	struct guard_rows reading;
	/* at least three quarters of what is to come is listed as before */
	bool ahead_still_listed;
	bool edited; /* it lists a new shift that has begun: a person is editing it, so what is
			missing may be deleted */
	bool listed_begun, listed_over;
};

static int
by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct keys
keys_of(struct arena *arena, const struct merge_row *rows, size_t count)
{
	struct keys keys = {arena_array(arena, count + 1, sizeof *keys.items), count};

	for (size_t i = 0; i < count; i++)
		keys.items[i] = rows[i].key;
	qsort(keys.items, count, sizeof *keys.items, by_text);
	return keys;
}

static bool
has(const char *const *items, size_t count, const char *key)
{
	return count > 0 && bsearch(&key, items, count, sizeof *items, by_text) != NULL;
}

static bool
is_listed(const struct state *state, const char *key)
{
	return has((const char *const *)state->listed.items, state->listed.count, key);
}

/* The length of ${key} without the number of a part, which is at the end ("uid#instant/2"); 0 if it
 * has none.
 * From the end, since the publisher's own part of a key may hold "/" and digits. */
static size_t
length_without_part(const char *key)
{
	size_t len = strlen(key), at = len;

	while (at > 0 && key[at - 1] >= '0' && key[at - 1] <= '9')
		at--;
	return at > 1 && at < len && key[at - 1] == '/' ? at - 1 : 0;
}

/* If the calendar lists the shift but not this part of it, it has taken the part away. */
static bool
is_spoken_of(const struct state *state, const char *key)
{
	size_t len = length_without_part(key);
	const char *first;

	if (has(state->input->spoken, state->input->nspoken, key))
		return true;
	if (len == 0)
		return false;
	first = arena_strndup(state->arena, key, len);
	return has(state->input->spoken, state->input->nspoken, first) || is_listed(state, first);
}

/* ---- What the calendar says of a shift. */

/* The evidence in a calendar about a shift that it does not list: none, that it was taken away, or
 * something that can be read either way. */
enum evidence { EVIDENCE_NONE, EVIDENCE_GONE, EVIDENCE_UNCLEAR };

static bool
is_at_or_before(const void *item, const void *key)
{
	return strcmp(((const struct forget_text *)item)->key, key) <= 0;
}

/* The last text with ${key}: the one with the latest ${from}. NULL: none. */
static const struct forget_text *
text_of(const struct forget_input *input, const char *key)
{
	size_t after =
	    sorted_first(input->texts, input->ntexts, sizeof *input->texts, is_at_or_before, key);

	return after > 0 && strcmp(input->texts[after - 1].key, key) == 0 ? &input->texts[after - 1]
									  : NULL;
}

/* Removes from ${key} the number of a part ("/2"), or the number of events that share a key ("~1"):
 * "uid#instant/2~1". */
static void
drop_number(char *key, char mark)
{
	size_t len = strlen(key), at = len;

	while (at > 0 && key[at - 1] >= '0' && key[at - 1] <= '9')
		at--;
	if (at > 1 && at < len && key[at - 1] == mark)
		key[at - 1] = '\0';
}

/* The calendar's key of an event that was moved away from a day in the past:
 * "again/1767225600/uid". */
static const char *
without_day(const char *key)
{
	size_t len = strlen(FORGET_ANOTHER_DAY);
	const char *mark =
	    strncmp(key, FORGET_ANOTHER_DAY, len) == 0 ? strchr(key + len, '/') : NULL;

	return mark != NULL ? mark + 1 : key;
}

/* Whether an event that is in the calendar has taken the shift away. ${itself}: it is the shift's
 * own event. A series speaks only for the time from its own start: its statement about earlier days
 * may be in another event, which was split off. */
static enum evidence
evidence_of(const struct forget_text *text, int64_t start, bool itself)
{
	if (text == NULL)
		return EVIDENCE_NONE;
	/* The text's time could not be read, so it is not known whether it speaks of this shift. */
	if (text->from == INT64_MAX)
		return EVIDENCE_UNCLEAR;
	return itself || (text->from != INSTANT_NONE && text->from <= start) ? EVIDENCE_GONE
									     : EVIDENCE_UNCLEAR;
}

/* The calendar's evidence about a shift that it does not list. Searches for the shift's own event,
 * without its numbers, then for its series. */
static enum evidence
evidence_for(const struct state *state, const char *key, int64_t start)
{
	char *series = arena_strdup(state->arena, without_day(key));
	enum evidence evidence = evidence_of(text_of(state->input, series), start, true);
	char *hash;

	drop_number(series, '~');
	if (evidence == EVIDENCE_NONE)
		evidence = evidence_of(text_of(state->input, series), start, true);
	drop_number(series, '/');
	if (evidence == EVIDENCE_NONE)
		evidence = evidence_of(text_of(state->input, series), start, true);
	/* A publisher may use "#" in its own keys: only one with an instant after it is ours. */
	hash = strrchr(series, '#');
	if (evidence != EVIDENCE_NONE || hash == NULL || strlen(hash) != INSTANT_BYTES)
		return evidence;
	*hash = '\0';
	return evidence_of(text_of(state->input, series), start, false);
}

/* A calendar that has lost much of what lies ahead as well is broken or another calendar. The fact
 * that it lacks a running shift then says nothing about how it treats shifts that begin. */
static bool
still_listed_ahead(const struct state *state)
{
	size_t ahead = 0, still_listed = 0;

	for (size_t i = 0; i < state->input->ncurrent; i++) {
		const struct merge_row *row = &state->input->current[i];

		if (!guard_is_shift(row) || row->start <= state->input->now)
			continue;
		ahead++;
		still_listed += guard_rows_have(&state->reading, row, 0);
	}
	/* Three quarters: a calendar that loses a quarter of what lies ahead is also held by the
	 * guard (guard.c). */
	return ahead > 0 && still_listed * 4 >= ahead * 3;
}

static void
look(struct state *state)
{
	int64_t now = state->input->now;

	for (size_t i = 0; i < state->input->nreading; i++) {
		const struct merge_row *row = &state->input->reading[i];

		if (!guard_is_shift(row) || row->start > now)
			continue;
		/* A shift that has just begun may be listed because the publisher has not made its
		 * calendar again since, so it does not show that begun shifts are kept. */
		state->listed_begun |= row->start <= now - FORGET_SLACK_SECONDS;
		state->listed_over |= row->end <= now;
		state->edited |= !has(
		    (const char *const *)state->in_force.items, state->in_force.count, row->key);
	}
	state->ahead_still_listed = still_listed_ahead(state);
}

/* Whether the calendar is known to keep what is over. Then a running shift that it lacks was taken
 * away by a person. */
static bool
remembers_listing(const struct forget_input *input)
{
	return input->memory.dropped == 0 && input->memory.listed_over_at != INSTANT_NEVER &&
	       /* A memory of some weeks: a publisher may change how it exports. */
	       input->memory.listed_over_at > input->now - FORGET_MEMORY_SECONDS;
}

static bool
is_doubtable(const struct merge_row *row)
{
	return strcmp(row->class, "named") == 0 || strcmp(row->class, "team") == 0;
}

static enum fate
fate_of_running(const struct state *state, const struct merge_row *row)
{
	const struct forget_input *input = state->input;

	/* Only what was fetched from its address just now shows what its publisher lists at this
	 * time. An uploaded file says what it says: what it lacks is gone. */
	if (!input->fetched || state->listed_begun || remembers_listing(input))
		return GOES;
	if (!is_doubtable(row))
		return KEPT;
	/* Keeping a shift shows somebody as on call, so it needs the most evidence; the next best
	 * is to doubt it. See forget.h. */
	return input->memory.dropped >= FORGET_SURE && !state->edited && state->ahead_still_listed
		   ? KEPT
		   : DOUBTED;
}

/* The key under which the calendar would list ${row}. */
static const char *
listing_key(const struct merge_row *row)
{
	size_t len = strlen(FORGET_LEFT);

	return row->as_last_read && strncmp(row->key, FORGET_LEFT, len) == 0 ? row->key + len
									     : row->key;
}

/* Decides about ${row}, whose key the calendar does not list. */
static enum fate
fate_of(const struct state *state, const struct merge_row *row)
{
	const char *base = listing_key(row);
	enum fate fate;
	enum evidence evidence;

	/* A row that the calendar lists under another key, or whose part it has taken away, is
	 * superseded as usual. */
	if (!guard_is_shift(row) || is_listed(state, base) || is_spoken_of(state, base) ||
	    guard_rows_have(&state->reading, row, 0))
		return GOES;
	/* From here on the calendar neither lists the shift nor gives its time to another row. */
	/* A shift that is over stays as it was: the calendar may drop it, and the past is not
	 * rewritten. */
	if (row->end <= state->input->now)
		return STAYS;
	/* A shift that has not begun and is not listed was taken out. */
	if (row->start > state->input->now)
		return GOES;
	evidence = evidence_for(state, base, row->start);
	if (evidence == EVIDENCE_GONE)
		return GOES;
	if (row->as_last_read)
		/* An earlier reading has decided about it. A file that is uploaded lists what its
		 * owner wants, so it ends what was only kept. */
		fate = state->input->fetched || state->input->stored ? STAYS : GOES;
	else
		fate = fate_of_running(state, row);
	return fate != GOES && evidence == EVIDENCE_UNCLEAR && is_doubtable(row) ? DOUBTED : fate;
}

struct rows {
	struct merge_row *items;
	size_t count;
};

static void
add_doubted(struct arena *arena, struct rows *rows, const struct merge_row *row, int64_t now)
{
	struct merge_row left = *row;

	/* The part that is over stays as it was; only the rest becomes doubtful, with a key of its
	 * own. */
	if (row->start < now) {
		rows->items[rows->count] = *row;
		rows->items[rows->count++].end = now;
	}
	left.key = arena_printf(arena, FORGET_LEFT "%s", row->key);
	left.start = now;
	left.class = "undecided";
	left.team = NULL;
	left.as_last_read = true;
	rows->items[rows->count++] = left;
}

/* Room for two rows of each row in force was made by forget_make(): a doubted shift has a part that
 * is over and a rest. */
static void
add(const struct state *state, const struct merge_row *row, enum fate fate, struct rows *rows,
    struct forget *out)
{
	if (fate == DOUBTED) {
		add_doubted(state->arena, rows, row, state->input->now);
		out->doubted++;
		return;
	}
	rows->items[rows->count] = *row;
	rows->items[rows->count++].as_last_read |= fate == KEPT;
	out->kept += fate == KEPT;
}

/* Whether ${row} is evidence that the calendar drops shifts when they begin. */
static bool
is_dropped(const struct state *state, const struct merge_row *row)
{
	const struct forget_input *input = state->input;

	return input->fetched && !state->listed_begun && !state->edited &&
	       state->ahead_still_listed && !row->as_last_read && row->start <= input->now &&
	       row->end > input->now && guard_is_shift(row) && !is_spoken_of(state, row->key) &&
	       evidence_for(state, row->key, row->start) == EVIDENCE_NONE &&
	       !guard_rows_have(&state->reading, row, 0) &&
	       /* A start later than that of the last one, so that one shift that two readings lack
	        * is evidence once. */
	       row->start > input->memory.dropped_start;
}

void
forget_make(struct arena *arena, const struct forget_input *input, struct forget *out)
{
	struct state state = {
	    .arena = arena,
	    .input = input,
	    .listed = keys_of(arena, input->reading, input->nreading),
	    .in_force = keys_of(arena, input->current, input->ncurrent),
	    .reading = guard_rows_sorted(arena, input->reading, input->nreading),
	};
	struct rows rows = {
	    arena_array(arena, input->nreading + 2 * input->ncurrent + 1, sizeof *rows.items),
	    /* Room for two rows of each row in force: see add(). */
	    input->nreading};

	*out = (struct forget){.dropped_start = INSTANT_NEVER};
	if (input->nreading > 0)
		memcpy(rows.items, input->reading, input->nreading * sizeof *rows.items);
	look(&state);
	for (size_t i = 0; i < input->ncurrent; i++) {
		const struct merge_row *row = &input->current[i];
		enum fate fate;

		if (is_listed(&state, row->key))
			continue;
		fate = fate_of(&state, row);
		if (is_dropped(&state, row) && row->start > out->dropped_start)
			out->dropped_start = row->start;
		if (fate != GOES)
			add(&state, row, fate, &rows, out);
	}
	out->rows = rows.items;
	out->nrows = rows.count;
	/* A stored body or a file says nothing of how the publisher behaves now. */
	out->listed_over = input->fetched && state.listed_over;
	out->listed_begun = input->fetched && state.listed_begun;
}
