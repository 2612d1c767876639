/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/csv.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_months.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/model/few.h"
#include "server/model/month.h"

/*
 * GET /v1/reports/research: the history of the places that have chosen it, month by month, as one CSV file that says what it
 * is. It has no names and no codes of people; what is few is left out where it is read (report.research(), in SQL).
 */

#define MONTHS_DEFAULT 12
#define LICENCE_UNKNOWN "not stated: ask the organisation that gave you this file"

struct column {
	unsigned column; /* of the statement */
	const char *name, *type, *about;
};

static const struct column columns[] = {
    {API_RESEARCH_MONTH, "month", "text", "Month, by the clocks of London; it is over"},
    {API_RESEARCH_PLACE, "place", "text", "Code of the place (ODS or GSS)"},
    {API_RESEARCH_FUNCTION, "function", "text",
	"Code of the function. Empty: the line is of calls from the place for all functions"},
    {API_RESEARCH_HOURS_COVERED, "hours_covered", "number",
	"Hours in which the rotas had enough people, of all requirements for the function at the place"},
    {API_RESEARCH_HOURS_SHORT, "hours_short", "number", "Hours with somebody, and too few"},
    {API_RESEARCH_HOURS_GAP, "hours_gap", "number", "Hours with nobody"},
    {API_RESEARCH_HOURS_UNKNOWN, "hours_unknown", "number",
	"Hours of which it was not known whether somebody was on"},
    {API_RESEARCH_GAPS, "gaps", "integer", "Gaps, also with too few, that began in the month"},
    {API_RESEARCH_GAPS_AHEAD, "gaps_ahead", "integer",
	"Of them, those that were known 72 hours before they began"},
    {API_RESEARCH_CALLS, "calls", "integer", "Calls that were reported"},
    {API_RESEARCH_ANSWERED, "answered", "integer", "The right person answered"},
    {API_RESEARCH_WRONG_PERSON, "wrong_person", "integer", "Somebody else answered"},
    {API_RESEARCH_NO_ANSWER, "no_answer", "integer", "Nobody answered"},
};
#define NCOLUMNS (sizeof columns / sizeof *columns)

struct wanted {
	struct span_time first, last; /* months */
	const char *licence;
};

/* --------------------------------------------------------------------------------------- the file */

/* A line before the table: every reader of CSV can be told to leave these out. */
static void
add_note(struct buf *out, const char *words, const char *value)
{
	buf_add_text(out, "# ");
	buf_add_text(out, words);
	buf_add_text(out, value);
	buf_add_text(out, "\r\n");
}

static void
add_method(struct buf *out)
{
	buf_printf(out,
	    "# Method: hours and gaps are of the record of the rotas, counts of calls are of what was reported by those who rang. Who was on is in no line.\r\n"
	    "# Left out (empty): a count from 1 to %d; hours and gaps of a function whose cover was that of fewer than %d people; counts about fewer than %d people; "
	    "what would tell one of these. 0 is written.\r\n"
	    "# Places are those that have chosen it. Empty is not 0. docs/research.md says more.\r\n",
	    FEW_LEAST - 1, FEW_PEOPLE, FEW_PEOPLE);
}

static void
add_head(struct buf *out, const struct ask *ask, const struct wanted *wanted)
{
	const struct zone *zone = ask->map->setup->zone;
	char first[MONTH_TEXT_MAX], last[MONTH_TEXT_MAX], made[CIVIL_RFC3339_MAX];

	month_text(zone, wanted->first.start, first);
	month_text(zone, wanted->last.start, last);
	civil_rfc3339(ask->now, made);
	add_note(out, "Crisis Cover: history of cover, for research", "");
	buf_printf(out, "# Months: %s to %s\r\n", first, last);
	add_note(out, "Made: ", made);
	add_note(out, "Licence: ", wanted->licence);
	add_method(out);
	for (size_t i = 0; i < NCOLUMNS; i++)
		buf_printf(out, "# Column %s (%s): %s.\r\n", columns[i].name, columns[i].type,
		    columns[i].about);
	for (size_t i = 0; i < NCOLUMNS; i++)
		buf_printf(out, "%s%s", columns[i].name, i + 1 < NCOLUMNS ? "," : "\r\n");
}

