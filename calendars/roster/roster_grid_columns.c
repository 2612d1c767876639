/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_columns.h"

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_hours.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_people.h"

bool
grid_is_own_column(const struct grid *g, const char *heading)
{
	if (g->means->own != NULL)
		return grid_is_own(g, heading);
	return roster_grid_says_hours(g->titles, heading);
}

/* Whether most of what is filled in below is a weekday. "Fri (bank holiday)" is none, and the others are checked
 * against their dates all the same. */
static bool
has_weekdays(const struct grid *g, size_t from, size_t at)
{
	size_t days = 0, filled = 0;

	for (size_t i = from; i < g->sheet->rows.count; i++) {
		const char *text = grid_cell(g, &g->sheet->rows.items[i], at);

		filled += *text != '\0';
		days += roster_weekday(text) >= 0;
	}
	return 2 * days > filled;
}

/* A duty of those who come if the first cannot. In a list such a heading would cast doubt on the row. */
static bool
is_reserve(const struct roster_heading *heading)
{
	static const char *const names[] = {
	    "backup", "back-up", "back up", "standby", "stand-by", "stand by", "reserve", NULL};

	return roster_cell_is_one_of(heading->says, names);
}

static bool
is_headed_as_ticks(const struct roster_heading *heading)
{
	static const char *const names[] = {"on call", "on-call", "oncall", "on duty", "working",
	    "present", "attending", "rostered", NULL};

	return roster_cell_is_one_of(heading->says, names);
}

/* A duty that is headed as a column of ticks is: "On call". Below it stand names, and no answers. */
static bool
is_duty_of_names(const struct grid *g, const struct roster_heading *heading, size_t from, size_t at)
{
	size_t people = 0, filled = 0;

	if (!is_headed_as_ticks(heading))
		return false;
	for (size_t i = from; i < g->sheet->rows.count; i++) {
		const char *text = grid_cell(g, &g->sheet->rows.items[i], at);

		/* One answer shows that the column is of ticks, in which a blank cell denies. */
		if (roster_cell_is_yes(text) || roster_cell_is_no(text))
			return false;
		if (*text == '\0' || roster_cell_is_dash(text))
			continue;
		filled++;
		people += roster_people_only(g->titles, text);
	}
	return 2 * people > filled;
}

static bool
is_other_duty(const struct grid *g, const struct roster_heading *heading)
{
	return !roster_heading_is_about_row(heading) &&
	       !roster_people_may_replace(g->titles, heading);
}

void
grid_settle_other(const struct grid *g, struct roster_heading *heading, bool of_names)
{
	if (heading->column == ROSTER_NAME || heading->column == ROSTER_DATE ||
	    heading->column == ROSTER_FIRST_NAME || heading->column == ROSTER_LAST_NAME ||
	    (heading->column == ROSTER_COLUMNS &&
		(is_reserve(heading) || is_other_duty(g, heading) ||
		    (of_names && is_headed_as_ticks(heading))))) {
		heading->column = ROSTER_COLUMNS;
		heading->extra = ROSTER_OTHER;
		heading->of_grid = true;
	} else {
		heading->people = roster_people_are_below(g->titles, heading);
	}
}

void
grid_settle_columns(struct grid *g, const struct sheet_row *row, size_t from)
{
	struct roster_head *head = &g->head;

	for (size_t i = 0; i < head->nheadings; i++) {
		struct roster_heading *heading = &head->headings[i];
		bool own = grid_is_own_column(g, grid_cell(g, row, i));

		if (own || i == g->label) {
			heading->column = own ? ROSTER_NAME : ROSTER_DATE;
			heading->extra = ROSTER_NO_EXTRA;
			heading->of_grid = own;
		} else if (heading->column == ROSTER_COLUMNS && has_weekdays(g, from, i)) {
			heading->extra = ROSTER_WEEKDAY;
		} else {
			grid_settle_other(g, heading, is_duty_of_names(g, heading, from, i));
		}
	}
	/* The names are in the cells; a column that is headed so is another rota's. */
	head->column_of[ROSTER_NAME] = head->column_of[ROSTER_FIRST_NAME] =
	    head->column_of[ROSTER_LAST_NAME] = -1;
	head->column_of[ROSTER_DATE] = (int)g->label;
	head->column_of[ROSTER_START_DATE] = -1;
}
