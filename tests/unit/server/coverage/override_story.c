/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/coverage/override_story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/testbed.h"
#include "tests/unit/server/model/dice.h"

#define HOURS 60
#define SHIFTS_MAX 6
#define HELD_MAX 24
enum { ANN, BOB, CYD, DEE, PEOPLE };
static const char *const people[PEOPLE] = {"ann", "bob", "cyd", "dee"};

typedef uint64_t strip; /* a bit for each hour */

struct entry {
	uint32_t person;
	strip hours;
};

struct calendar {
	struct entry entries[SHIFTS_MAX];
	size_t n;
};

struct held {
	strip shift, piece;
};

/* An override, as it is painted. */
struct painted {
	uint32_t person, instead;
	strip window, first, on, disputed; /* first: what it was made for */
	struct held held[HELD_MAX];
	size_t nheld;
	struct entry saw[SHIFTS_MAX];
	size_t nsaw;
};

struct story {
	struct calendar calendar;
	struct painted painted[2]; /* the second rests on the first, if it can be made */
	size_t n;
};

static strip
hours_of(int64_t from, int64_t to)
{
	strip hours = 0;

	for (int64_t h = from; h < to && h < HOURS; h++)
		hours |= (strip)1 << h;
	return hours;
}

static int
first_hour(strip hours)
{
	return __builtin_ctzll(hours);
}

static int
after_hour(strip hours)
{
	return 64 - __builtin_clzll(hours);
}

static struct calendar
dice_calendar(struct dice *dice)
{
	struct calendar calendar = {.n = (size_t)dice_below(dice, SHIFTS_MAX + 1)};

	for (size_t i = 0; i < calendar.n; i++) {
		int64_t from = dice_below(dice, 50);

		calendar.entries[i] = (struct entry){(uint32_t)dice_below(dice, PEOPLE),
		    hours_of(from, from + 2 + dice_below(dice, 12))};
	}
	return calendar;
}

/* One entry moves, is given to somebody, goes or comes. */
static void
dice_change(struct dice *dice, struct calendar *calendar)
{
	size_t i = calendar->n > 0 ? (size_t)dice_below(dice, (uint32_t)calendar->n) : 0;
	int64_t by = dice_below(dice, 9) - 4, from, to;

	switch (calendar->n == 0 ? 3 : dice_below(dice, 5)) {
	case 0:
		calendar->entries[i].person = (uint32_t)dice_below(dice, PEOPLE);
		break;
	case 1:
		calendar->entries[i] = calendar->entries[--calendar->n];
		break;
	case 2:
	case 4:
		from = first_hour(calendar->entries[i].hours) + by;
		to = after_hour(calendar->entries[i].hours) + by + dice_below(dice, 5) - 2;
		if (from >= 0 && to > from)
			calendar->entries[i].hours = hours_of(from, to);
		break;
	default:
		if (calendar->n < SHIFTS_MAX)
			calendar->entries[calendar->n++] =
			    dice_calendar(dice).n > 0
				? (struct entry){(uint32_t)dice_below(dice, PEOPLE),
				      hours_of(5, 5 + 3 + dice_below(dice, 12))}
				: (struct entry){ANN, hours_of(30, 41)};
	}
}

static bool
holds(const strip *shifts, size_t n, strip wanted)
{
	for (size_t i = 0; i < n; i++)
		if (shifts[i] == wanted)
			return true;
	return false;
}

static void
add_once(strip *shifts, size_t *n, strip shift)
{
	if (shift != 0 && !holds(shifts, *n, shift))
		shifts[(*n)++] = shift;
}

/* The whole shifts of ${person}: the calendar's, and every run of an earlier override's. */
static size_t
shifts_of(const struct story *story, size_t before, uint32_t person, strip *shifts)
{
	size_t n = 0;

	for (size_t i = 0; i < story->calendar.n; i++)
		if (story->calendar.entries[i].person == person)
			add_once(shifts, &n, story->calendar.entries[i].hours);
	for (size_t i = 0; i < before; i++) {
		strip left = story->painted[i].person == person ? story->painted[i].on : 0;

		while (left != 0) {
			int from = first_hour(left), to = from;

			while (to < HOURS && (left >> to & 1))
				to++;
			add_once(shifts, &n, hours_of(from, to));
			left &= ~hours_of(from, to);
		}
	}
	return n;
}

