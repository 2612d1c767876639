/* SPDX-License-Identifier: MIT */
#include "server/feeds/read_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/feeds/to_decide.h"
#include "server/rota/rota_found.h"

/* More findings than anybody reads. The last one says how many there were. */
#define FINDINGS_MAX 1000

#define YEAR_9999_ENDS INT64_C(253402300800)

/* Takes over ${value}. */
static const char *
text_of(struct arena *arena, json_t *value)
{
	char *dumped = json_dumps(value, JSON_COMPACT);
	const char *text;

	INVARIANT(dumped != NULL);
	text = arena_strdup(arena, dumped);
	free(dumped);
	json_decref(value);
	return text;
}

json_t *
read_json_instant(int64_t utc)
{
	char text[CIVIL_RFC3339_MAX];

	/* None, or none that a calendar can mean. */
	if (utc < 0 || utc >= YEAR_9999_ENDS)
		return json_null();
	civil_rfc3339(utc, text);
	return json_string(text);
}

/* ------------------------------------------------------------------------------------- reading */

static json_t *
counts_of(const struct reading *reading)
{
	json_t *counts = json_object();

	for (unsigned i = 0; i < READING_CLASSES; i++)
		json_object_set_new(counts, reading_class_name((enum reading_class)i),
		    json_integer(reading->counts[i]));
	return counts;
}

static const char *
level_name(enum finding_level level)
{
	switch (level) {
	case FINDING_REFUSED:
		return "refused";
	case FINDING_UNREADABLE:
		return "unreadable";
	case FINDING_WARNING:
		return "warning";
	}
	fatal("broken invariant: finding level %d", (int)level);
}

static json_t *
finding_of(const struct reading_finding *finding)
{
	return json_pack("{s:s, s:s?, s:I, s:s, s:s?}", "level", level_name(finding->level), "uid",
	    finding->uid, "line", (json_int_t)finding->line, "text", finding->text, "remedy",
	    finding->remedy);
}

static json_t *
findings_of(struct arena *arena, const struct reading *reading)
{
	json_t *findings = json_array();

	for (size_t i = 0; i < reading->nfindings && i < FINDINGS_MAX; i++) {
		json_t *finding = finding_of(&reading->findings[i]);

		if (reading->found != NULL && reading->findings[i].level == FINDING_REFUSED)
			json_object_set_new(finding, "grid", rota_found_json(reading->found));
		json_array_append_new(findings, finding);
	}
	if (reading->nfindings > FINDINGS_MAX)
		json_array_append_new(findings,
		    finding_of(&(struct reading_finding){
			.level = FINDING_WARNING,
			.text = arena_printf(arena, "There are %zu findings; these are the first.",
			    reading->nfindings),
			.remedy = "Settle these first and send the calendar again.",
		    }));
	return findings;
}

/* The names of the keys are an interface: reading_add() in SQL and the pages read them. */
const char *
read_json_reading(struct arena *arena, const struct reading *reading,
    const struct reading_options *options, const char *format, const struct notes_about *about)
{
	json_t *root = json_object();

	json_object_set_new(root, "window_from", read_json_instant(options->from));
	json_object_set_new(root, "window_to", read_json_instant(options->until));
	json_object_set_new(root, "format", json_string(format));
	json_object_set_new(root, "events", json_integer(reading->events));
	json_object_set_new(root, "counts", counts_of(reading));
	json_object_set_new(root, "findings", findings_of(arena, reading));
	json_object_set_new(root, "first_start", read_json_instant(reading->first));
	json_object_set_new(root, "horizon", read_json_instant(reading->horizon));
	json_object_set_new(root, "zone_used",
	    reading->zone_used == NULL ? json_null() : json_string(reading->zone_used));
	/* A refused reading is not compared with anything, so it has nothing to decide and nothing
	 * to remember. */
	if (about != NULL) {
		json_object_set_new(root, "to_decide", to_decide_of(arena, reading, options));
		notes_add(arena, root, reading, about);
	}
	return text_of(arena, root);
}

/* ---------------------------------------------------------------------------------------- diff */

static json_t *
side_of(const struct merge_row *row)
{
	json_t *side;

	if (row == NULL)
		return json_null();
	side = json_pack("{s:s?, s:s?, s:s?, s:s}", "title", row->title, "person", row->person,
	    "team", row->team, "class", row->class);
	if (row->as_last_read)
		json_object_set_new(side, "as_last_read", json_true());
	json_object_set_new(side, "start", read_json_instant(row->start));
	json_object_set_new(side, "end", read_json_instant(row->end));
	return side;
}

static json_t *
changes_of(const struct merge *merge)
{
	json_t *changes = json_array();

	/* The counts beside it are of all changes. */
	for (size_t i = 0; i < merge->nchanges && i < READ_JSON_CHANGES_MAX; i++) {
		const struct merge_change *change = &merge->changes[i];

		json_array_append_new(changes,
		    json_pack("{s:s, s:o, s:o}", "kind", merge_kind_name(change->kind), "before",
			side_of(change->before), "after", side_of(change->after)));
	}
	return changes;
}

static int
compare_names(const void *one, const void *other)
{
	const char *const *a = one, *const *b = other;

	return strcmp(*a, *b);
}

static json_t *
new_people_of(struct arena *arena, const struct reading *reading)
{
	const char **names = arena_array(arena, reading->noccurrences, sizeof *names);
	json_t *people = json_array();
	size_t count = 0;

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *occurrence = &reading->occurrences[i];

		/* A name that was found in a title and that nobody in the directory has. */
		if (occurrence->class == READING_UNDECIDED && occurrence->person == NULL &&
		    occurrence->shown != NULL)
			names[count++] = occurrence->shown;
	}
	qsort(names, count, sizeof *names, compare_names);
	for (size_t i = 0; i < count && json_array_size(people) < READ_JSON_CHANGES_MAX; i++)
		if (i == 0 || strcmp(names[i - 1], names[i]) != 0)
			json_array_append_new(people, json_string(names[i]));
	return people;
}

const char *
read_json_diff(struct arena *arena, const struct merge *merge, const struct reading *reading,
    const struct reading_options *options)
{
	json_t *counts = json_object();

	for (unsigned kind = 0; kind <= MERGE_OTHER; kind++)
		json_object_set_new(counts, merge_kind_name((enum merge_kind)kind),
		    json_integer((json_int_t)merge->counts[kind]));
	return text_of(arena, json_pack("{s:o, s:o, s:o, s:o, s:o}", "counts", counts, "changes",
				  changes_of(merge), "new_people", new_people_of(arena, reading),
				  "people_to_match", people_to_match_of(arena, reading, options),
				  "to_decide", to_decide_of(arena, reading, options)));
}
