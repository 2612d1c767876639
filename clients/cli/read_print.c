/* SPDX-License-Identifier: MIT */
#include "clients/cli/read_print.h"

#include <jansson.h>
#include <stdio.h>

#include "clients/cli/grid_print.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/rota/rota_found.h"

static const char *const levels[] = {[FINDING_REFUSED] = "refused",
    [FINDING_UNREADABLE] = "unreadable",
    [FINDING_WARNING] = "warning"};

/* The meaning of a class for cover, because "tentative" and "undecided" do not say by themselves
 * that nobody counts. */
static const char *const counted_as[READING_CLASSES] = {
    [READING_NAMED] = "named people: count",
    [READING_TENTATIVE] = "tentative: do not count, somebody must confirm",
    [READING_TEAM] = "team lines: count where a requirement allows",
    [READING_NOBODY] = "nobody: the rota says there is no cover",
    [READING_UNDECIDED] = "undecided: do not count, somebody must decide",
    [READING_ABSENCE] = "absences: take that person's cover away",
    [READING_NOISE] = "not about cover",
    [READING_CANCELLED] = "cancelled",
    [READING_UNREADABLE] = "unreadable: do not count",
};

static void
print_counts(const struct reading *reading)
{
	for (unsigned class = 0; class < READING_CLASSES; class ++)
		if (reading->counts[class] > 0)
			printf("  %6u  %s\n", reading->counts[class], counted_as[class]);
}

static void
print_findings(const struct reading *reading)
{
	for (size_t i = 0; i < reading->nfindings; i++) {
		const struct reading_finding *finding = &reading->findings[i];

		printf("\n%s", levels[finding->level]);
		if (finding->line > 0)
			printf(", line %u", finding->line);
		printf(": %s\n  %s\n", finding->text, finding->remedy);
		if (finding->level == FINDING_REFUSED) {
			json_t *grid = rota_found_json(reading->found);

			grid_print(stdout, grid, NULL);
			json_decref(grid);
		}
	}
}

/* A word that is decided once ("reading.words" of the region, or POST …/decisions) settles all
 * its shifts. */
static void
print_unknown_words(const struct reading *reading)
{
	if (reading->nunknown_words > 0)
		printf("\nwords that are not understood, by the shifts that depend on them:\n");
	for (size_t i = 0; i < reading->nunknown_words; i++)
		printf("  %6u  %s (\"%s\")\n", reading->unknown_words[i].shifts,
		    reading->unknown_words[i].word, reading->unknown_words[i].example);
	if (reading->more_unknown_words > 0)
		printf("  and %u more\n", reading->more_unknown_words);
}

static void
print_codes(const struct reading_options *options)
{
	for (size_t i = 0; i < options->nshift_codes; i++) {
		const struct reading_shift_code *code = &options->shift_codes[i];

		printf("  shift code %s", code->code);
		for (size_t n = 0; code->names != NULL && code->names[n] != NULL; n++)
			printf(" (%s)", code->names[n]);
		if (code->kind == READING_CODE_HOURS)
			printf(": %02d:%02d to %02d:%02d\n", code->from / 3600,
			    code->from / 60 % 60, code->to / 3600, code->to / 60 % 60);
		else
			printf(": %s\n",
			    code->kind == READING_CODE_ABSENCE ? "absence" : "not about cover");
	}
}

void
read_print(const char *path, const struct reading_options *options, const struct reading *reading)
{
	/* Counts and times of a refused calendar would look like something that can be used. */
	if (reading->refused) {
		printf("%s: refused, nothing of it may be used\n", path);
	} else {
		printf("%s: %u events, %zu occurrences from %s to %s\n", path, reading->events,
		    reading->noccurrences, show_instant(options->from),
		    show_instant(options->until));
		print_counts(reading);
		if (reading->noccurrences > 0)
			printf("  first shift %s, last end %s\n",
			    reading->first == INSTANT_NONE ? "-" : show_instant(reading->first),
			    reading->horizon == INSTANT_NONE ? "-"
							     : show_instant(reading->horizon));
		printf("  times: %s\n",
		    reading->zone_used != NULL ? reading->zone_used : zone_name(options->zone));
		if (options->all_day_rule)
			printf("  an all-day event means %d hours from %02d:%02d of its day\n",
			    options->all_day_hours, options->all_day_start / 3600,
			    options->all_day_start / 60 % 60);
		else
			printf("  an all-day event means midnight to midnight\n");
		print_codes(options);
		if (!options->directory)
			printf(
			    "  nobody is known here, so no name counts (--region FILE --rota ID knows the people)\n");
	}
	print_findings(reading);
	print_unknown_words(reading);
}

static json_t *
instant(int64_t utc)
{
	char text[CIVIL_RFC3339_MAX];

	if (utc == INSTANT_NONE)
		return json_null();
	civil_rfc3339(utc, text);
	return json_string(text);
}

/* A string or null. Not jansson's "s?", which refuses bytes that are no UTF-8: the reader has
 * replaced those already. */
static json_t *
text_or_null(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

static void
print_line(json_t *line)
{
	/* One object a line, so that a program can begin before the end. */
	show_json(line);
	json_decref(line);
}

static void
print_occurrence(const struct reading_occurrence *occurrence)
{
	/* A person of the directory by the code, anybody else as the calendar writes it. */
	const char *person = occurrence->person != NULL ? occurrence->person : occurrence->shown;
	json_t *people = json_array();

	/* An event that was cancelled is no line for a program that reads shifts. */
	if (occurrence->class == READING_CANCELLED) {
		json_decref(people);
		return;
	}
	if (person != NULL)
		json_array_append_new(people, json_string(person));
	print_line(json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:o}", "kind", "occurrence",
	    "start", instant(occurrence->start), "end", instant(occurrence->end), "uid",
	    occurrence->uid, "recurrence_id", instant(occurrence->recurrence), "summary",
	    text_or_null(occurrence->summary), "status", text_or_null(occurrence->status), "class",
	    reading_class_name(occurrence->class), "people", people));
}

void
read_print_json(const struct reading *reading)
{
	for (size_t i = 0; !reading->refused && i < reading->noccurrences; i++)
		print_occurrence(&reading->occurrences[i]);
	for (size_t i = 0; i < reading->nunknown_words; i++) {
		const struct reading_unknown_word *word = &reading->unknown_words[i];

		print_line(json_pack("{s:s, s:s, s:i, s:s}", "kind", "unknown_word", "word",
		    word->word, "shifts", (int)word->shifts, "example", word->example));
	}
	for (size_t i = 0; i < reading->nfindings; i++) {
		const struct reading_finding *finding = &reading->findings[i];

		json_t *line = json_pack("{s:s, s:s, s:o, s:o, s:s, s:s}", "kind", "finding",
		    "level", levels[finding->level], "uid", text_or_null(finding->uid), "line",
		    finding->line > 0 ? json_integer(finding->line) : json_null(), "text",
		    finding->text, "remedy", finding->remedy);

		if (reading->found != NULL && finding->level == FINDING_REFUSED)
			json_object_set_new(line, "grid", rota_found_json(reading->found));
		print_line(line);
	}
}
