/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_days.h"

#include <string.h>

#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_text.h"
#include "server/base/instant.h"

static const char *const month_names[] = {"January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December"};

/* "7 Dec", and "7 December" at most: a cell that begins with a number and goes on at length is a note. */
#define SHORT_DAY_MAX 12
#define YEAR_LEAST 2000
#define YEAR_MOST 2099
#define SOON_DAYS 62

static bool
is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

int
roster_month(struct slice word)
{
	for (int i = 0; i < 12; i++) {
		if (slice_is_nocase(word, month_names[i]) ||
		    (word.len == 3 && strncasecmp(word.at, month_names[i], 3) == 0))
			return i + 1;
	}
	return slice_is_nocase(word, "sept") ? 9 : 0;
}

/* What the lines above a grid say. A second month or year leaves open which one is meant. */
struct above {
	int year, month;
	bool years, months; /* more than one */
	const char *week;
	bool weeks;
};

static void
note_number(struct above *above, struct slice word)
{
	int year;

	if (word.len != 4 || !roster_take_digits(&word, 4, 4, &year) || year < YEAR_LEAST ||
	    year > YEAR_MOST)
		return;
	/* "2026/2027" above a rota leaves open which of the two a day without a year is of. */
	above->years = above->years || (above->year != 0 && above->year != year);
	above->year = year;
}

static void
note_month(struct above *above, struct slice word)
{
	int month = roster_month(word);

	if (month == 0)
		return;
	above->months = above->months || (above->month != 0 && above->month != month);
	above->month = month;
}

static void
look_at_words(struct above *above, const char *text)
{
	for (size_t at = 0; text[at] != '\0';) {
		size_t len = 0;
		bool digits = text[at] >= '0' && text[at] <= '9';

		while (digits ? text[at + len] >= '0' && text[at + len] <= '9'
			      : is_letter(text[at + len]))
			len++;
		if (digits)
			note_number(above, (struct slice){text + at, len});
		else if (len > 0)
			note_month(above, (struct slice){text + at, len});
		at += len > 0 ? len : 1;
	}
}

/* A date in a line above: "Week commencing 07/12/2026", or in a cell of its own. */
static void
look_for_week(struct above *above, struct arena *arena, const char *text)
{
	struct roster_date date;
	const char *found = NULL;

	for (size_t at = 0; text[at] != '\0' && found == NULL; at++) {
		if (at > 0 && text[at - 1] != ' ')
			continue;
		if (roster_date_read(slice_of(text + at), &date))
			found = text + at;
	}
	if (found == NULL)
		return;
	above->weeks = above->weeks || above->week != NULL;
	above->week = arena_strdup(arena, found);
}

void
roster_days_above(struct roster_days *days, const struct sheet_row *rows, size_t count)
{
	struct above above = {.year = 0};

	for (size_t i = 0; i < count; i++) {
		for (size_t c = 0; c < sheet_kept(&rows[i]); c++) {
			const char *text = roster_one_line(days->arena, rows[i].cells[c].text);

			look_at_words(&above, text);
			look_for_week(&above, days->arena, text);
		}
	}
	/* Until the first day of the table is read: that day may go back, as of a second team's
	 * table. */
	days->begins = true;
	if (above.year != 0)
		days->year = above.years ? 0 : above.year;
	if (above.month != 0) {
		days->month = above.months ? 0 : above.month;
		/* The days of another month are not compared with those of the table before it. */
		days->last = INSTANT_NONE;
	}
	if (above.week != NULL)
		days->week = above.weeks ? NULL : above.week;
}

void
roster_days_headed(struct roster_days *days, const char *heading)
{
	struct above above = {.year = 0};

	look_at_words(&above, heading);
	/* What the lines above say as well must be the same. */
	if (above.year != 0)
		days->year =
		    above.years || (days->year != 0 && days->year != above.year) ? 0 : above.year;
	if (above.month != 0)
		days->month = above.months || (days->month != 0 && days->month != above.month)
				  ? 0
				  : above.month;
}