static void
add_cell(struct buf *out, const struct pg_rows *rows, size_t row, const struct column *column)
{
	if (pg_is_null(rows, row, column->column))
		return;
	if (column->type[0] == 'i')
		buf_printf(out, "%lld", (long long)pg_get_int(rows, row, column->column));
	else
		csv_cell(out, slice_of(pg_get_text(rows, row, column->column)));
}

static void
on_rows(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct buf out = {0};

	(void)st;
	add_head(&out, &job->ask, job->data);
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		for (size_t j = 0; j < NCOLUMNS; j++) {
			add_cell(&out, rows, i, &columns[j]);
			buf_add_text(&out, j + 1 < NCOLUMNS ? "," : "\r\n");
		}
	web_reply(job->ask.exchange,
	    &(struct web_answer){.status = 200,
		.type = "text/csv; charset=utf-8; header=present",
		.extra = "Content-Disposition: attachment; filename=\"research.csv\"\r\n",
		.body = {out.at, out.len}});
	buf_free(&out);
	job_end(job);
}

/* -------------------------------------------------------------------------------------- the call */

static void
read_month(struct ask *ask, const char *name, struct span_time *month)
{
	const char *text = ask_text(ask, name);

	if (text != NULL && !month_read(slice_of(text), ask->map->setup->zone, month))
		ask_fault(ask, arena_printf(ask->arena, "query.%s", name),
		    "is not a month such as 2026-11");
}

static struct wanted
read_wanted(struct ask *ask)
{
	const struct zone *zone = ask->map->setup->zone;
	struct wanted wanted = {.licence = ask_text(ask, "licence")};

	wanted.last = month_before(zone, ask->now);
	read_month(ask, "to_month", &wanted.last);
	wanted.first = wanted.last;
	for (int i = 1; i < MONTHS_DEFAULT; i++)
		wanted.first = month_before(zone, wanted.first.start);
	read_month(ask, "from_month", &wanted.first);
	if (wanted.first.start > wanted.last.start)
		ask_fault(ask, "query.to_month", "is before from_month");
	if (wanted.licence == NULL)
		wanted.licence = LICENCE_UNKNOWN;
	else if (strpbrk(wanted.licence, "\r\n") != NULL || strlen(wanted.licence) > 200)
		ask_fault(ask, "query.licence", "is not one line of at most 200 bytes");
	return wanted;
}

/* Whether the commissioner of ${place} has chosen to give its history to research, and the account may read its months. */
static bool
is_open(const struct ask *ask, uint32_t place)
{
	return ask->region->places[place].research &&
	       rights_reads_months(ask->region, ask->account, place);
}

static void
send(struct ask *ask, const struct wanted *wanted, const char **places, size_t count)
{
	char first[MONTH_TEXT_MAX], last[MONTH_TEXT_MAX];
	struct pg_args args = {0};
	struct job *job;

	month_text(ask->map->setup->zone, wanted->first.start, first);
	month_text(ask->map->setup->zone, wanted->last.start, last);
	pg_text_array(&args, places, count);
	pg_text(&args, arena_printf(ask->arena, "%s-01", first));
	pg_text(&args, arena_printf(ask->arena, "%s-01", last));
	job = job_new(ask, sizeof *wanted);
	*(struct wanted *)job->data = *wanted;
	job_call(job, &API_RESEARCH, &args, on_rows);
}

void
view_research(struct ask *ask)
{
	struct wanted wanted = read_wanted(ask);
	const char **places = arena_array(ask->arena, ask->region->nplaces + 1, sizeof *places);
	size_t count = 0;

	for (uint32_t i = 0; i < ask->region->nplaces; i++)
		if (is_open(ask, i))
			places[count++] = ask->region->places[i].code;
	if (count == 0)
		ask_refuse(ask, 404,
		    "None of the places whose months you may read has chosen research: their commissioner sets \"research\" of a place.");
	if (ask_fine(ask))
		send(ask, &wanted, places, count);
}
