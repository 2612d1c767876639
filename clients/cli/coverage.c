/* SPDX-License-Identifier: MIT */
/* crisiscover coverage: the map of a place over a time. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

struct coverage_wish {
	const char *place, *function;
	int64_t from, to;
	bool json, csv, alone;
};

static void
print_requirement(const json_t *requirement)
{
	json_t *spans = json_object_get(requirement, "spans"), *span, *person, *warning;
	size_t i, j;

	const char *place = show_text(requirement, "place");
	const char *from = show_text(requirement, "from_place");

	printf("\n%s: %s at %s", show_text(requirement, "id"), show_text(requirement, "function"),
	    place);
	/* A requirement of a region applies at each of its hospitals. */
	if (strcmp(place, from) != 0)
		printf(" for %s", from);
	printf(", %lld wanted%s\n",
	    (long long)json_integer_value(json_object_get(requirement, "count")),
	    json_is_true(json_object_get(requirement, "template")) ? " (" SHOW_TEMPLATE ")" : "");
	json_array_foreach(spans, i, span)
	{
		printf("  ");
		show_cell(show_time(span, "start"), 25);
		show_cell(show_time(span, "end"), 25);
		show_cell(show_text(span, "state"), 16);
		json_array_foreach(json_object_get(span, "people"), j, person)
		    printf("%s%s%s", j > 0 ? ", " : "", show_text(person, "name"),
			json_is_true(json_object_get(person, "override")) ? " (here)" : "");
		printf("%s", show_text(span, "cause"));
		/* Beside the state: it is no cover. */
		if (*show_text(span, "accepted_until") != '\0')
			printf("  (accepted by its commissioners until %s)",
			    show_time(span, "accepted_until"));
		printf("\n");
	}
	json_array_foreach(json_object_get(requirement, "warnings"), i, warning)
	    printf("  WARNING: %s\n", json_string_value(warning));
}

static void
print_hours(const json_t *hours)
{
	const char *state;
	json_t *value;

	/* jansson iterates over objects that are not const only. */
	json_object_foreach((json_t *)(uintptr_t)hours, state, value) if (json_is_number(value))
	    printf("  %s %.2f", state, json_number_value(value));
	printf("\n");
}

static void
print_sums(const json_t *answer, const char *key, const char *name)
{
	const json_t *sums = json_object_get(answer, key);
	json_t *item;
	size_t i;

	/* One line would repeat the total. */
	if (json_array_size(sums) < 2)
		return;
	json_array_foreach(sums, i, item)
	{
		printf("%s:", show_text(item, name));
		print_hours(item);
	}
}

/* Each commissioner has the whole of what they commission, and beside it what their shares come to. */
static void
print_commissioners(const json_t *answer)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(answer, "totals_by_commissioner"), i, item)
	{
		printf("commissioner %s, %lld gaps:", show_text(item, "commissioner"),
		    (long long)json_integer_value(json_object_get(item, "gaps")));
		print_hours(json_object_get(item, "hours"));
		printf("  by share:");
		print_hours(json_object_get(item, "share"));
	}
}

/* Corrections that were made afterwards. They are not in the hours above, which are as recorded. */
static void
print_late(const json_t *late)
{
	json_t *one;
	size_t i;

	/* Only where the time asked about is over can there be any. */
	if (json_integer_value(json_object_get(late, "count")) == 0)
		return;
	/* In capitals, since the hours above are what goes into reports. */
	printf("NOT IN THESE HOURS, which are as recorded: %lld late corrections\n",
	    (long long)json_integer_value(json_object_get(late, "count")));
	json_array_foreach(json_object_get(late, "overrides"), i, one)
	{
		printf("  override %lld of %s, %s",
		    (long long)json_integer_value(json_object_get(one, "override")),
		    show_text(one, "rota"), show_time(one, "start"));
		printf(" to %s", show_time(one, "end"));
		printf(", made %s", show_time(one, "made_at"));
		if (*show_text(one, "withdrawn_at") != '\0')
			printf(", withdrawn %s", show_time(one, "withdrawn_at"));
		printf("\n");
	}
}

/* Totals and warnings, which are of all pages: printed after the last. */
static void
print_end(const json_t *answer)
{
	const json_t *holes = json_object_get(answer, "holes");

	printf("\n");
	print_sums(answer, "totals_by_place", "place");
	print_sums(answer, "totals_by_function", "function");
	print_commissioners(answer);
	printf("hours:");
	print_hours(json_object_get(answer, "totals"));
	printf("holes:  %lld, %lld distinct\n",
	    (long long)json_integer_value(json_object_get(holes, "lines")),
	    (long long)json_integer_value(json_object_get(holes, "distinct")));
	print_late(json_object_get(answer, "late_corrections"));
	show_warnings(answer);
	show_notices(answer);
	show_map_age(answer);
}

static void
print_coverage(const void *ctx, const json_t *answer)
{
	json_t *requirement;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "requirements"), i, requirement)
	    print_requirement(requirement);
	/* Totals are of the whole question. They are on every page, and are printed once. */
	if (*show_text(answer, "next_cursor") == '\0')
		print_end(answer);
}

static int
ask_coverage(const struct coverage_wish *wish)
{
	struct buf path = {0};
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];
	int status;

	civil_rfc3339(wish->from, start);
	civil_rfc3339(wish->to, end);
	buf_add_text(&path, "/v1/coverage?place=");
	buf_add_encoded(&path, wish->place);
	/* As many requirements a page as the server gives; the print function gets each page as it
	 * comes. */
	buf_printf(
	    &path, "&from=%s&to=%s&limit=1000%s", start, end, wish->alone ? "&within=false" : "");
	if (wish->function != NULL) {
		buf_add_text(&path, "&function=");
		buf_add_encoded(&path, wish->function);
	}
	status = pages_ask_as(path.at, pages_form(wish->json, wish->csv), print_coverage, NULL);
	buf_free(&path);
	return status;
}

int
command_coverage(int argc, char **argv)
{
	struct coverage_wish wish = {0};
	const char *from = NULL, *to = NULL, *fault;
	const struct option_row rows[] = {{"from", &from, NULL}, {"to", &to, NULL},
	    {"function", &wish.function, NULL}, {"json", NULL, &wish.json},
	    {"csv", NULL, &wish.csv}, {"alone", NULL, &wish.alone}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, &wish.place, 1);
	if (fault == NULL && wish.place == NULL)
		fault = "which place?";
	if (fault == NULL)
		fault = options_time("--from", from, show_london(), &wish.from);
	if (fault == NULL)
		fault = options_time("--to", to, show_london(), &wish.to);
	if (fault != NULL)
		return command_refuse("coverage", fault);
	return ask_coverage(&wish);
}
