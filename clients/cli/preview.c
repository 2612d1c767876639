/* SPDX-License-Identifier: MIT */
#include "clients/cli/preview.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/grid_print.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "clients/cli/to_decide.h"
#include "server/base/clock.h"

/* A large calendar on a busy server takes seconds; a minute means that something is wrong. */
enum { WAIT_MS = 60000, LOOK_EVERY_MS = 100, PATIENCE_MS = 5000, STEP_MAX = 16 };

/* "reading, 580 KB", "comparing, 580 KB, 2000 events": once for each step that is seen. */
static void
print_progress(const json_t *import, char last[STEP_MAX])
{
	const json_t *progress = json_object_get(import, "progress");
	const json_t *events = json_object_get(progress, "events");
	const char *step = show_text(progress, "step");

	/* To standard error, and only when it changes: standard output is the answer. */
	if (*step == '\0' || strncmp(step, last, STEP_MAX - 1) == 0)
		return;
	snprintf(last, STEP_MAX, "%s", step);
	fprintf(stderr, "%s, %lld KB", step,
	    ((long long)json_integer_value(json_object_get(progress, "bytes")) + 1023) / 1024);
	if (json_is_integer(events))
		fprintf(stderr, ", %lld events", (long long)json_integer_value(events));
	fputc('\n', stderr);
}

int
preview_wait(long long id, json_t **import)
{
	int64_t deadline = clock_mono_ms() + WAIT_MS;
	struct buf path = {0};
	char step[STEP_MAX] = "";
	int status;

	buf_printf(&path, "/v1/imports/%lld", id);
	for (;;) {
		struct server_answer answer;

		status = server_ask(
		    &(struct server_ask){.path = path.at, .patience_ms = PATIENCE_MS}, &answer);
		if (status == EXIT_FINE)
			print_progress(answer.json, step);
		if (status == EXIT_FINE &&
		    /* "uploaded" is the one state in which nobody has read it yet. */
		    strcmp(show_text(answer.json, "state"), "uploaded") != 0) {
			*import = json_incref(answer.json);
			server_answer_free(&answer);
			break;
		}
		server_answer_free(&answer);
		/* The import continues on the server. Only the waiting ends. */
		if (status == EXIT_FINE && clock_mono_ms() > deadline) {
			fprintf(stderr,
			    "crisiscover: import %lld has not been read after a minute; look again with GET /v1/imports/%lld\n",
			    id, id);
			status = EXIT_NOT_REACHED;
		}
		if (status != EXIT_FINE)
			break;
		poll(NULL, 0, LOOK_EVERY_MS);
	}
	buf_free(&path);
	return status;
}

static void
print_counts(const char *heading, const json_t *counts)
{
	const char *key;
	json_t *value;

	/* A preview that was refused has no counts. */
	if (json_object_size(counts) == 0)
		return;
	printf("%s:", heading);
	json_object_foreach((json_t *)(uintptr_t)counts, key, value)
	    printf("  %s %lld", key, (long long)json_integer_value(value));
	printf("\n");
}

static void
print_findings(json_t *findings, const char *rota)
{
	json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding)
	{
		long long line = json_integer_value(json_object_get(finding, "line"));

		printf("  %s", show_text(finding, "level"));
		/* Line 0 is the whole file. */
		if (line > 0)
			printf(", line %lld", line);
		printf(": %s %s\n", show_text(finding, "text"), show_text(finding, "remedy"));
		grid_print(stdout, json_object_get(finding, "grid"), rota);
	}
}

/* Names that the directory does not have, or that fit several people. Their shifts count for
 * nobody until somebody has matched them. */
static void
print_people_to_match(json_t *people)
{
	json_t *one;
	size_t i;

	if (json_array_size(people) > 0)
		printf("people to match:\n");
	json_array_foreach(people, i, one)
	{
		printf("  %s: fits %s, %lld times, first %s", show_text(one, "name"),
		    show_text(one, "fits"),
		    (long long)json_integer_value(json_object_get(one, "count")),
		    show_time(one, "first_start"));
		to_decide_print_candidates("; perhaps ", one);
		printf("\n");
	}
}

/* A line like one of diff(1): "-" before, "+" after. */
static void
print_side(const char *sign, const json_t *side)
{
	if (json_is_object(side))
		printf("    %s %s to %s  %s %s\n", sign, show_time(side, "start"),
		    show_time(side, "end"), show_text(side, "class"), show_text(side, "title"));
}

static void
print_changes(json_t *changes)
{
	json_t *change;
	size_t i;

	json_array_foreach(changes, i, change)
	{
		printf("  %s\n", show_text(change, "kind"));
		print_side("-", json_object_get(change, "before"));
		print_side("+", json_object_get(change, "after"));
	}
}

static void
print_gaps(const char *indent, const char *heading, json_t *gaps)
{
	json_t *gap;
	size_t i;

	if (json_array_size(gaps) > 0)
		printf("%s%s\n", indent, heading);
	json_array_foreach(gaps, i, gap) printf("%s  %s %s at %s: %s to %s\n", indent,
	    show_text(gap, "state"), show_text(gap, "function"), show_text(gap, "place"),
	    show_time(gap, "start"), show_time(gap, "end"));
}

/* Overrides in the order of importance: those that would fall into dispute come first. */
static void
print_overrides(const char *indent, json_t *overrides)
{
	static const struct {
		const char *standing, *heading;
	} parts[] = {
	    {"conflicting", "overrides it would put into dispute:"},
	    {"followed", "overrides it would move:"},
	    {"reconciled", "overrides it would reconcile:"},
	    {"waiting", "overrides it would put in force again:"},
	};

	for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
		const char *heading = parts[part].heading;
		json_t *one;
		size_t i;

		json_array_foreach(overrides, i, one)
		{
			/* One pass a part, in the order of the table; other standings are in no
			 * part. */
			if (strcmp(show_text(one, "becomes"), parts[part].standing) != 0)
				continue;
			/* The heading is printed with its first line only, so that there is no
			 * empty part. */
			if (heading != NULL)
				printf("%s%s\n", indent, heading);
			heading = NULL;
			printf("%s  %lld: %s\n", indent,
			    (long long)json_integer_value(json_object_get(one, "id")),
			    show_text(one, "text"));
		}
	}
}

void
preview_print_effect(const json_t *import, const char *indent)
{
	const json_t *gaps = json_object_get(import, "gaps");

	print_gaps(indent, "gaps it would open:", json_object_get(gaps, "opens"));
	print_gaps(indent, "gaps it would close:", json_object_get(gaps, "closes"));
	print_overrides(indent, json_object_get(import, "overrides"));
}

int
preview_discard(long long id)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_printf(&path, "/v1/imports/%lld/discard", id);
	status = server_ask(
	    &(struct server_ask){
		.method = "POST", .path = path.at, .type = "application/json", .body = SLICE("{}")},
	    &answer);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

void
preview_print(const json_t *import)
{
	const json_t *diff = json_object_get(import, "diff");

	printf("import %lld into %s: %s\n",
	    (long long)json_integer_value(json_object_get(import, "id")), show_text(import, "rota"),
	    show_text(import, "state"));
	print_counts("understood", json_object_get(import, "counts"));
	print_findings(json_object_get(import, "findings"), show_text(import, "rota"));
	print_people_to_match(json_object_get(import, "people_to_match"));
	to_decide_print(show_text(import, "rota"), import);
	print_counts("would change", json_object_get(diff, "counts"));
	print_changes(json_object_get(diff, "changes"));
	preview_print_effect(import, "");
	if (*show_text(import, "why") != '\0')
		printf("%s\n", show_text(import, "why"));
}
