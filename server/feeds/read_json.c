#include "server/feeds/read_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/base/table.h"
#include "server/base/vec.h"

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

static json_t *
instant(int64_t utc)
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

	for (size_t i = 0; i < reading->nfindings && i < FINDINGS_MAX; i++)
		json_array_append_new(findings, finding_of(&reading->findings[i]));
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

const char *
read_json_reading(struct arena *arena, const struct reading *reading,
    const struct reading_options *options, const struct notes_about *about)
{
	json_t *root = json_object();

	json_object_set_new(root, "window_from", instant(options->from));
	json_object_set_new(root, "window_to", instant(options->until));
	json_object_set_new(root, "events", json_integer(reading->events));
	json_object_set_new(root, "counts", counts_of(reading));
	json_object_set_new(root, "findings", findings_of(arena, reading));
	json_object_set_new(root, "first_start", instant(reading->first));
	json_object_set_new(root, "horizon", instant(reading->horizon));
	json_object_set_new(root, "zone_used",
	    reading->zone_used == NULL ? json_null() : json_string(reading->zone_used));
	if (about != NULL)
		notes_add(arena, root, reading, about);
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
	json_object_set_new(side, "start", instant(row->start));
	json_object_set_new(side, "end", instant(row->end));
	return side;
}

static json_t *
changes_of(const struct merge *merge)
{
	json_t *changes = json_array();

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

/* ------------------------------------------------------------------------------ who is meant */

#define TITLES_MAX 5

struct open_name {
	const char *name;
	bool whole; /* the whole title */
	uint32_t count;
	int64_t first;
	const char *titles[TITLES_MAX];
	size_t ntitles;
};

struct open_names {
	struct arena *arena;
	struct table index;
	VEC(struct open_name) list;
};

static bool
has_title(const struct open_name *open, const char *title)
{
	for (size_t i = 0; i < open->ntitles; i++)
		if (strcmp(open->titles[i], title) == 0)
			return true;
	return false;
}

/* Occurrences come by their start. */
static void
note_open(struct open_names *names, const char *name, const struct reading_occurrence *occurrence)
{
	bool whole = occurrence->shown == NULL;
	/* What cannot be part of a name keeps the two kinds apart. */
	const char *key = arena_printf(names->arena, "%c%s", whole ? '\n' : ' ', name);
	uint32_t known = table_put(&names->index, names->arena, key, (uint32_t)names->list.count);
	struct open_name *open;

	if (known == TABLE_NONE) {
		open = VEC_PUSH(names->arena, &names->list);
		*open =
		    (struct open_name){.name = name, .whole = whole, .first = occurrence->start};
	} else
		open = &names->list.items[known];
	open->count++;
	if (open->ntitles < TITLES_MAX && !has_title(open, occurrence->summary))
		open->titles[open->ntitles++] = occurrence->summary;
}

static json_t *
open_name_of(struct reading_titles *titles, const struct open_name *open)
{
	struct reading_title read;
	json_t *seen = json_array();
	json_t *out;

	reading_title_of(titles, open->name, &read);
	for (size_t i = 0; i < open->ntitles; i++)
		json_array_append_new(seen, json_string(open->titles[i]));
	out = json_pack("{s:s, s:s, s:s, s:I, s:o}", "name", open->name, "kind",
	    open->whole ? "title" : "name", "fits", read.several ? "several" : "nobody", "count",
	    (json_int_t)open->count, "titles", seen);
	json_object_set_new(out, "first_start", instant(open->first));
	return out;
}

enum openness { CLOSED, OPEN_NAME, OPEN_TITLE };

/* What an undecided title leaves open. One that somebody has decided to leave undecided: nothing.
 */
static enum openness
openness_of(struct reading_titles *titles, const struct reading_occurrence *occurrence)
{
	struct reading_title read;

	reading_title_of(titles, occurrence->summary, &read);
	if (read.ruled)
		return CLOSED;
	return occurrence->shown != NULL ? OPEN_NAME : read.stranger ? OPEN_TITLE : CLOSED;
}

/* The first to come are the first to be decided. A calendar has few titles and many shifts. */
static json_t *
people_to_match_of(
    struct arena *arena, const struct reading *reading, const struct reading_options *options)
{
	struct reading_titles *titles = reading_titles_open(options, arena);
	struct open_names names = {.arena = arena};
	json_t *people = json_array();
	struct table known;

	table_init(&names.index, arena, 64);
	table_init(&known, arena, 64);
	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *occurrence = &reading->occurrences[i];
		uint32_t open;

		if (occurrence->class != READING_UNDECIDED || occurrence->person != NULL)
			continue;
		open = table_get(&known, occurrence->summary);
		if (open == TABLE_NONE) {
			open = openness_of(titles, occurrence);
			table_put(&known, arena, occurrence->summary, open);
		}
		if (open != CLOSED)
			note_open(&names,
			    occurrence->shown != NULL ? occurrence->shown : occurrence->summary,
			    occurrence);
	}
	for (size_t i = 0; i < names.list.count && i < READ_JSON_CHANGES_MAX; i++)
		json_array_append_new(people, open_name_of(titles, &names.list.items[i]));
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
	return text_of(arena, json_pack("{s:o, s:o, s:o, s:o}", "counts", counts, "changes",
				  changes_of(merge), "new_people", new_people_of(arena, reading),
				  "people_to_match", people_to_match_of(arena, reading, options)));
}