bool
roster_days_is_day(const char *cell)
{
	struct slice text = slice_of(cell);
	struct roster_date date;
	char first[16];
	size_t len = 0;

	if (roster_date_read(text, &date))
		return true;
	while (len < text.len && len + 1 < sizeof first && text.at[len] != ' ' &&
	       text.at[len] != ',') {
		first[len] = text.at[len];
		len++;
	}
	first[len] = '\0';
	if (roster_weekday(first) >= 0)
		return true;
	/* "7 Dec", "7-Dec", "07/12". */
	len = strspn(cell, "0123456789");
	if (text.len > SHORT_DAY_MAX || len < 1 || len > 2 || len >= text.len)
		return false;
	if (strchr("/-. ", cell[len]) == NULL)
		return false;
	cell += len + 1;
	len = strspn(cell, "0123456789");
	if (len > 0)
		return len <= 2 && cell[len] == '\0' && cell[-1] == '/';
	while (is_letter(cell[len]))
		len++;
	return cell[len] == '\0' && roster_month((struct slice){cell, len}) != 0;
}

int
roster_days_number(const char *cell)
{
	static const char *const ends[] = {"", "st", "nd", "rd", "th", NULL};
	size_t len = strspn(cell, "0123456789");
	struct slice digits = {cell, len};
	int day;

	if (len < 1 || len > 2 || !roster_take_digits(&digits, 1, 2, &day) || day < 1 || day > 31)
		return 0;
	for (size_t i = 0; ends[i] != NULL; i++) {
		if (strcasecmp(cell + len, ends[i]) == 0)
			return day;
	}
	return 0;
}

/* The forms in which a date without its year is written, completed. The first is of a number alone, or with a
 * weekday. */
static const char *
complete(const struct roster_days *days, const char *cell, int year, int month, int64_t *day)
{
	static const char marks[] = "/-. ";
	const char *whole;

	if (month != 0) {
		whole = arena_printf(days->arena, "%s %s %d", cell, month_names[month - 1], year);
		if (roster_day(slice_of(whole), days->order, day))
			return whole;
		return NULL;
	}
	/* The mark that the cell itself is written with; with any other one it is no date. */
	for (const char *mark = marks; *mark != '\0'; mark++) {
		whole = arena_printf(days->arena, "%s%c%d", cell, *mark, year);
		if (roster_day(slice_of(whole), days->order, day))
			return whole;
	}
	return NULL;
}

static bool
comes_after(const struct roster_days *days, int64_t day)
{
	return days->last == INSTANT_NONE || day >= days->last;
}

/* "7 Dec": of the next year if it would be before the last one, and is soon after it then. A second table of the
 * same week is no week of the next year. */
static const char *
without_year(struct roster_days *days, const char *cell, int64_t *day)
{
	const char *whole = complete(days, cell, days->year, 0, day), *next;
	int64_t later;

	/* NULL, too: the caller then tries it as a day without its month. */
	if (whole == NULL || comes_after(days, *day))
		return whole;
	next = complete(days, cell, days->year + 1, 0, &later);
	if (next == NULL || later < days->last || later > days->last + SOON_DAYS)
		return days->begins ? whole : NULL;
	days->year++;
	*day = later;
	return next;
}

/* "Mon 7": of the next month if it would be before the last one. */
static const char *
without_month(struct roster_days *days, const char *cell, int64_t *day)
{
	const char *whole;

	if (days->month == 0)
		return NULL;
	whole = complete(days, cell, days->year, days->month, day);
	/* There is no 31 November: the month above is another one's. A second table without a
	 * month of its own may be of the same one, or of the next. */
	if (whole == NULL || comes_after(days, *day) || days->begins)
		return whole != NULL && comes_after(days, *day) ? whole : NULL;
	days->year += days->month == 12;
	days->month = days->month % 12 + 1;
	whole = complete(days, cell, days->year, days->month, day);
	return whole != NULL && comes_after(days, *day) ? whole : NULL;
}

const char *
roster_days_whole(struct roster_days *days, const char *cell)
{
	const char *whole = roster_one_line(days->arena, cell);
	struct roster_date date;
	int64_t day = 0;

	/* One of the other order than the rota's is a date as well: it refuses the file. */
	if (roster_date_read(roster_day_part(whole), &date)) {
		/* A date with its year settles the order for those after it, whatever stands
		 * above the grid. */
		days->begins = false;
		if (roster_day(roster_day_part(whole), days->order, &day))
			days->last = day;
		return whole;
	}
	if (days->year == 0 || *whole == '\0')
		return NULL;
	cell = whole;
	whole = without_year(days, cell, &day);
	if (whole == NULL)
		whole = without_month(days, cell, &day);
	if (whole != NULL) {
		days->last = day;
		days->begins = false;
	}
	return whole;
}
