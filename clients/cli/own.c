/* SPDX-License-Identifier: MIT */
/* crisiscover fairness, my-shifts: who has done how much on a rota, and when one is on oneself. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

/* Appends "from=…&" or "to=…&", where ${text} is given. NULL if all is well, else what is wrong. */
static const char *
add_time(struct buf *path, const char *key, const char *option, const char *text)
{
	char instant[CIVIL_RFC3339_MAX];
	int64_t utc;
	const char *fault;

	if (text == NULL)
		return NULL;
	fault = options_time(option, text, show_london(), &utc);
	if (fault != NULL)
		return fault;
	civil_rfc3339(utc, instant);
	buf_printf(path, "%s=%s&", key, instant);
	return NULL;
}

static const char *
add_times(struct buf *path, const char *from, const char *to)
{
	const char *fault;

	buf_add_text(path, "?");
	fault = add_time(path, "from", "--from", from);
	return fault != NULL ? fault : add_time(path, "to", "--to", to);
}

static void
print_fairness(const void *ctx, const json_t *answer)
{
	json_t *line;
	size_t i;

	(void)ctx;
	printf("%s, from %s to %s\n", show_text(answer, "rota"), show_time(answer, "from"),
	    show_time(answer, "to"));
	show_cell("", 24);
	printf("   hours  nights  weekends  bank holidays\n");
	json_array_foreach(json_object_get(answer, "fairness"), i, line)
	{
		show_cell(show_text(line, "name"), 24);
		printf("%8.1f  %6lld  %8lld  %13lld\n",
		    json_number_value(json_object_get(line, "hours")),
		    (long long)json_integer_value(json_object_get(line, "nights")),
		    (long long)json_integer_value(json_object_get(line, "weekends")),
		    (long long)json_integer_value(json_object_get(line, "bank_holidays")));
	}
}

int
command_fairness(int argc, char **argv)
{
	const char *rota = NULL, *from = NULL, *to = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {
	    {"from", &from, NULL}, {"to", &to, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &rota, 1);
	if (fault == NULL && rota == NULL)
		fault = "of which rota?";
	if (fault == NULL) {
		buf_add_text(&path, "/v1/rotas/");
		buf_add_encoded(&path, rota);
		buf_add_text(&path, "/fairness");
		fault = add_times(&path, from, to);
	}
	status = fault != NULL ? command_refuse("fairness", fault)
			       : pages_ask(path.at, json, print_fairness, NULL);
	buf_free(&path);
	return status;
}

static void
print_own(const void *ctx, const json_t *answer)
{
	json_t *shift;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "shifts"), i, shift)
	{
		show_cell(show_time(shift, "start"), 25);
		show_cell(show_time(shift, "end"), 25);
		show_cell(show_text(shift, "service"), 30);
		printf("%s%s%s%s\n", show_text(shift, "rota"),
		    json_is_true(json_object_get(shift, "override")) ? ", put on here" : "",
		    json_is_true(json_object_get(shift, "away")) ? ", you are away" : "",
		    *show_text(shift, "class") != 'n' ? ", not confirmed" : "");
	}
}

int
command_my_shifts(int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {
	    {"from", &from, NULL}, {"to", &to, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, NULL, 0);
	if (fault == NULL) {
		buf_add_text(&path, "/v1/me/shifts");
		fault = add_times(&path, from, to);
	}
	status = fault != NULL ? command_refuse("my-shifts", fault)
			       : pages_ask(path.at, json, print_own, NULL);
	buf_free(&path);
	return status;
}
