/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/ask/plain_page.h"
#include "server/api/views/coverage/month_put.h"
#include "server/model/few.h"

/* The report of a month as a page to print: of each place a table of cover and one of calls. */

struct column {
	enum month_cell cell;
	const char *heading;
};

static const struct column cover[] = {
    {MONTH_HOURS_COVERED, "Covered, h:min"},
    {MONTH_HOURS_SHORT, "Too few, h:min"},
    {MONTH_HOURS_GAP, "Gap, h:min"},
    {MONTH_HOURS_UNKNOWN, "Not known, h:min"},
    {MONTH_HOURS_NOT_COMMISSIONED, "Not asked for, h:min"},
    {MONTH_GAPS, "Gaps"},
    {MONTH_GAPS_AHEAD, "Known 72 h before"},
    {MONTH_UNKNOWNS, "Times not known"},
    {MONTH_UNKNOWNS_AHEAD, "Seen 72 h before"},
    {MONTH_SEARCHES, "Looked for"},
    {MONTH_FOUND, "Reached"},
    {MONTH_FOUND_MEDIAN, "Half within, min"},
    {MONTH_FOUND_P90, "Nine of ten within, min"},
};

static const struct column calls[] = {
    {MONTH_CALLS, "Calls"},
    {MONTH_ANSWERED, "Answered"},
    {MONTH_ANSWERED_PERCENT, "Answered, %"},
    {MONTH_WRONG_PERSON, "Wrong person"},
    {MONTH_WRONG_PERSON_PERCENT, "Wrong person, %"},
    {MONTH_NO_ANSWER, "No answer"},
};

static bool
is_hidden(const struct month_cells *cells, enum month_cell cell)
{
	const char *name = month_cell_name(cell), *at = cells->hidden;
	size_t length = strlen(name);

	while (at != NULL && *at != '\0') {
		size_t word = strcspn(at, " ");

		if (word == length && memcmp(at, name, word) == 0)
			return true;
		at += word + strspn(at + word, " ");
	}
	return false;
}

static void
add_cell(struct buf *out, const struct month_cells *cells, enum month_cell cell)
{
	int64_t number = cells->numbers[cell];

	buf_add_text(out, "<td>");
	if (number < 0)
		buf_add_text(out, is_hidden(cells, cell) ? "few" : "&ndash;");
	else if (cell <= MONTH_HOURS_NOT_COMMISSIONED)
		buf_printf(out, "%lld:%02d", (long long)number / 3600, (int)(number / 60 % 60));
	else
		buf_printf(out, "%lld", (long long)number);
	buf_add_text(out, "</td>");
}

/* What the line is about. */
static void
add_name(struct buf *out, const struct month_cells *cells)
{
	const char *name = cells->text[MONTH_SERVICE] != NULL    ? cells->text[MONTH_SERVICE]
			   : cells->text[MONTH_FUNCTION] != NULL ? cells->text[MONTH_FUNCTION]
								 : "All";

	buf_add_text(out, "<tr><th scope=\"row\">");
	plain_page_text(out, name);
	buf_add_text(out, "</th>");
}

static void
add_heading(struct buf *out, const char *caption, const struct column *columns, size_t count)
{
	buf_printf(
	    out, "<div class=\"wide\"><table>\n<caption>%s</caption>\n<tr><td></td>", caption);
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "<th scope=\"col\">%s</th>", columns[i].heading);
	buf_add_text(out, "</tr>\n");
}

static void
add_rows(struct buf *out, struct month_lines lines, const char *about, const struct column *columns,
    size_t count)
{
	for (size_t i = 0; i < lines.count; i++) {
		const struct month_cells *cells = &lines.items[i];

		if (strcmp(cells->text[MONTH_ABOUT], "place") != 0 &&
		    strcmp(cells->text[MONTH_ABOUT], about) != 0)
			continue;
		add_name(out, cells);
		for (size_t j = 0; j < count; j++)
			add_cell(out, cells, columns[j].cell);
		buf_add_text(out, "</tr>\n");
	}
	buf_add_text(out, "</table></div>\n");
}

static void
add_place(struct buf *out, const char *name, struct month_lines lines)
{
	buf_add_text(out, "<h2>");
	plain_page_text(out, name);
	buf_printf(out, " (%s)</h2>\n", lines.items[0].text[MONTH_PLACE]);
	add_heading(out, "Cover, by function", cover, sizeof cover / sizeof *cover);
	add_rows(out, lines, "function", cover, sizeof cover / sizeof *cover);
	add_heading(out, "Calls, by service", calls, sizeof calls / sizeof *calls);
	add_rows(out, lines, "service", calls, sizeof calls / sizeof *calls);
}

/* How many lines at the beginning of ${lines} are of one place. */
static size_t
of_one_place(struct month_lines lines)
{
	size_t count = 1;

	while (count < lines.count &&
	       strcmp(lines.items[count].text[MONTH_PLACE], lines.items[0].text[MONTH_PLACE]) == 0)
		count++;
	return count;
}

static void
add_lines(struct buf *out, const struct months *months, const struct region *region,
    struct month_lines lines)
{
	for (size_t i = 0; lines.count > 0; i++) {
		struct month_lines own = {lines.items, of_one_place(lines)};

		add_place(out, region->places[months->places[i].place].name, own);
		lines.items += own.count;
		lines.count -= own.count;
	}
}

void
month_page(struct buf *out, struct ask *ask, const struct months *months, struct month_lines lines)
{
	const struct region_place *place = &ask->region->places[months->asked.place];
	const struct zone *zone = ask->map->setup->zone;
	char month[MONTH_TEXT_MAX], until[ZONE_TEXT_MAX];
	const char *title;

	month_text(zone, months->whole.start, month);
	zone_text(zone, months->asked.window.end, until);
	title = arena_printf(ask->arena, "%s: report of %s", place->name, month);
	plain_page_begin(out, title);
	plain_page_add(out, "<h1>", title, "</h1>\n");
	plain_page_add(out, "<p>Counted until ", until, ".</p>\n");
	add_lines(out, months, ask->region, lines);
	buf_printf(out,
	    "<p><strong>few</strong>: a count below %d, or about fewer than %d people, or one that would tell such a one. "
	    "No number is about a person.</p>\n",
	    FEW_LEAST, FEW_PEOPLE);
}
