/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_order.h"

#include "calendars/roster/roster_date.h"
#include "server/base/civil.h"

struct evidence {
	struct roster *out;
	struct arena *arena;
	/* The first row that proves each order, and the first whose weekday fits no order. */
	const struct roster_row *dmy, *mdy, *neither;
	const char *dmy_text, *mdy_text, *neither_text, *weekday;
	bool year_last; /* some date shows that a year of two digits is the last number */
	const struct roster_row *open; /* the first whose first number may be the year */
	const char *open_text;
};

static const char *const weekday_names[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/* The first proof of each order is kept, because the finding shows one date with its line. */
static void
prove(struct evidence *e, const struct roster_row *row, const char *text, bool dmy)
{
	if (dmy && e->dmy == NULL) {
		e->dmy = row;
		e->dmy_text = text;
	} else if (!dmy && e->mdy == NULL) {
		e->mdy = row;
		e->mdy_text = text;
	}
}

static void
look_at_weekday(struct evidence *e, const struct roster_row *row, enum roster_column column,
    const struct roster_date *date, int day)
{
	bool dmy = date->is_dmy && civil_weekday(date->dmy) == day;
	bool mdy = date->is_mdy && civil_weekday(date->mdy) == day;

	if (day < 0)
		return;
	if (dmy != mdy)
		prove(e, row, row->field[column], dmy);
	/* The weekday fits in neither order: a date or a weekday was mistyped, and which is not
	 * known. Or the dates are those of another year. */
	else if (!dmy && e->neither == NULL) {
		e->neither = row;
		e->neither_text = row->field[column];
		e->weekday = weekday_names[day];
	}
}

/* A year of two digits is the last number, if another date of the file shows it. */
static void
look_at_year(struct evidence *e, const struct roster_row *row, enum roster_column column,
    const struct roster_date *date)
{
	e->year_last = e->year_last || date->year == ROSTER_YEAR_LAST;
	if (date->year == ROSTER_YEAR_OPEN && e->open == NULL) {
		e->open = row;
		e->open_text = row->field[column];
	}
}

static void
look_at_date(struct evidence *e, const struct rows *rows, const struct roster_row *row,
    enum roster_column column)
{
	struct slice text = roster_date_part(row->field[column]);
	struct roster_date date;

	if (!roster_date_read(text, &date))
		return;
	/* 28/03 can only be dd/mm: there is no month 28. */
	if (date.is_dmy != date.is_mdy)
		prove(e, row, row->field[column], date.is_dmy);
	else if (roster_date_ambiguous(&date) && e->out->ndates < READING_DATES_SHOWN)
		e->out->dates[e->out->ndates++] = (struct reading_date){
		    row->line, arena_strndup(e->arena, text.at, text.len), date.dmy, date.mdy};
	look_at_weekday(e, row, column, &date, date.weekday);
	look_at_year(e, row, column, &date);
	for (size_t i = 0; column == ROSTER_DATE && i < rows->nheadings; i++) {
		if (rows->headings[i].extra == ROSTER_WEEKDAY)
			look_at_weekday(e, row, column, &date, roster_weekday(row->cells[i].text));
	}
}

static void
refuse(struct faults *faults, enum fault fault, const struct roster_row *row, const char *what,
    const char *more)
{
	fault_note(faults, fault, FAULT_EVENT(NULL, row->line), what, more);
}

enum reading_date_order
roster_order(struct roster *out, const struct reading_options *options, struct faults *faults,
    struct arena *arena, const struct rows *rows)
{
	struct evidence e = {.out = out, .arena = arena};
	const struct roster_row *row;
	bool mdy = options->date_order == READING_DATES_MDY;

	VEC_EACH (row, &rows->list) {
		/* Its fields may be shifted, so what stands in the date column proves nothing. */
		if (!row->fits || row->alone || row->total)
			continue;
		look_at_date(&e, rows, row, ROSTER_DATE);
		look_at_date(&e, rows, row, ROSTER_START);
		look_at_date(&e, rows, row, ROSTER_END);
	}
	if (e.neither != NULL)
		refuse(faults, FAULT_DATES_WEEKDAY, e.neither, e.neither_text, e.weekday);
	else if (e.open != NULL && !e.year_last)
		refuse(faults, FAULT_DATES_YEAR, e.open, e.open_text, NULL);
	/* A file that contradicts the order is refused as a whole. If one row is mm/dd, the rows
	 * that could be either may be so too, and each would be a shift on a wrong day. */
	else if (mdy && e.dmy != NULL)
		refuse(faults, FAULT_DATES_NOT_MDY, e.dmy, e.dmy_text, NULL);
	else if (!mdy && e.mdy != NULL)
		refuse(faults, FAULT_DATES_NOT_DMY, e.mdy, e.mdy_text, NULL);
	/* If no date could be either, there is nothing to ask, whatever the order is. */
	if (options->date_order != READING_DATES_UNSET || e.dmy != NULL || out->ndates == 0) {
		out->ndates = 0;
		return mdy ? READING_DATES_MDY : READING_DATES_DMY;
	}
	return READING_DATES_UNSET;
}
