/* SPDX-License-Identifier: MIT */
/* crisiscover history: the answer about a place at an instant, and the bytes and rows it was
 * made from. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/now_print.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/text.h"

/* Enough to distinguish two files of a region, and to find one. */
#define HASH_SHOWN 16

/* "J Jones (named), Sat 21 Nov 20:00 to Sun 22 Nov 08:00" */
static void
print_version(const json_t *version)
{
	const char *name = show_text(version, "name"), *team = show_text(version, "team");

	printf("%s (%s), %s to %s",
	    *name != '\0'   ? name
	    : *team != '\0' ? team
			    : "nobody named",
	    show_text(version, "class"), show_time(version, "since"), show_time(version, "until"));
}

/* The reading and the bytes from which a shift was made, so that an auditor can ask for them. */
static void
print_origin(const json_t *version)
{
	const char *body = show_text(version, "body");

	/* Typed in, or an override: it has no bytes. */
	if (*body == '\0') {
		printf("        from no calendar\n");
		return;
	}
	printf("        reading %lld of body %s%s\n",
	    (long long)json_integer_value(json_object_get(version, "reading")), body,
	    json_is_true(json_object_get(version, "body_kept"))
		? ""
		: " (its bytes are no longer kept)");
}

static void
print_row(const json_t *row)
{
	const json_t *historical = json_object_get(row, "then"),
		     *source = json_object_get(row, "source");
	json_t *correction;
	size_t i;

	printf("\n  %s, rota %s\n      ", show_text(row, "function"), show_text(row, "rota"));
	if (json_is_object(historical)) {
		print_version(historical);
		printf("\n");
		print_origin(historical);
	} else {
		/* Not the same as nobody on duty: no source had been read yet. */
		printf("nothing was known\n");
	}
	printf("        source %s, %s, last good check %s%s%s\n", show_text(source, "state"),
	    show_text(source, "freshness"), show_time(source, "last_good_at"),
	    *show_text(source, "fault") != '\0' ? ": " : "", show_text(source, "fault"));
	json_array_foreach(json_object_get(row, "corrections"), i, correction)
	{
		const json_t *to = json_object_get(correction, "to");

		printf("      at %s changed to ", show_time(correction, "at"));
		if (json_is_object(to))
			print_version(to);
		else
			printf("nothing");
		printf("\n");
		if (json_is_object(to))
			print_origin(to);
	}
}

/* A gap as it was at that instant, and what has happened to it since. */
static void
print_gap(const json_t *gap)
{
	const json_t *historical = json_object_get(gap, "then");
	json_t *step;
	size_t i;

	printf("  %s %s, %s to %s: %s\n", show_text(historical, "requirement"),
	    show_text(historical, "state"), show_time(historical, "start"),
	    show_time(historical, "end"), show_text(historical, "cause"));
	if (*show_text(historical, "acknowledged_by") != '\0')
		printf("      acknowledged by %s\n", show_text(historical, "acknowledged_by"));
	json_array_foreach(json_object_get(gap, "since"), i, step)
	    printf("      at %s %s\n", show_time(step, "at"), show_text(step, "step"));
}

/* Reads of names are part of the record: which account, by which question, how often in that
 * minute. */
static void
print_look(const json_t *look)
{
	const json_t *question = json_object_get(look, "question");
	long long count = (long long)json_integer_value(json_object_get(question, "count"));

	printf("  %s  ", show_time(look, "at"));
	show_cell(show_text(look, "account"), 24);
	printf("%s %s", show_text(question, "route"), show_text(question, "function"));
	if (*show_text(question, "at") != '\0')
		printf(" about %s", show_time(question, "at"));
	if (*show_text(question, "known_at") != '\0')
		printf(" as known %s", show_time(question, "known_at"));
	if (count > 1)
		printf(", %lld times", count);
	printf("\n");
}

/* One heading for both cases, so that an empty list is never a heading without lines. */
static void
print_list(const json_t *answer, const char *key, const char *title, const char *none,
    void (*print)(const json_t *item))
{
	json_t *items = json_object_get(answer, key), *item;
	size_t i;

	printf("\n%s\n", json_array_size(items) > 0 ? title : none);
	json_array_foreach(items, i, item) print(item);
}

/* If reads are no longer kept, the list must not claim that nobody asked. */
static void
print_looks(const json_t *answer)
{
	const char *from = show_time(answer, "looked_kept_from");
	/* Null if the list reaches back as far as was asked. */
	bool all = json_is_null(json_object_get(answer, "looked_kept_from"));

	print_list(answer, "looked", "Who looked:",
	    all ? "Nobody looked then." : "Of what is still kept, nobody looked then.", print_look);
	if (!all)
		printf("  (who looked before %s is no longer kept)\n", from);
}

static void
print_history(const json_t *answer)
{
	const json_t *region = json_object_get(answer, "region");

	printf("As known at %s, region %lld (%.*s…, applied %s by %s)%s\n\n",
	    show_text(answer, "known_local"),
	    (long long)json_integer_value(json_object_get(region, "version")), HASH_SHOWN,
	    show_text(region, "sha256"), show_time(region, "applied_at"),
	    show_text(region, "applied_by"),
	    json_is_true(json_object_get(answer, "settled"))
		? ""
		: "\n"
		  "This is less than a minute ago: what was on its way then may still be missing.");
	/* The same function as for "now", so that what is shown of the past is what was shown
	 * then. */
	now_print(json_object_get(answer, "now"));
	print_list(answer, "rows", "Where it came from, and what was corrected since:",
	    "No rota of the place said anything about that instant.", print_row);
	print_list(answer, "gaps", "Gaps that were open:", "No gap was open.", print_gap);
	print_looks(answer);
}

/* Adds the times to the path. NULL: done; else the fault. */
static const char *
add_times(struct buf *path, const char *at, const char *known_at)
{
	char text[CIVIL_RFC3339_MAX];
	int64_t utc;
	const char *fault = options_time("--at", at, show_london(), &utc);

	if (fault != NULL)
		return fault;
	civil_rfc3339(utc, text);
	buf_printf(path, "&at=%s", text);
	/* The server takes the instant itself then: what was known at the time. */
	if (known_at == NULL)
		return NULL;
	fault = options_time("--known-at", known_at, show_london(), &utc);
	if (fault != NULL)
		return fault;
	civil_rfc3339(utc, text);
	buf_printf(path, "&known_at=%s", text);
	return NULL;
}

int
command_history(int argc, char **argv)
{
	const char *place = NULL, *function = NULL, *at = NULL, *known_at = NULL, *looked = NULL,
		   *fault;
	bool json = false;
	const struct option_row rows[] = {{"at", &at, NULL}, {"known-at", &known_at, NULL},
	    {"function", &function, NULL}, {"looked", &looked, NULL}, {"json", NULL, &json},
	    {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &place, 1);
	if (fault == NULL && place == NULL)
		fault = "which place?";
	buf_add_text(&path, "/v1/history?place=");
	/* Before the faults are checked, because add_times() appends to them. */
	buf_add_encoded(&path, place != NULL ? place : "");
	if (fault == NULL)
		fault = add_times(&path, at, known_at);
	if (fault != NULL) {
		buf_free(&path);
		return command_refuse("history", fault);
	}
	if (function != NULL) {
		buf_add_text(&path, "&function=");
		buf_add_encoded(&path, function);
	}
	if (looked != NULL) {
		buf_add_text(&path, "&looked_minutes=");
		buf_add_encoded(&path, looked);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_history(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
