/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/plain_page.h"
#include "server/api/ask/rights_months.h"
#include "server/api/views/coverage/month_put.h"
#include "server/api/views/views.h"
#include "server/model/few.h"

/* GET /v1/reports/month: how a place was covered in a month, and whether who was rung answered (model/month.h). It names
 * nobody. */

static void
put_head(struct json_out *out, const struct ask *ask, const struct months *months)
{
	const struct region_place *place = &ask->region->places[months->asked.place];
	char month[MONTH_TEXT_MAX];

	month_text(ask->map->setup->zone, months->whole.start, month);
	out_text(out, "place", place->code);
	out_text(out, "place_name", place->name);
	out_bool(out, "within", months->asked.scope.within);
	out_text(out, "month", month);
	out_time(out, "from", months->whole.start);
	out_time(out, "to", months->whole.end);
	out_time(out, "counted_until", months->asked.window.end);
	out_bool(out, "complete", months->asked.window.end == months->whole.end);
	out_int(out, "least_shown", FEW_LEAST);
	out_int(out, "least_people", FEW_PEOPLE);
}

static void
reply_page(struct ask *ask, const struct months *months)
{
	struct buf page = {0};

	month_page(&page, ask, months, month_lines_of(ask, months));
	plain_page_reply(ask->exchange, &page);
}

static void
reply_lines(struct ask *ask, const struct months *months)
{
	struct json_out out = {0};

	out_object(&out, NULL);
	put_head(&out, ask, months);
	month_lines_put(&out, "lines", month_lines_of(ask, months));
	out_object_end(&out);
	ask_reply(ask, &out);
}

static void
reply(struct job *job, const struct months *months)
{
	if (strcmp(ask_choice(&job->ask, "format"), "html") == 0)
		reply_page(&job->ask, months);
	else
		reply_lines(&job->ask, months);
	job_end(job);
}

/* The month before this one, unless one is named; of the present one, what is over. */
static void
read_month(struct ask *ask, struct months *months)
{
	const struct zone *zone = ask->map->setup->zone;
	const char *text = ask_text(ask, "month");

	months->whole = month_before(zone, ask->now);
	if (text != NULL && !month_read(slice_of(text), zone, &months->whole))
		ask_fault(ask, "query.month", "is not a month such as 2026-11");
	else if (months->whole.start >= ask->now)
		ask_fault(ask, "query.month", "has not begun yet");
	months->asked.window = months->whole;
	if (months->asked.window.end > ask->now)
		months->asked.window.end = ask->now;
}

static void
find_lines(struct ask *ask, struct months *months)
{
	struct problem_fault fault;

	if (!rights_reads_months(ask->region, ask->account, months->asked.place))
		ask_refuse(ask, 403,
		    "The report of a month is for commissioners and managers of the place, for organisations that serve it, and for auditors.");
	else if (ask->faults.count == 0 && !coverage_lines_find(ask, &months->asked, &fault))
		ask_fault(ask, fault.path, "%s", fault.detail);
}

void
view_month(struct ask *ask)
{
	struct months months = {
	    .asked = {
		.place = ask_place(ask), .function = REGION_NONE, .wish = places_within_read(ask)}};

	read_month(ask, &months);
	if (ask->refused == 0 && months.asked.place != REGION_NONE)
		find_lines(ask, &months);
	if (ask_fine(ask))
		months_read(job_new(ask, 0), &months, reply);
}
