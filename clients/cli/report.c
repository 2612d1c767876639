/* SPDX-License-Identifier: MIT */
/* crisiscover report: how a place was covered in a month, and whether who was rung answered. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* Whether ${name} is one of the words of "hidden". */
static bool
is_hidden(const json_t *line, const char *name)
{
	const char *at = show_text(line, "hidden");
	size_t length = strlen(name);

	while (*at != '\0') {
		size_t word = strcspn(at, " ");

		if (word == length && memcmp(at, name, word) == 0)
			return true;
		at += word + strspn(at + word, " ");
	}
	return false;
}

/* "12", "few" where it is not shown, "-" where there is none. Static memory, one of eight buffers in turn. */
static const char *
number(const json_t *line, const char *name)
{
	static char texts[8][32];
	static unsigned turn;
	const json_t *value = json_object_get(line, name);
	char *text = texts[turn++ % 8];

	if (json_is_integer(value))
		snprintf(text, sizeof *texts, "%lld", (long long)json_integer_value(value));
	else
		snprintf(text, sizeof *texts, "%s", is_hidden(line, name) ? "few" : "-");
	return text;
}

/* Hours to the minute: "712 h 05 min". */
static void
print_hours(const json_t *line, const char *words, const char *name)
{
	long long minutes = (long long)(json_number_value(json_object_get(line, name)) * 60 + 0.5);

	printf("%s %lld h %02lld min", words, minutes / 60, minutes % 60);
}

static void
print_cover(const json_t *line)
{
	print_hours(line, "      covered", "hours_covered");
	print_hours(line, ", short", "hours_short");
	print_hours(line, ", gap", "hours_gap");
	print_hours(line, ", unknown", "hours_unknown");
	print_hours(line, ", not commissioned", "hours_not_commissioned");
	printf(
	    "\n      gaps %s, %s of them known 72 hours ahead; not known %s times, %s of them 72 hours ahead\n",
	    number(line, "gaps"), number(line, "gaps_ahead"), number(line, "unknowns"),
	    number(line, "unknowns_ahead"));
}

static void
print_calls(const json_t *line)
{
	const char *answered = number(line, "answered_percent"),
		   *wrong = number(line, "wrong_person_percent");

	printf("      calls %s: answered %s (%s%%), wrong person %s (%s%%), no answer %s\n",
	    number(line, "calls"), number(line, "answered"), answered, number(line, "wrong_person"),
	    wrong, number(line, "no_answer"));
}

static void
print_searches(const json_t *line)
{
	printf(
	    "      looked for somebody %s times, reached %s times; half of these within %s min, nine of ten within %s min\n",
	    number(line, "searches"), number(line, "found"), number(line, "found_median_minutes"),
	    number(line, "found_p90_minutes"));
}

static void
print_line(const json_t *line)
{
	const char *about = show_text(line, "about");

	if (strcmp(about, "service") == 0) {
		printf("    %s, rung\n", show_text(line, "service"));
		print_calls(line);
		return;
	}
	if (strcmp(about, "place") == 0)
		printf("\n%s\n", show_text(line, "place"));
	else
		printf("  %s\n", show_text(line, "function"));
	print_cover(line);
	if (strcmp(about, "place") == 0)
		print_calls(line);
	print_searches(line);
}

static void
print_month(const void *ctx, const json_t *answer)
{
	json_t *line;
	size_t i;

	(void)ctx;
	printf("%s (%s), %s%s%s\n", show_text(answer, "place_name"), show_text(answer, "place"),
	    show_text(answer, "month"),
	    json_is_true(json_object_get(answer, "complete")) ? "" : ", counted until ",
	    json_is_true(json_object_get(answer, "complete")) ? ""
							      : show_time(answer, "counted_until"));
	json_array_foreach(json_object_get(answer, "lines"), i, line) print_line(line);
	printf(
	    "\nfew: a count below %lld, or about fewer than %lld people, or one that would tell such a one. No number is about a person.\n",
	    (long long)json_integer_value(json_object_get(answer, "least_shown")),
	    (long long)json_integer_value(json_object_get(answer, "least_people")));
}

int
command_report(int argc, char **argv)
{
	const char *words[1] = {NULL}, *place = NULL, *month = NULL, *fault;
	bool json = false, csv = false, alone = false;
	const struct option_row rows[] = {{"place", &place, NULL}, {"month", &month, NULL},
	    {"alone", NULL, &alone}, {"csv", NULL, &csv}, {"json", NULL, &json},
	    {NULL, NULL, NULL}};
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, words, 1);
	if (fault == NULL && (words[0] == NULL || strcmp(words[0], "month") != 0))
		fault = "which report? (month)";
	if (fault == NULL && place == NULL)
		fault = "of which place? (--place)";
	if (fault != NULL)
		return command_refuse("report", fault);
	buf_add_text(&path, "/v1/reports/month?place=");
	buf_add_encoded(&path, place);
	if (month != NULL) {
		buf_add_text(&path, "&month=");
		buf_add_encoded(&path, month);
	}
	buf_add_text(&path, alone ? "&within=false" : "");
	status = pages_ask_as(path.at, pages_form(json, csv), print_month, NULL);
	buf_free(&path);
	return status;
}
