/* SPDX-License-Identifier: MIT */
#include "server/feeds/to_decide.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/table.h"
#include "server/base/vec.h"
#include "server/feeds/read_json.h"

#define DAY_SECONDS INT64_C(86400)

/* ------------------------------------------------------------------------------ who is meant */

/* Examples that a person sees beside a name. */
#define TITLES_MAX 5

struct open_name {
	const char *name;
	bool whole;   /* the whole title */
	bool settled; /* by what its words mean, or by a decision */
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
	/* A character that cannot be part of a name separates the two kinds. */
	const char *key = arena_printf(names->arena, "%c%s", whole ? '\n' : ' ', name);
	uint32_t known = table_put(&names->index, names->arena, key, (uint32_t)names->list.count);
	struct open_name *open;

	/* The first occurrence is the earliest, since they come by their start. */
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
	json_object_set_new(out, "first_start", read_json_instant(open->first));
	return out;
}

enum openness { CLOSED, OPEN_NAME, OPEN_TITLE };

/* The open question of an undecided title. One that somebody has decided to leave undecided:
 * nothing. */
static enum openness
openness_of(struct reading_titles *titles, const struct reading_occurrence *occurrence)
{
	struct reading_title read;

	reading_title_of(titles, occurrence->summary, &read);
	if (read.ruled)
		return CLOSED;
	return occurrence->shown != NULL ? OPEN_NAME : read.stranger ? OPEN_TITLE : CLOSED;
}

/* Occurrences come by their start. A calendar has few titles and many shifts. */
static void
find_open(struct open_names *names, struct reading_titles *titles, const struct reading *reading)
{
	struct table known;

	table_init(&names->index, names->arena, 64);
	table_init(&known, names->arena, 64);
	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *occurrence = &reading->occurrences[i];
		uint32_t open;

		/* With a person it is undecided for another reason than its title, such as a zone
		 * or a date. */
		if (occurrence->class != READING_UNDECIDED || occurrence->person != NULL)
			continue;
		open = table_get(&known, occurrence->summary);
		if (open == TABLE_NONE) {
			open = openness_of(titles, occurrence);
			/* Reading a title costs far more than finding it in a table, and shifts
			 * repeat their titles. */
			table_put(&known, names->arena, occurrence->summary, open);
		}
		if (open != CLOSED)
			note_open(names,
			    occurrence->shown != NULL ? occurrence->shown : occurrence->summary,
			    occurrence);
	}
}

json_t *
people_to_match_of(
    struct arena *arena, const struct reading *reading, const struct reading_options *options)
{
	struct reading_titles *titles = reading_titles_open(options, arena);
	struct open_names names = {.arena = arena};
	json_t *people = json_array();

	find_open(&names, titles, reading);
	for (size_t i = 0; i < names.list.count && i < TO_DECIDE_MAX; i++)
		json_array_append_new(people, open_name_of(titles, &names.list.items[i]));
	return people;
}

/* ------------------------------------------------------------------------ all that is left open */

struct open_item {
	json_t *json;
	json_int_t count;
	size_t nth;
};

typedef VEC(struct open_item) open_list;
typedef VEC(struct reading_rule) rule_list;

static void
add_open(struct arena *arena, open_list *list, json_t *item)
{
	*VEC_PUSH(arena, list) = (struct open_item){
	    .json = item,
	    .count = json_integer_value(json_object_get(item, "count")),
	    .nth = list->count,
	};
}

/* By their key, since a name may be written in other letters. */
static void
add_words(struct arena *arena, open_list *list, struct table *known, const struct reading *reading)
{
	for (size_t i = 0; i < reading->nunknown_words; i++) {
		const struct reading_unknown_word *word = &reading->unknown_words[i];
		const char *key = reading_word_key(arena, word->word);

		if (key != NULL)
			table_put(known, arena, key, (uint32_t)i);
		add_open(arena, list,
		    json_pack("{s:s, s:s, s:I, s:s}", "kind", "word", "words", word->word, "count",
			(json_int_t)word->shifts, "example", word->example));
	}
}

/* Whether it is settled by what its words mean, which are in the list already. */
static bool
is_words(struct arena *arena, const struct table *known, struct reading_titles *titles,
    const struct open_name *open)
{
	const char *key = reading_word_key(arena, open->name);
	struct reading_title read;

	/* A name is settled by one word; a whole title by any of its words. */
	if (!open->whole)
		return key != NULL && table_get(known, key) != TABLE_NONE;
	reading_title_of(titles, open->name, &read);
	return read.nunknown_words > 0;
}

