/* SPDX-License-Identifier: MIT */
/* crisiscover gaps: open gaps in cover; of one place also its fragile cover. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/clock.h"

#define WARNED_SECONDS (14 * 86400)

struct gaps_wish {
	const char *place, *state;
	bool json, csv, grouped, alone;
};

static const char *
taken_on_by(const json_t *gap)
{
	return *show_text(gap, "acknowledged_by") != '\0' ? show_text(gap, "acknowledged_by") : "-";
}

static void
print_gap(const json_t *gap, size_t members)
{
	json_t *late;
	size_t i;

	show_cell(show_text(gap, "severity"), 8);
	show_cell(show_text(gap, "state"), 7);
	show_cell(show_text(gap, "place"), 10);
	show_cell(show_text(gap, "function"), 14);
	show_cell(show_time(gap, "start"), 25);
	show_cell(show_time(gap, "end"), 25);
	show_cell(*show_text(gap, "owner") != '\0' ? show_text(gap, "owner") : "-", 10);
	/* Of a closed gap it is asked why it closed; of an open one, who deals with it. */
	show_cell(
	    *show_text(gap, "why_closed") != '\0' ? show_text(gap, "why_closed") : taken_on_by(gap),
	    12);
	printf("%s", show_text(gap, "cause"));
	if (json_is_true(json_object_get(gap, "template")))
		printf(" (" SHOW_TEMPLATE ")");
	if (*show_text(gap, "accepted_until") != '\0')
		printf("; accepted until %s, stays a gap", show_text(gap, "accepted_until"));
	if (members > 1)
		printf(" (%zu gaps: %s)", members, show_text(gap, "group"));
	json_array_foreach(json_object_get(gap, "late_corrections"), i, late) printf(
	    "; said otherwise afterwards: override %lld", (long long)json_integer_value(late));
	printf("\n");
}

/* The totals. One requirement may apply to many places, so lines and distinct gaps are both
 * given. */
static void
print_totals(const json_t *answer)
{
	const json_t *totals = json_object_get(answer, "totals");
	json_t *place;
	size_t i;

	if (!json_is_object(totals))
		return;
	printf("%lld open, %lld distinct\n",
	    (long long)json_integer_value(json_object_get(totals, "lines")),
	    (long long)json_integer_value(json_object_get(totals, "distinct")));
	/* Of one place the total says the same. */
	if (json_array_size(json_object_get(totals, "by_place")) < 2)
		return;
	json_array_foreach(json_object_get(totals, "by_place"), i, place)
	    printf("  %s: %lld\n", show_text(place, "place"),
		(long long)json_integer_value(json_object_get(place, "lines")));
}

/* Pages are printed as they come. Totals and the age of the map are of the whole answer: after
 * the last page, and only for one place, where a person asks "how bad is it". */
static void
print_answer(const void *ctx, const json_t *answer)
{
	const struct gaps_wish *wish = ctx;
	json_t *group, *gap;
	size_t i;

	json_array_foreach(json_object_get(answer, "groups"), i, group) print_gap(
	    json_object_get(group, "lead"), json_array_size(json_object_get(group, "members")));
	json_array_foreach(json_object_get(answer, "gaps"), i, gap) print_gap(gap, 0);
	if (*show_text(answer, "next_cursor") != '\0')
		return;
	if (wish->place != NULL)
		print_totals(answer);
	show_notices(answer);
	if (wish->place != NULL)
		show_map_age(answer);
}

static int
ask_gaps(const struct gaps_wish *wish)
{
	struct buf path = {0};
	int status;

	buf_printf(
	    &path, "/v1/gaps?state=%s&limit=500%s", wish->state, wish->grouped ? "&grouped=1" : "");
	if (wish->place != NULL) {
		buf_add_text(&path, "&place=");
		buf_add_encoded(&path, wish->place);
		buf_add_text(&path, wish->alone ? "&within=false" : "");
	}
	status = pages_ask_as(path.at, pages_form(wish->json, wish->csv), print_answer, wish);
	buf_free(&path);
	return status;
}

/* Cover over the next fortnight that one small change would end. */
static int
ask_warnings(const char *place, bool alone)
{
	struct server_answer answer;
	struct buf path = {0};
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];
	int64_t now = clock_wall();
	int status;

	civil_rfc3339(now, start);
	civil_rfc3339(now + WARNED_SECONDS, end);
	buf_add_text(&path, "/v1/coverage?place=");
	buf_add_encoded(&path, place);
	/* One line is enough: warnings are of the whole question and are on every page. */
	buf_printf(&path, "&from=%s&to=%s&limit=1%s", start, end, alone ? "&within=false" : "");
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE)
		show_warnings(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_gaps(int argc, char **argv)
{
	struct gaps_wish wish = {.state = "open"};
	const struct option_row rows[] = {{"place", &wish.place, NULL},
	    {"state", &wish.state, NULL}, {"group", NULL, &wish.grouped},
	    {"json", NULL, &wish.json}, {"csv", NULL, &wish.csv}, {"alone", NULL, &wish.alone},
	    {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, NULL, 0);
	int status;

	if (fault != NULL)
		return command_refuse("gaps", fault);
	status = ask_gaps(&wish);
	/* Programs ask for coverage themselves; and closed gaps are about the past, where nothing
	 * is fragile any more. */
	if (status == EXIT_FINE && wish.place != NULL && !wish.json && !wish.csv &&
	    strcmp(wish.state, "open") == 0)
		status = ask_warnings(wish.place, wish.alone);
	return status;
}