static strip
followed(const struct painted *painted, const struct held *held, strip now)
{
	int was = __builtin_popcountll(held->shift), is = __builtin_popcountll(now),
	    common = __builtin_popcountll(held->shift & now), from = first_hour(now),
	    to = after_hour(now);
	bool moved = common > 0 && 2 * is <= 3 * was && 2 * common >= (was < is ? was : is);

	if (!(moved && first_hour(held->piece) == first_hour(held->shift)) &&
	    from < first_hour(painted->window))
		from = first_hour(painted->window);
	if (!(moved && after_hour(held->piece) == after_hour(held->shift)) &&
	    to > after_hour(painted->window))
		to = after_hour(painted->window);
	return from < to ? hours_of(from, to) : 0;
}

static void
hold(struct painted *painted, strip shift, strip piece)
{
	assert_true(painted->nheld < HELD_MAX);
	painted->held[painted->nheld++] = (struct held){shift, piece};
}

static bool
is_held(const struct painted *painted, strip shift)
{
	for (size_t i = 0; i < painted->nheld; i++)
		if (painted->held[i].shift == shift)
			return true;
	return false;
}

/* When the person of the second override stands in for that of the first. */
static strip
heir(const struct story *story, const struct painted *painted, uint32_t person)
{
	return painted == &story->painted[0] && story->n == 2 && person == story->painted[1].person
		   ? painted->window & story->painted[1].window
		   : 0;
}

/* Of those who have come since: where. */
static strip
strangers(const struct story *story, const struct painted *painted)
{
	strip found = 0;

	for (size_t i = 0; i < story->calendar.n; i++) {
		const struct entry *entry = &story->calendar.entries[i];
		bool seen = entry->person == painted->person || entry->person == painted->instead;

		for (size_t j = 0; j < painted->nsaw; j++)
			seen |= painted->saw[j].person == entry->person &&
				(painted->saw[j].hours & entry->hours) != 0;
		if (!seen)
			found |= entry->hours & ~heir(story, painted, entry->person);
	}
	return found;
}

static void
look(struct story *story, size_t which)
{
	struct painted *painted = &story->painted[which], before = *painted;
	strip shifts[SHIFTS_MAX + 2 * HOURS], own = 0, gone = 0;
	size_t n = shifts_of(story, which, painted->instead, shifts);

	painted->nheld = 0;
	painted->on = 0;
	for (size_t i = 0; i < story->calendar.n; i++)
		if (story->calendar.entries[i].person == painted->person)
			own |= story->calendar.entries[i].hours;
		else
			own |= story->calendar.entries[i].hours &
			       heir(story, painted, story->calendar.entries[i].person);
	for (size_t i = 0; i < before.nheld; i++) {
		const struct held *held = &before.held[i];
		bool moved = false;

		if (holds(shifts, n, held->shift)) {
			hold(painted, held->shift, held->piece);
			continue;
		}
		for (size_t j = 0; j < n; j++) {
			strip piece = followed(painted, held, shifts[j]);

			if ((shifts[j] & held->piece) == 0)
				continue;
			moved = true;
			if (piece != 0 && !is_held(painted, shifts[j]) &&
			    !is_held(&before, shifts[j]))
				hold(painted, shifts[j], piece);
		}
		if (moved)
			continue;
		hold(painted, held->shift, held->piece);
		gone |= held->piece;
	}
	for (size_t j = 0; j < n; j++)
		if ((shifts[j] & painted->window) != 0 && !is_held(painted, shifts[j]))
			hold(painted, shifts[j], shifts[j] & painted->window);
	for (size_t i = 0; i < painted->nheld; i++)
		if (holds(shifts, n, painted->held[i].shift))
			painted->on |= painted->held[i].piece;
	painted->disputed =
	    (gone | (painted->first & strangers(story, painted))) & ~own & ~painted->on;
}

/* The shifts that were there when it was made, less those whom the first one has taken off. */
static void
see(struct story *story, size_t which)
{
	struct painted *painted = &story->painted[which];

	for (size_t i = 0; i < story->calendar.n; i++) {
		const struct entry *entry = &story->calendar.entries[i];
		const struct painted *first = &story->painted[0];

		if ((entry->hours & painted->window) == 0 ||
		    (which == 1 && first->instead == entry->person &&
			(first->on & entry->hours) != 0))
			continue;
		painted->saw[painted->nsaw++] = *entry;
	}
}