static void
add_names(struct arena *arena, open_list *list, const struct reading *reading,
    const struct reading_options *options, const struct table *known)
{
	struct reading_titles *titles = reading_titles_open(options, arena);
	struct open_names names = {.arena = arena};

	find_open(&names, titles, reading);
	for (size_t i = 0; i < names.list.count; i++) {
		const struct open_name *open = &names.list.items[i];

		if (is_words(arena, known, titles, open))
			continue;
		add_open(arena, list,
		    json_pack("{s:s, s:s, s:I, s:s}", "kind", open->whole ? "title" : "name",
			"words", open->name, "count", (json_int_t)open->count, "example",
			open->titles[0]));
	}
}

/* Titles that name somebody and count for nobody all the same, with the person they probably mean:
 * as rules, so that it can be seen which of them a decision would make count. */
static void
find_doubtful(struct open_names *names, const struct reading *reading,
    struct reading_titles *titles, rule_list *rules)
{
	table_init(&names->index, names->arena, 64);
	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *occurrence = &reading->occurrences[i];
		size_t before = names->list.count;
		struct reading_title read;

		if (occurrence->class != READING_TENTATIVE || occurrence->person == NULL)
			continue;
		note_open(names, occurrence->summary, occurrence);
		/* The title is known already; only its count has grown. */
		if (names->list.count == before)
			continue;
		reading_title_of(titles, occurrence->summary, &read);
		names->list.items[before].settled =
		    read.ruled || read.nunknown_words > 0 || read.class != READING_TENTATIVE;
		*VEC_PUSH(names->arena, rules) = (struct reading_rule){
		    .title = occurrence->summary,
		    .class = READING_NAMED,
		    .person = occurrence->person,
		};
	}
}

static void
add_doubtful(struct arena *arena, open_list *list, const struct reading *reading,
    const struct reading_options *options)
{
	struct open_names names = {.arena = arena};
	struct reading_options decided = *options;
	struct reading_titles *titles;
	rule_list rules = {0};

	find_doubtful(&names, reading, reading_titles_open(options, arena), &rules);
	/* All of them at once, as if somebody had decided each: where the title then counts, its
	 * decision is worth asking for. */
	decided.rules = rules.items;
	decided.nrules = rules.count;
	titles = reading_titles_open(&decided, arena);
	for (size_t i = 0; i < names.list.count; i++) {
		const struct open_name *open = &names.list.items[i];
		struct reading_title read;

		reading_title_of(titles, open->name, &read);
		/* A title that would not count even then (TBC) is not asked about; its decision
		 * would be refused. */
		if (!open->settled && read.class == READING_NAMED)
			add_open(arena, list,
			    json_pack("{s:s, s:s, s:I, s:s}", "kind", "title", "words", open->name,
				"count", (json_int_t)open->count, "example", open->name));
	}
}

static json_t *
day_of(int64_t day)
{
	char text[CIVIL_RFC3339_MAX];

	civil_rfc3339(day * DAY_SECONDS, text);
	return json_stringn(text, strlen("2026-12-07"));
}

static json_t *
dates_of(const struct reading *reading)
{
	json_t *dates = json_array();

	for (size_t i = 0; i < reading->ndates; i++) {
		const struct reading_date *date = &reading->dates[i];

		json_array_append_new(dates,
		    json_pack("{s:I, s:s, s:o, s:o}", "line", (json_int_t)date->line, "written",
			date->written, "dmy", day_of(date->dmy), "mdy", day_of(date->mdy)));
	}
	return dates;
}

static void
add_times(struct arena *arena, open_list *list, const struct reading *reading)
{
	for (size_t i = 0; i < reading->nunknown_zones; i++)
		add_open(arena, list,
		    json_pack("{s:s, s:s, s:I}", "kind", "zone", "words",
			reading->unknown_zones[i].name, "count",
			(json_int_t)reading->unknown_zones[i].events));
	if (reading->ambiguous_dates)
		add_open(arena, list,
		    json_pack("{s:s, s:I, s:o}", "kind", "date_order", "count",
			(json_int_t)reading->events, "dates", dates_of(reading)));
}

static int
heavier(const void *left, const void *right)
{
	const struct open_item *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	/* qsort() is not stable; among equals the order in which they were found stays. */
	return (a->nth > b->nth) - (a->nth < b->nth);
}

json_t *
to_decide_of(
    struct arena *arena, const struct reading *reading, const struct reading_options *options)
{
	open_list list = {0};
	json_t *all = json_array();
	struct table known;

	table_init(&known, arena, 64);
	add_words(arena, &list, &known, reading);
	add_names(arena, &list, reading, options, &known);
	add_doubtful(arena, &list, reading, options);
	add_times(arena, &list, reading);
	if (list.count > 1)
		qsort(list.items, list.count, sizeof *list.items, heavier);
	for (size_t i = 0; i < list.count; i++) {
		if (i < TO_DECIDE_MAX)
			json_array_append_new(all, list.items[i].json);
		else
			/* Made before the list was sorted and cut. */
			json_decref(list.items[i].json);
	}
	return all;
}
