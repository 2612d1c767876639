/* SPDX-License-Identifier: MIT */
/* crisiscover now: who is on call at a place. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/bundles_print.h"
#include "clients/cli/command.h"
#include "clients/cli/navigators_print.h"
#include "clients/cli/now_print.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

/* Other places that the same person covers at this instant: reaching them may take longer. */
static void
print_shared(const json_t *names)
{
	size_t i;
	json_t *name;

	json_array_foreach((json_t *)(uintptr_t)names, i, name)
	    printf("%s%s", i == 0 ? "\n        shared with " : ", ", json_string_value(name));
}

/* A place that has ended or not begun says so, and names the places that answer instead. */
static void
print_life(const json_t *place)
{
	bool ended = json_object_get(place, "ended") != NULL;
	/* Somebody may ask by an old name at night; the answer must name who answers today. */
	const json_t *instead = json_object_get(place, ended ? "successors" : "predecessors");
	size_t i;
	json_t *other;

	if (ended)
		printf("THIS PLACE ENDED ON %s\n", show_text(place, "ended"));
	else if (json_object_get(place, "begins") != NULL)
		printf("THIS PLACE BEGINS ON %s\n", show_text(place, "begins"));
	json_array_foreach((json_t *)(uintptr_t)instead, i, other) printf("  %s: %s (%s)\n",
	    ended ? "now" : "until then", show_text(other, "name"), show_text(other, "code"));
}

/* Where the shift comes from: an address that is checked, an upload, or people who typed it in; and its
 * entry, by which contacted and note name it. */
static void
print_origin(const json_t *source, const char *entry)
{
	const json_t *upload = json_object_get(source, "upload");
	const char *held = json_is_true(json_object_get(source, "held")) ? ", held back" : "";

	printf("\n        rota %s, entry %s, ", show_text(source, "rota"), entry);
	/* The order is what a reader must know first: an upload is in force instead of the address,
	 * even if the address is checked. */
	if (json_is_object(upload))
		printf("%s, %s%s\n", show_text(upload, "text"), show_time(upload, "at"), held);
	else if (json_is_string(json_object_get(source, "uploaded_at")))
		printf("uploaded %s%s\n", show_time(source, "uploaded_at"), held);
	else if (strcmp(show_text(source, "kind"), "typed") == 0)
		printf("typed in here\n");
	else if (strcmp(show_text(source, "kind"), "file") == 0)
		printf("nothing uploaded yet\n");
	else if (!json_is_string(json_object_get(source, "checked_at")))
		printf("never checked\n");
	else
		printf("%s%s, checked %s\n", show_text(source, "freshness"), held,
		    show_time(source, "checked_at"));
}

static void
print_phone(const json_t *ring)
{
	struct buf words = {0};

	show_ring(&words, ring, "");
	show_cell(words.at, 15);
	buf_free(&words);
}

static const char *
rung_words(const char *outcome)
{
	return strcmp(outcome, "no_answer") == 0  ? " WITHOUT ANSWER"
	       : strcmp(outcome, "declined") == 0 ? ", DECLINED"
						  : ", WRONG PERSON";
}

/* That somebody was rung and not reached. In capitals: who reads the line must not miss it. */
static void
print_reported(const json_t *entry)
{
	const json_t *reported = json_object_get(entry, "reported");

	if (json_is_object(reported))
		printf("        RUNG at %s%s, by %s\n", show_time(reported, "at"),
		    rung_words(show_text(reported, "outcome")), show_text(reported, "place_name"));
}

static void
print_protocols(const json_t *function)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(function, "protocols"), i, one)
	{
		const char *url = show_text(one, "url");

		printf("      Protocol: %s, version %s (%s %s)\n", show_text(one, "name"),
		    show_text(one, "version"),
		    json_is_true(json_object_get(one, "overdue")) ? "ITS REVIEW WAS DUE ON"
								  : "review by",
		    show_text(one, "review"));
		if (*url != '\0')
			printf("        %s\n", url);
		else
			printf("        crisiscover protocol fetch %lld FILE\n",
			    (long long)json_integer_value(json_object_get(one, "id")));
	}
}

