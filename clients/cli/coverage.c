/* crisiscover coverage: the map of a place over a time. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

static void
print_requirement(const json_t *requirement)
{
	json_t *spans = json_object_get(requirement, "spans"), *span, *person, *warning;
	size_t i, j;

	printf("\n%s: %s at %s, %lld wanted\n", show_text(requirement, "id"),
	    show_text(requirement, "function"), show_text(requirement, "place"),
	    (long long)json_integer_value(json_object_get(requirement, "count")));
	json_array_foreach(spans, i, span)
	{
		printf("  ");
		show_cell(show_time(span, "start"), 25);
		show_cell(show_time(span, "end"), 25);
		show_cell(show_text(span, "state"), 16);
		json_array_foreach(json_object_get(span, "people"), j, person)
		    printf("%s%s%s", j > 0 ? ", " : "", show_text(person, "name"),
			json_is_true(json_object_get(person, "override")) ? " (here)" : "");
		printf("%s\n", show_text(span, "cause"));
	}
	json_array_foreach(json_object_get(requirement, "warnings"), i, warning)
	    printf("  WARNING: %s\n", json_string_value(warning));
}

static void
print_coverage(const json_t *answer)
{
	json_t *requirements = json_object_get(answer, "requirements"), *requirement, *hours;
	const char *state;
	size_t i;

	json_array_foreach(requirements, i, requirement) print_requirement(requirement);
	printf("\nhours:");
	json_object_foreach(json_object_get(answer, "totals"), state, hours)
	    printf("  %s %.2f", state, json_number_value(hours));
	printf("\n");
	show_warnings(answer);
}

static int
ask(const char *place, const char *function, int64_t from, int64_t to, bool json)
{
	struct server_answer answer;
	struct buf path = {0};
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];
	int status;

	civil_rfc3339(from, start);
	civil_rfc3339(to, end);
	buf_add_text(&path, "/v1/coverage?place=");
	server_encode(&path, place);
	buf_printf(&path, "&from=%s&to=%s", start, end);
	if (function != NULL) {
		buf_add_text(&path, "&function=");
		server_encode(&path, function);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_coverage(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_coverage(int argc, char **argv)
{
	const char *place = NULL, *function = NULL, *from = NULL, *to = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {{"from", &from, NULL}, {"to", &to, NULL},
	    {"function", &function, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	int64_t start = 0, end = 0;

	fault = options_read(argc, argv, rows, &place, 1);
	if (fault == NULL && place == NULL)
		fault = "which place?";
	if (fault == NULL && (from == NULL || !options_time(from, show_london(), &start)))
		fault = "--from wants a time such as 2026-11-22";
	if (fault == NULL && (to == NULL || !options_time(to, show_london(), &end)))
		fault = "--to wants a time such as 2026-11-29";
	if (fault != NULL)
		return command_refuse("coverage", fault);
	return ask(place, function, start, end, json);
}
