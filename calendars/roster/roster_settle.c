/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_settle.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "server/base/civil.h"

#define HOUR 3600
#define MINUTE 60
#define AFTERNOON ((int64_t)13 * HOUR)

/* The date, or date and time, of "46363" or "46363.375"; NULL: it is no such number. */
static const char *
serial_text(struct arena *arena, const char *text)
{
	size_t whole = strcspn(text, ".");
	struct roster_clock clock;
	int64_t days;
	char day[CIVIL_DAY_MAX];

	if (!roster_serial((struct slice){text, whole}, &days))
		return NULL;
	civil_day_text(days, day);
	if (text[whole] == '\0')
		return arena_strdup(arena, day);
	if (!roster_clock_read(slice_of(arena_printf(arena, "0%s", text + whole)), &clock))
		return NULL;
	return arena_printf(arena, "%s %02d:%02d", day, (int)(clock.seconds / HOUR),
	    (int)(clock.seconds / MINUTE % 60));
}

/* Whether every cell of the column that is filled in is such a number. One alone proves nothing. */
static bool
is_of_serials(const struct rows *rows, struct arena *arena, enum roster_column column)
{
	const struct roster_row *row;
	size_t count = 0;

	VEC_EACH (row, &rows->list) {
		const char *text = row->field[column];

		if (!row->fits || row->alone || row->total || *text == '\0')
			continue;
		if (serial_text(arena, text) == NULL)
			return false;
		count++;
	}
	return count >= 2;
}

void
roster_settle_serials(struct rows *rows, struct arena *arena)
{
	static const enum roster_column columns[] = {ROSTER_DATE, ROSTER_START, ROSTER_END};
	struct roster_row *row;

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		/* The column as a whole: among dates that are written out, a number is a slip
		 * of somebody's hand. */
		if (!is_of_serials(rows, arena, columns[i]))
			continue;
		VEC_EACH (row, &rows->list) {
			const char *text = serial_text(arena, row->field[columns[i]]);

			if (text != NULL)
				row->field[columns[i]] = text;
		}
	}
}

/* Whether ${field} has a time that is written by 24 hours. A date may stand before it. */
static bool
is_by_24(const char *field)
{
	struct slice text = slice_of(field);
	struct slice date = roster_date_part(field);
	struct roster_clock from, to;

	if (date.len < text.len)
		text = slice_trim((struct slice){text.at + date.len, text.len - date.len});
	if (roster_clock_read(text, &from))
		return !from.meridian && from.seconds >= AFTERNOON;
	return roster_range_read(text, &from, &to) &&
	       ((!from.meridian && from.seconds >= AFTERNOON) ||
		   (!to.meridian && to.seconds >= AFTERNOON));
}

void
roster_settle_clock(struct rows *rows)
{
	const struct roster_row *row;

	VEC_EACH (row, &rows->list) {
		if (row->fits &&
		    (is_by_24(row->field[ROSTER_START]) || is_by_24(row->field[ROSTER_END]))) {
			rows->by_24 = true;
			return;
		}
	}
}

static bool
is_number(const char *text)
{
	return text[strspn(text, "0123456789.,: ")] == '\0';
}

static bool
is_total(const char *text)
{
	static const char *const words[] = {"total", "totals", "total:", "totals:", "sum",
	    "grand total", "subtotal", "sub-total", "sub total", "total hours", "total shifts",
	    "total staff", "count", "average", "hours", "number", "numbers", "headcount",
	    "staff on duty", "on duty", "number on duty", "shifts", "day total", "night total",
	    NULL};

	/* "Total on shift", "Number of staff" */
	static const char *const begins[] = {"total ", "totals ", "sum of ", "number of ",
	    "number on ", "numbers on ", "no. of ", "no of ", "count of ", "staff numbers",
	    "staffing numbers", "staff total", "cover numbers"};

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		if (strncasecmp(text, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return roster_cell_is_one_of(text, words);
}

/* One cell says so, and all others are numbers. */
bool
roster_cells_are_total(const struct cell *cells, size_t count)
{
	bool total = false;

	for (size_t i = 0; i < count; i++) {
		const char *text = cells[i].text;

		if (is_total(text))
			total = true;
		else if (!is_number(text))
			return false;
	}
	return total;
}

void
roster_settle_totals(struct rows *rows)
{
	struct roster_row *row;

	VEC_EACH (row, &rows->list)
		row->total = roster_cells_are_total(row->cells, rows->nheadings);
}