static void
print_notes(const json_t *of, const char *indent)
{
	json_t *note;
	size_t i;

	json_array_foreach(json_object_get(of, "notes"), i, note)
	    printf("%sNOTE: %s (until %s, by %s)\n", indent, show_text(note, "text"),
		show_time(note, "until"), show_text(note, "by"));
}

static void
print_person(const json_t *person)
{
	const json_t *source = json_object_get(person, "source"),
		     *next = json_object_get(person, "next");

	printf("      ");
	show_cell(
	    /* A team line has no name; an empty column would look like a fault. */
	    *show_text(person, "name") != '\0' ? show_text(person, "name") : "(team line)", 24);
	print_phone(person);
	printf("until %s", show_time(person, "until"));
	if (json_is_object(next))
		printf(", then %s", show_text(next, "name"));
	print_shared(json_object_get(person, "shared_with"));
	print_origin(source, show_text(person, "entry"));
	print_reported(person);
	print_notes(person, "        ");
	/* The calendar no longer lists this shift. It is kept because it is running. */
	if (json_is_true(json_object_get(source, "as_last_read")))
		printf("        as last read: the calendar drops shifts when they begin\n");
	if (json_is_true(json_object_get(source, "override")))
		printf("        %s\n", show_text(source, "text"));
	if (json_is_false(json_object_get(person, "holds_function")))
		printf(
		    "        not listed as holding this function: on the rota as a member of the organisation only\n");
	if (json_is_false(json_object_get(person, "approved")))
		printf("        NOT APPROVED for this function here at the time\n");
	/* Printed rather than left blank: a blank could be a fault of the printing. */
	if (json_is_false(json_object_get(person, "reachable")))
		printf("        no number is known: ask your switchboard\n");
}

/* Why a source of this answer is held back, cannot be read, or is not checked any more. */
static void
print_sources(const json_t *sources)
{
	size_t i;
	json_t *source;

	json_array_foreach((json_t *)(uintptr_t)sources, i, source)
	    printf("      ! rota %s%s%s: %s\n", show_text(source, "rota"),
		json_is_object(json_object_get(source, "upload")) ? ", " : "",
		json_is_object(json_object_get(source, "upload"))
		    ? show_text(json_object_get(source, "upload"), "text")
		: json_is_true(json_object_get(source, "held"))
		    ? " is held back, the last good copy is used"
		    : "",
		show_text(source, "fault"));
}

static void
print_people(const json_t *people)
{
	size_t i;
	json_t *person;

	json_array_foreach((json_t *)(uintptr_t)people, i, person) print_person(person);
}

/* The numbers to ring where cover is missing or doubtful, in the order in which to try them. */
static void
print_numbers(const json_t *function, const char *state)
{
	const json_t *ring = json_object_get(function, "ring");
	const json_t *fallback = json_object_get(function, "fallback");
	json_t *number;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)ring, i, number)
	{
		printf("      ring  ");
		print_phone(number);
		printf("%s\n", show_text(number, "text"));
		print_reported(number);
	}
	if (strcmp(state, "covered") == 0)
		return;
	/* A fallback with a number is in the list above. */
	if (json_is_object(fallback) && *show_text(fallback, "phone") == '\0')
		printf("      %s\n", show_text(fallback, "text"));
	/* Never silent about whom to ring where cover is missing. */
	if (json_array_size(ring) == 0 &&
	    (strcmp(state, "gap") == 0 || strcmp(state, "unknown") == 0))
		printf("      no number is known: ask your switchboard\n");
}

/* Entries of the rota at this time that nobody has decided yet: they may mean that somebody is
 * on. */
