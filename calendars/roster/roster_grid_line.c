/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_line.h"

#include <string.h>

#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_heading_names.h"
#include "calendars/roster/roster_settle.h"
#include "server/base/civil.h"

#define LEAST_DAYS 2
#define LEAST_NUMBERS 3
#define WEEK 7

/* Whether the numbers in a row are days: each is the one after the one before it. */
static bool
are_numbers(const struct grid *g, const struct sheet_row *row)
{
	size_t count = 0;
	int last = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		int day = roster_days_number(grid_cell(g, row, i));

		if (day == 0)
			continue;
		/* Amounts and bands seldom go up by one in each column; days do, and begin
		 * again after a month. */
		if (last != 0 && day != last + 1 && (day != 1 || last < 28))
			return false;
		last = day;
		count++;
	}
	return count >= LEAST_NUMBERS;
}

enum grid_days
grid_days_kind(const struct grid *g, const struct sheet_row *row)
{
	size_t days = 0, weekdays = 0;
	bool names = false;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = grid_cell(g, row, i);

		days += roster_days_is_day(text);
		weekdays += roster_weekday(text) >= 0;
		names =
		    names || roster_column_named(text, g->titles->options->absences) == ROSTER_NAME;
	}
	/* Beside a heading of names one date is a line of days, too. */
	/* A date and its weekday in one row of a person, as of a start date, are no line of
	 * days. */
	if (days - weekdays >= (names ? 1 : LEAST_DAYS))
		return GRID_DAYS_DATES;
	if (weekdays >= LEAST_DAYS)
		return GRID_DAYS_WEEKDAYS;
	return are_numbers(g, row) && !roster_cells_are_total(row->cells, sheet_kept(row))
		   ? GRID_DAYS_NUMBERS
		   : GRID_DAYS_NONE;
}

/* The day of the month of ${text}, a day: 5 of "Mon 05/01/2026" and of "5 Jan"; 0: it has none. */
static int
day_of_month(const struct grid *g, const char *text)
{
	int64_t days;
	int year, month, day;

	if (roster_day(roster_day_part(text), g->days.order, &days)) {
		civil_from_days(days, &year, &month, &day);
		return day;
	}
	text += strcspn(text, "0123456789");
	return roster_days_number(arena_strndup(g->arena, text, strspn(text, "0123456789")));
}

bool
grid_days_are_same(
    const struct grid *g, const struct sheet_row *dates, const struct sheet_row *numbers)
{
	size_t count = 0;

	for (size_t i = 0; i < sheet_kept(dates) || i < sheet_kept(numbers); i++) {
		const char *date = grid_cell(g, dates, i);
		int number = roster_days_number(grid_cell(g, numbers, i));
		bool is_day = roster_days_is_day(date);

		if ((number != 0) != is_day || (is_day && day_of_month(g, date) != number))
			return false;
		count += is_day;
	}
	return count >= LEAST_DAYS;
}

static bool
is_day_of(enum grid_days kind, const char *text)
{
	return kind == GRID_DAYS_NUMBERS ? roster_days_number(text) != 0 : roster_days_is_day(text);
}

/* The date of each column that has one. ${weekdays}: the row with their weekdays, or NULL. A weekday beside its
 * date is checked with all other dates of the file. */
static bool
read_dates(struct grid *g, const struct sheet_row *row, enum grid_days kind,
    const struct sheet_row *weekdays, struct grid_line *out)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = grid_cell(g, row, i);
		const char *weekday = weekdays != NULL ? grid_cell(g, weekdays, i) : "";

		out->date[i] = NULL;
		out->offset[i] = 0;
		if (!is_day_of(kind, text))
			continue;
		if (roster_weekday(weekday) >= 0)
			/* Together, so that a line of weekdays of another year is noticed. */
			text = arena_printf(g->arena, "%s %s", weekday, text);
		out->date[i] = roster_days_whole(&g->days, text);
		if (out->date[i] == NULL) {
			grid_refuse(g, FAULT_GRID_DATES, text, NULL);
			return false;
		}
	}
	return true;
}

/* "Mon", "Tue", below a line that says the week. */
static bool
read_week(struct grid *g, const struct sheet_row *row, struct grid_line *out)
{
	const char *first = NULL;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = grid_cell(g, row, i);
		int last = -1;

		out->date[i] = NULL;
		if (roster_weekday(text) < 0)
			continue;
		if (g->days.week == NULL) {
			grid_refuse(g, FAULT_GRID_DATES, text, NULL);
			return false;
		}
		if (first == NULL)
			first = text;
		/* With the first weekday, so that it is checked. */
		out->date[i] = arena_printf(g->arena, "%s %s", first, g->days.week);
		out->offset[i] = (roster_weekday(text) - roster_weekday(first) + WEEK) % WEEK;
		for (size_t j = 0; j < i; j++)
			last = out->date[j] != NULL ? out->offset[j] : last;
		/* A second week of weekdays would be read as the first. */
		if (out->offset[i] <= last) {
			grid_refuse(g, FAULT_GRID_DATES, text, NULL);
			return false;
		}
	}
	return true;
}

bool
grid_days_read(struct grid *g, const struct sheet_row *row, enum grid_days kind,
    const struct sheet_row *weekdays, struct grid_line *out)
{
	return kind == GRID_DAYS_WEEKDAYS ? read_week(g, row, out)
					  : read_dates(g, row, kind, weekdays, out);
}

void
grid_check_weekdays(struct grid *g, const struct grid_line *across)
{
	g->doubt = NULL;
	if (g->weekdays == NULL || g->weekdays_beside)
		return;
	for (size_t i = 0; i < g->head.nheadings; i++) {
		const char *weekday = grid_cell(g, g->weekdays, i);
		int64_t day;

		if (across->date[i] == NULL || roster_weekday(weekday) < 0 ||
		    !roster_day(roster_day_part(across->date[i]), g->days.order, &day) ||
		    civil_weekday(day + across->offset[i]) == roster_weekday(weekday))
			continue;
		/* Not refused: the line of weekdays may be that of the first table alone. */
		g->doubt = arena_alloc(g->arena, sizeof *g->doubt);
		*g->doubt =
		    (struct grid_doubt){FAULT_GRID_WEEKDAY, across->date[i], weekday, false};
		return;
	}
}
