/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/month_put.h"

static const char *const names[MONTH_CELLS] = {
    [MONTH_PLACE] = "place",
    [MONTH_ABOUT] = "about",
    [MONTH_FUNCTION] = "function",
    [MONTH_SERVICE] = "service",
    [MONTH_HOURS_COVERED] = "hours_covered",
    [MONTH_HOURS_SHORT] = "hours_short",
    [MONTH_HOURS_GAP] = "hours_gap",
    [MONTH_HOURS_UNKNOWN] = "hours_unknown",
    [MONTH_HOURS_NOT_COMMISSIONED] = "hours_not_commissioned",
    [MONTH_GAPS] = "gaps",
    [MONTH_GAPS_AHEAD] = "gaps_ahead",
    [MONTH_UNKNOWNS] = "unknowns",
    [MONTH_UNKNOWNS_AHEAD] = "unknowns_ahead",
    [MONTH_CALLS] = "calls",
    [MONTH_ANSWERED] = "answered",
    [MONTH_WRONG_PERSON] = "wrong_person",
    [MONTH_NO_ANSWER] = "no_answer",
    [MONTH_ANSWERED_PERCENT] = "answered_percent",
    [MONTH_WRONG_PERSON_PERCENT] = "wrong_person_percent",
    [MONTH_SEARCHES] = "searches",
    [MONTH_FOUND] = "found",
    [MONTH_FOUND_MEDIAN] = "found_median_minutes",
    [MONTH_FOUND_P90] = "found_p90_minutes",
    [MONTH_HIDDEN] = "hidden",
};

const char *
month_cell_name(enum month_cell cell)
{
	return names[cell];
}

/* ------------------------------------------------------------------------------------------- cells */

static void
set_count(
    struct arena *arena, struct month_cells *cells, enum month_cell cell, struct month_count count)
{
	if (!count.hidden)
		cells->numbers[cell] = count.value;
	else
		cells->hidden = cells->hidden == NULL
				    ? names[cell]
				    : arena_printf(arena, "%s %s", cells->hidden, names[cell]);
}

static void
set_hours(struct month_cells *cells, const struct month_row *row)
{
	static const enum month_cell cell_of[COVER_STATES] = {
	    [COVER_COVERED] = MONTH_HOURS_COVERED,
	    [COVER_SHORT] = MONTH_HOURS_SHORT,
	    [COVER_GAP] = MONTH_HOURS_GAP,
	    [COVER_UNKNOWN] = MONTH_HOURS_UNKNOWN,
	    [COVER_NOT_COMMISSIONED] = MONTH_HOURS_NOT_COMMISSIONED,
	};

	for (int i = 0; i < COVER_STATES; i++)
		cells->numbers[cell_of[i]] = row->seconds[i];
	cells->numbers[MONTH_GAPS] = row->gaps;
	cells->numbers[MONTH_GAPS_AHEAD] = row->gaps_ahead;
	cells->numbers[MONTH_UNKNOWNS] = row->unknowns;
	cells->numbers[MONTH_UNKNOWNS_AHEAD] = row->unknowns_ahead;
}

static void
set_calls(struct arena *arena, struct month_cells *cells, const struct month_row *row)
{
	set_count(arena, cells, MONTH_CALLS, row->calls);
	set_count(arena, cells, MONTH_ANSWERED, row->answered);
	set_count(arena, cells, MONTH_WRONG_PERSON, row->wrong_person);
	set_count(arena, cells, MONTH_NO_ANSWER, row->no_answer);
	cells->numbers[MONTH_ANSWERED_PERCENT] = month_percent(row->answered, row->calls);
	cells->numbers[MONTH_WRONG_PERSON_PERCENT] = month_percent(row->wrong_person, row->calls);
}

/* Whole minutes that are over, as a clock shows them. */
static int64_t
minutes_of(uint32_t seconds)
{
	return seconds == MONTH_NONE ? -1 : (int64_t)seconds / 60;
}

static void
set_searches(struct arena *arena, struct month_cells *cells, const struct month_row *row)
{
	set_count(arena, cells, MONTH_SEARCHES, row->searches);
	set_count(arena, cells, MONTH_FOUND, row->found);
	cells->numbers[MONTH_FOUND_MEDIAN] = minutes_of(row->median_seconds);
	cells->numbers[MONTH_FOUND_P90] = minutes_of(row->p90_seconds);
}

/* ------------------------------------------------------------------------------------------- lines */

struct lines {
	struct ask *ask;
	const struct months *months;
	const char *place;
	VEC(struct month_cells) items;
};

static struct month_cells *
add(struct lines *lines, const char *about, const struct month_row *row)
{
	struct month_cells *cells = VEC_PUSH(lines->ask->arena, &lines->items);

	for (int i = 0; i < MONTH_CELLS; i++)
		cells->numbers[i] = -1;
	cells->text[MONTH_PLACE] = lines->place;
	cells->text[MONTH_ABOUT] = about;
	if (row->function != MONTH_NONE)
		cells->text[MONTH_FUNCTION] = lines->months->functions[row->function];
	if (row->service != MONTH_NONE)
		cells->text[MONTH_SERVICE] = lines->months->services[row->service];
	return cells;
}

static void
add_function(struct lines *lines, const struct month *month, uint32_t function, size_t nservices)
{
	const struct month_row *row = &month->functions[function];
	struct month_cells *cells;

	if (!row->any)
		return;
	cells = add(lines, "function", row);
	set_hours(cells, row);
	set_searches(lines->ask->arena, cells, row);
	for (size_t i = 0; i < nservices; i++)
		if (month->services[i].any && month->services[i].function == function)
			set_calls(lines->ask->arena, add(lines, "service", &month->services[i]),
			    &month->services[i]);
}

struct month_lines
month_lines_of(struct ask *ask, const struct months *months)
{
	struct lines lines = {.ask = ask, .months = months};

	for (size_t i = 0; i < months->nplaces; i++) {
		const struct month *month = &months->places[i].month;
		struct month_cells *cells;

		lines.place = ask->region->places[months->places[i].place].code;
		cells = add(&lines, "place", &month->total);
		set_hours(cells, &month->total);
		set_calls(ask->arena, cells, &month->total);
		set_searches(ask->arena, cells, &month->total);
		for (uint32_t j = 0; j < months->nfunctions; j++)
			add_function(&lines, month, j, months->nservices);
	}
	return (struct month_lines){lines.items.items, lines.items.count};
}

void
month_lines_put(struct json_out *out, const char *key, struct month_lines lines)
{
	out_array(out, key);
	for (size_t i = 0; i < lines.count; i++) {
		const struct month_cells *cells = &lines.items[i];

		out_object(out, NULL);
		for (int cell = 0; cell < MONTH_HOURS_COVERED; cell++)
			out_text(out, names[cell], cells->text[cell]);
		for (int cell = MONTH_HOURS_COVERED; cell < MONTH_HIDDEN; cell++)
			if (cells->numbers[cell] < 0)
				out_null(out, names[cell]);
			else if (cell <= MONTH_HOURS_NOT_COMMISSIONED)
				out_hours(out, names[cell], cells->numbers[cell]);
			else
				out_int(out, names[cell], cells->numbers[cell]);
		out_text(out, names[MONTH_HIDDEN], cells->hidden);
		out_object_end(out);
	}
	out_array_end(out);
}