static void
print_undecided(const json_t *entries)
{
	size_t i;
	json_t *entry;

	json_array_foreach((json_t *)(uintptr_t)entries, i, entry)
	    printf("      rota %s says, undecided, until %s: %s\n", show_text(entry, "rota"),
		show_time(entry, "until"),
		/* Titles may hold names, which not every account may see. */
		json_is_null(json_object_get(entry, "title")) ? "(not shown to you)"
							      : show_text(entry, "title"));
}

/* People who are not on call for this function, under a heading that says why they are listed. */
static void
print_list(const char *heading, const json_t *people)
{
	if (json_array_size(people) == 0)
		return;
	printf("      %s\n", heading);
	print_people(people);
}

/* The people who may be on where override and calendar disagree; both names, with the number that
 * settles it. */
static void
print_disputed(json_t *disputed)
{
	json_t *one, *person;
	size_t i, j;

	json_array_foreach(disputed, i, one)
	{
		printf("      DISPUTED:");
		json_array_foreach(json_object_get(one, "people"), j, person)
		    printf("%s %s", j > 0 ? " or" : "", show_text(person, "name"));
		printf("  tel ");
		print_phone(one);
		printf("\n");
	}
}

static void
print_function(const json_t *function)
{
	const char *state = show_text(function, "state");
	json_t *warning;
	size_t i;

	printf("\n  %s: %s", show_text(function, "name"),
	    /* In capitals: it is neither covered nor a gap, and must not be read as either. */
	    strcmp(state, "unknown") == 0 ? "WE CANNOT CONFIRM" : state);
	printf(" (%lld of %lld)\n",
	    (long long)json_integer_value(json_object_get(function, "present")),
	    (long long)json_integer_value(json_object_get(function, "required")));
	/* Before the people on call: these lines qualify what follows. */
	print_disputed(json_object_get(function, "disputed"));
	json_array_foreach(json_object_get(function, "disputes"), i, warning)
	    printf("      WARNING: %s\n", json_string_value(warning));
	print_notes(function, "      ");
	print_protocols(function);
	bundles_print(function);
	print_people(json_object_get(function, "on_call"));
	if (*show_text(function, "cause") != '\0')
		printf("      %s\n", show_text(function, "cause"));
	print_sources(json_object_get(function, "sources_at_fault"));
	print_list(
	    "on the rota, but does not count here:", json_object_get(function, "not_counted"));
	print_list("last known:", json_object_get(function, "last_known"));
	print_undecided(json_object_get(function, "undecided"));
	print_numbers(function, state);
}

void
now_print(const json_t *answer)
{
	const json_t *place = json_object_get(answer, "place");
	const json_t *functions = json_object_get(answer, "functions");
	json_t *function;
	size_t i;

	printf("%s (%s), %s\n", show_text(place, "name"), show_text(place, "code"),
	    show_text(answer, "local"));
	print_life(place);
	show_map_age(answer);
	show_notices(answer);
	json_array_foreach((json_t *)(uintptr_t)functions, i, function) print_function(function);
	sites_print(answer);
	if (json_array_size(json_object_get(answer, "navigators")) > 0)
		printf("\n  Where else to go:\n");
	navigators_print(answer);
}

int
command_now(int argc, char **argv)
{
	const char *place = NULL, *function = NULL, *at = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {{"function", &function, NULL}, {"at", &at, NULL},
	    {"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	char text[CIVIL_RFC3339_MAX];
	int64_t utc;
	int status;

	fault = options_read(argc, argv, rows, &place, 1);
	if (fault == NULL && place == NULL)
		fault = "which place?";
	if (fault == NULL && at != NULL)
		fault = options_time("--at", at, show_london(), &utc);
	if (fault != NULL)
		return command_refuse("now", fault);
	buf_add_text(&path, "/v1/now?place=");
	buf_add_encoded(&path, place);
	if (function != NULL) {
		buf_add_text(&path, "&function=");
		buf_add_encoded(&path, function);
	}
	if (at != NULL) {
		civil_rfc3339(utc, text);
		buf_printf(&path, "&at=%s", text);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE) {
		if (json)
			show_json(answer.json);
		else
			now_print(answer.json);
	}
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
