/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_weeks.h"

#include <ctype.h>
#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

#define SOON_DAYS 62

bool
roster_is_day_heading(const char *text)
{
	static const char *const names[] = {"date", "dates", "day", "days", "week", "weeks", "wk",
	    "week commencing", "week commencing:", "w/c", "wc", "week beginning", "w/b",
	    "week starting", "week of", "week ending", "w/e", NULL};

	return roster_cell_is_one_of(text, names);
}

/* The next word of ${text}, with the dots and strokes in it: "w/e", "w.e". */
static struct slice
next_word(const char **text)
{
	struct slice word = {*text, 0};

	while (*word.at != '\0' && !isalpha((unsigned char)*word.at))
		word.at++;
	while (isalpha((unsigned char)word.at[word.len]) ||
	       (strchr("/.", word.at[word.len]) != NULL &&
		   isalpha((unsigned char)word.at[word.len + 1])))
		word.len++;
	*text = word.at + word.len;
	return word;
}

bool
roster_is_end_heading(const char *heading)
{
	static const char *const words[] = {"ending", "end", "ends", "ended", "endings", "until",
	    "till", "til", "upto", "w/e", "w.e", "finish", "finishes", "finishing", "finished",
	    "off", "morning"};
	struct slice word, last = {"", 0};

	while ((word = next_word(&heading)).len > 0) {
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			if (slice_is_nocase(word, words[i]))
				return true;
		}
		last = word;
	}
	/* "Up to", but not "Date to cover". */
	return slice_is_nocase(last, "to");
}

bool
grid_is_date(const struct grid *g, const char *text)
{
	if (g->rows->weekly)
		text = roster_week_day(text);
	/* A weekday alone is no date. */
	return (roster_days_is_day(text) && strpbrk(text, "0123456789") != NULL) ||
	       roster_days_number(text) != 0;
}

const char *
roster_week_day(const char *cell)
{
	static const char *const words[] = {"week commencing", "week beginning", "week starting",
	    "week of", "wk commencing", "wk beginning", "wk beg", "wk starting", "commencing",
	    "beginning", "w/c", "w/b", "w.c.", "wc", "wb"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);

		/* "wc" may be the beginning of a name. */
		if (strncasecmp(cell, words[i], len) == 0 && strchr(" :.", cell[len]) != NULL &&
		    cell[len] != '\0')
			return cell + len + strspn(cell + len, " :.");
	}
	return cell;
}

/* The whole date of row ${at}; INSTANT_NONE: it has none. */
static int64_t
whole_date(const struct grid *g, size_t at)
{
	const char *cell = grid_cell(g, &g->sheet->rows.items[at], g->label);
	int64_t day;

	if (g->rows->weekly)
		cell = roster_week_day(cell);
	return roster_day(roster_day_part(cell), g->days.order, &day) ? day : INSTANT_NONE;
}

/* The whole dates next to each row in the order of the rows: found for all of them at once, because a search from
 * each would take hours for a file of 50,000 rows without a year. */
static struct grid_dates *
find_around(const struct grid *g)
{
	size_t count = g->sheet->rows.count;
	struct grid_dates *around = arena_array(g->arena, count, sizeof *around);
	int64_t near = INSTANT_NONE;

	for (size_t i = g->first_row; i < count; i++) {
		int64_t day = whole_date(g, i);

		around[i].before = near;
		/* Kept here for the way back, which needs it once more. */
		around[i].after = day;
		near = day != INSTANT_NONE ? day : near;
	}
	near = INSTANT_NONE;
	for (size_t i = count; i-- > g->first_row;) {
		int64_t day = around[i].after;

		around[i].after = near;
		near = day != INSTANT_NONE ? day : near;
	}
	return around;
}

/* The weekday that ${cell} has: 0 (Monday) to 6; -1: none. */
static int
written_weekday(const struct grid *g, const char *cell)
{
	size_t len = strcspn(cell, " ,");

	return roster_weekday(arena_strndup(g->arena, cell, len));
}

/* ${cell} with the year ${year} as a date; false: it is none. */
static bool
with_year(const struct grid *g, const char *cell, int year, int64_t *day, const char **whole)
{
	for (const char *mark = "/-. "; *mark != '\0'; mark++) {
		*whole = arena_printf(g->arena, "%s%c%d", cell, *mark, year);
		if (roster_day(slice_of(*whole), g->days.order, day))
			return true;
	}
	return false;
}

static bool
is_between(int64_t day, int64_t before, int64_t after)
{
	if ((before != INSTANT_NONE && day <= before) || (after != INSTANT_NONE && day >= after))
		return false;
	return (before != INSTANT_NONE && day - before <= SOON_DAYS) ||
	       (after != INSTANT_NONE && after - day <= SOON_DAYS);
}

const char *
roster_date_between(struct grid *g, size_t at, const char *cell)
{
	int weekday = written_weekday(g, cell);
	int64_t before, after, near;
	int least, month, day_of_month;

	if (g->around == NULL)
		g->around = find_around(g);
	before = g->around[at].before;
	after = g->around[at].after;
	near = before != INSTANT_NONE ? before : after;
	/* No row has a year. When the file was sent is not looked at: last year's rota may be
	 * sent again. */
	if (near == INSTANT_NONE)
		return NULL;
	/* All weeks of a rota begin on the same day: roster_grid_check_weeks(). */
	if (g->rows->weekly && weekday < 0)
		weekday = civil_weekday(near);
	civil_from_days(near, &least, &month, &day_of_month);
	for (int year = least - 1; year <= least + 1; year++) {
		const char *whole;
		int64_t day;

		if (with_year(g, cell, year, &day, &whole) && is_between(day, before, after) &&
		    civil_weekday(day) == weekday)
			return whole;
	}
	return NULL;
}