/* All in one transaction: what was goes, what is comes under new keys, as many programs do it. */
static void
say_calendar(const struct calendar *calendar, int64_t base)
{
	char sql[4000];
	int len = snprintf(sql, sizeof sql,
	    "begin; update shift set known_to = clock_timestamp() where rota = 'r1' and override is null and known_to = 'infinity'; ");

	for (size_t i = 0; i < calendar->n; i++)
		len += snprintf(sql + len, sizeof sql - (size_t)len,
		    "insert into shift (rota, key, class, person, starts_at, ends_at) values ('r1', '%zu', 'named', '%s', "
		    "to_timestamp(%lld), to_timestamp(%lld)); ",
		    i, people[calendar->entries[i].person],
		    (long long)(base + 3600 * first_hour(calendar->entries[i].hours)),
		    (long long)(base + 3600 * after_hour(calendar->entries[i].hours)));
	snprintf(sql + len, sizeof sql - (size_t)len, "select shifts_changed('{r1}'); commit");
	testbed_sql("%s", sql);
}

static void
expect_strips(const struct story *story, int64_t base, uint64_t seed, int step)
{
	char wanted[2 * HOURS + 2] = "", *said;
	size_t n = 0;

	for (size_t i = 0; i < story->n; i++)
		for (int h = 0; h < HOURS; h++)
			wanted[n++] = story->painted[i].on >> h & 1         ? 'B'
				      : story->painted[i].disputed >> h & 1 ? '?'
									    : '.';
	wanted[n] = '\0';
	said = testbed_ask(
	    "select coalesce(string_agg(coalesce((select string_agg(case s.class when 'named' then 'B' else '?' end, "
	    "'') from shift s where s.override = o.id and s.known_to = 'infinity' and s.starts_at <= t and s.ends_at > t), '.'), "
	    "'' order by o.id, t), '') from override o, generate_series(to_timestamp(%lld), to_timestamp(%lld), "
	    "'1 hour') t where o.withdrawn_at is null",
	    (long long)base, (long long)(base + 3600 * (HOURS - 1)));
	if (strcmp(said, wanted) != 0)
		fail_msg("seed %llu, step %d:\n%s is said, not\n%s", (unsigned long long)seed, step,
		    said, wanted);
	free(said);
}

static void
make(struct story *story, struct dice *dice, uint32_t person, uint32_t instead, int64_t base)
{
	struct painted *painted = &story->painted[story->n];
	int64_t from = dice_below(dice, 30), to = from + 4 + dice_below(dice, 30);

	*painted =
	    (struct painted){.person = person, .instead = instead, .window = hours_of(from, to)};
	see(story, story->n);
	look(story, story->n);
	painted->first = painted->on;
	if (painted->on == 0)
		return; /* refused: there is nothing to replace */
	story->n++;
	testbed_sql("select override_add('r1', '%s', '%s', to_timestamp(%lld), to_timestamp(%lld), "
		    "to_timestamp(%lld), null, false, 'm')",
	    people[person], people[instead], (long long)(base + 3600 * from),
	    (long long)(base + 3600 * after_hour(painted->window)),
	    (long long)(base + 3600 * after_hour(painted->window)));
}

void
override_story_tell(uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct story story = {.calendar = dice_calendar(&dice)};
	char *text =
	    testbed_ask("select extract(epoch from date_trunc('hour', now()))::bigint + 86400");
	int64_t base = strtoll(text, NULL, 10);

	free(text);
	testbed_sql(
	    "update override set withdrawn_at = clock_timestamp(), withdrawn_by = 'm' where withdrawn_at is null; "
	    "update shift set known_to = clock_timestamp() where known_to = 'infinity'");
	say_calendar(&story.calendar, base);
	make(&story, &dice, BOB, ANN, base);
	if (story.n == 1)
		make(&story, &dice, CYD, BOB, base);
	for (int step = 0; step < 6 && story.n > 0; step++) {
		expect_strips(&story, base, seed, step);
		for (int64_t i = dice_below(&dice, 2); i >= 0; i--)
			dice_change(&dice, &story.calendar);
		say_calendar(&story.calendar, base);
		for (size_t i = 0; i < story.n; i++)
			look(&story, i);
	}
}
