/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title.h"

#include <string.h>

#include "calendars/titles/plain.h"
#include "calendars/titles/shift_codes.h"
#include "calendars/titles/title_summary.h"
#include "calendars/titles/title_times.h"
#include "calendars/titles/words.h"

#define TITLE_MAX_BYTES 400

static const char *
key_of(struct arena *arena, const struct items *items)
{
	return plain_fold(arena, slice_of(title_summary(arena, items)));
}

const char *
title_key(const struct titles *titles, const char *summary)
{
	struct tokens tokens;
	struct items items;

	tokens_make(&tokens, titles->arena, summary);
	items_make(&items, titles, &tokens);
	return key_of(titles->arena, &items);
}

static void
init_teams(struct titles *titles)
{
	const char *const *names = titles->options->team_names;
	struct reading_person *teams;
	size_t count = 0;

	while (names != NULL && names[count] != NULL)
		count++;
	teams = arena_array(titles->arena, count, sizeof *teams);
	for (size_t i = 0; i < count; i++) {
		const char **aliases = arena_array(titles->arena, 2, sizeof *aliases);

		aliases[0] = names[i];
		teams[i] = (struct reading_person){.id = names[i], .name = "", .aliases = aliases};
	}
	people_init(&titles->teams, titles->arena,
	    &(struct people_known){.list = teams, .count = count, .lexicon = &titles->lexicon});
}

/* Whether ${alias} has no word that says whether somebody comes: "JJ TBC" is no name. */
static bool
is_name_only(const struct titles *titles, const char *alias)
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, alias);
	for (size_t i = 0, len = 0; i < tokens.items.count; i++) {
		/* Names of shifts and functions are allowed: people are called "Day" and
		 * "Reader". */
		enum word word = lexicon_find(&titles->lexicon, &tokens, i, &len);

		if (word != WORD_NONE && word != WORD_PLAIN && word != WORD_SHIFT &&
		    word != WORD_HONORIFIC && word != WORD_MAYBE)
			return false;
	}
	return true;
}

/* An alias that is more than a name would hide the doubt in it, so it means nobody. */
static const struct reading_alias *
sound_aliases(const struct titles *titles)
{
	const struct reading_options *options = titles->options;
	struct reading_alias *sound = arena_array(titles->arena, options->naliases, sizeof *sound);

	for (size_t i = 0; i < options->naliases; i++) {
		sound[i] = options->aliases[i];
		if (!is_name_only(titles, sound[i].alias))
			sound[i].person = NULL;
	}
	return sound;
}

/* The last rule for a title counts, so add it first: the table keeps the first. */
static void
init_rules(struct titles *titles)
{
	const struct reading_options *options = titles->options;

	table_init(&titles->rules, titles->arena, options->nrules);
	for (size_t i = options->nrules; i-- > 0;) {
		const char *key = title_key(titles, options->rules[i].title);

		if (key[0] != '\0')
			table_put(&titles->rules, titles->arena, key, (uint32_t)i);
	}
}

void
titles_init(struct titles *titles, struct arena *arena, const struct reading_options *options)
{
	struct people_known known = {.count = 0};

	*titles = (struct titles){.arena = arena, .options = options};
	lexicon_init(&titles->lexicon, arena);
	/* Before the people: whether an alias is only a name depends on what the words mean. */
	words_init(titles);
	if (options->directory)
		known = (struct people_known){options->people, options->npeople,
		    sound_aliases(titles), options->naliases, NULL};
	known.lexicon = &titles->lexicon;
	people_init(&titles->people, arena, &known);
	init_teams(titles);
	table_init(&titles->index, arena, 64);
	init_rules(titles);
	shift_codes_init(titles);
}

/* Without a directory names are shown and nobody counts. An absence that names no person of the
 * directory is undecided. */
static void
forget_people(const struct titles *titles, struct title_parts *parts)
{
	struct title_part *only = &parts->list.items[0];

	for (size_t i = 0; i < parts->list.count; i++) {
		if (parts->list.items[i].class != only->class)
			only->class = READING_UNDECIDED;
		if (only->shown == NULL)
			only->shown = parts->list.items[i].shown;
	}
	only->span = TITLE_WHOLE;
	parts->list.count = 1;
	(void)titles;
}

/*
 * Whether a rule may make somebody count by this title. Not if the title itself says that nobody
 * comes, or that it is cancelled. Nor, if it names nobody, if it has a word that people write while
 * no person is known: "TBC", "locum", "cover", "?".
 */
static bool
may_count(const struct items *items)
{
	bool names = false, says = false, open = false;

	/* No decision makes a patient a member of staff. */
	if (items->patient)
		return false;
	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];

		names = names || item_is_name(item) || item->kind == ITEM_TEAM ||
			item->kind == ITEM_UNKNOWN;
		if (item_is_word(item, WORD_NOBODY) || item_is_word(item, WORD_NO) ||
		    item_is_word(item, WORD_CANCELLED))
			return false;
		if (item_is_word(item, WORD_PLAIN) || item_is_word(item, WORD_SHIFT))
			says = true;
		else if (item->kind == ITEM_WORD || item_is_mark(item, '?'))
			open = true;
	}
	return names || (says && !open);
}

/* If a token is not accounted for, or a name is not known, nobody counts. Absences stay. */
static void
leave_undecided(const struct items *items, struct title_parts *parts)
{
	bool left = false;

	for (size_t i = 0; i < items->list.count; i++)
		left = left || items->list.items[i].left;
	for (size_t i = 0; left && i < parts->list.count; i++) {
		struct title_part *part = &parts->list.items[i];

		if (part->class == READING_NAMED)
			part->class = READING_TENTATIVE;
		else if (part->class == READING_TEAM) {
			part->class = READING_UNDECIDED;
			part->team = NULL;
		}
	}
}

/* The person named may be the patient, so no name is passed on. */
static void
keep_secret(const struct titles *titles, struct title_parts *parts)
{
	*parts = (struct title_parts){.warning = FAULT_NONE};
	VEC_PUSH(titles->arena, &parts->list)->class = READING_UNDECIDED;
}

static bool
apply_rule(const struct titles *titles, const struct items *items, struct title_parts *parts)
{
	const struct reading_rule *rule;
	struct title_part *part;
	uint32_t index;

	if (titles->options->nrules == 0)
		return false;
	index = table_get(&titles->rules, key_of(titles->arena, items));
	if (index == TABLE_NONE)
		return false;
	rule = &titles->options->rules[index];
	if ((rule->class == READING_NAMED || rule->class == READING_TEAM) && !may_count(items)) {
		parts->warning = FAULT_RULE_NOT_KEPT;
		parts->warning_word = items->tokens->plain;
		return false;
	}
	part = VEC_PUSH(titles->arena, &parts->list);
	/* A decision is of the whole title, so that its hours and its days have been seen by who
	 * decided: neither is held against it. */
	part->class = rule->class;
	part->person = rule->person;
	part->team = rule->team;
	/* In a calendar of absences the person named is away. */
	if (rule->class == READING_NAMED && titles->options->absences)
		part->class = READING_ABSENCE;
	return true;
}

static const struct title *
read_title(struct titles *titles, const char *summary)
{
	struct title *title = arena_alloc(titles->arena, sizeof *title);
	struct title_parts parts = {.warning = FAULT_NONE};
	struct tokens tokens;
	struct items items;

	tokens_make(&tokens, titles->arena,
	    strlen(summary) <= TITLE_MAX_BYTES
		? summary
		: arena_strndup(titles->arena, summary, TITLE_MAX_BYTES));
	items_make(&items, titles, &tokens);
	if (strlen(summary) > TITLE_MAX_BYTES || !apply_rule(titles, &items, &parts)) {
		if (strlen(summary) > TITLE_MAX_BYTES)
			VEC_PUSH(titles->arena, &parts.list)->class = READING_UNDECIDED;
		else
			title_read_words(titles, &items, &parts);
		leave_undecided(&items, &parts);
		if (items.patient)
			keep_secret(titles, &parts);
		if (parts.list.count == 0)
			VEC_PUSH(titles->arena, &parts.list)->class = READING_UNDECIDED;
		if (!titles->options->directory)
			forget_people(titles, &parts);
		title->when = title_when_of(titles, &items);
		title->when.clock = parts.clock;
		title->when.clock_from = parts.clock_from;
		title->when.clock_to = parts.clock_to;
	}
	/* What is stored is cut and cleaned here, once, for calendars, previews and the record
	 * alike. */
	title->summary =
	    plain_cut(titles->arena, title_summary(titles->arena, &items), TITLE_MAX_BYTES);
	/* A patient's name would be an unknown word, listed for everybody who decides. */
	if (!items.patient)
		words_unknown(titles, &items, title);
	title->parts = parts.list.items;
	title->nparts = parts.list.count;
	title->warning = parts.warning;
	title->warning_word = parts.warning_word;
	return title;
}

const struct title *
title_read(struct titles *titles, const char *summary)
{
	uint32_t known = table_get(&titles->index, summary);
	const struct title *title;

	if (known != TABLE_NONE)
		return titles->read.items[known];
	title = read_title(titles, summary);
	/* A rota has few titles and many shifts. */
	table_put(&titles->index, titles->arena, arena_strdup(titles->arena, summary),
	    (uint32_t)titles->read.count);
	*VEC_PUSH(titles->arena, &titles->read) = title;
	return title;
}

/* ---- Single titles. */

struct reading_titles {
	struct titles titles;
};

struct reading_titles *
reading_titles_open(const struct reading_options *options, struct arena *arena)
{
	struct reading_titles *titles = arena_alloc(arena, sizeof *titles);

	titles_init(&titles->titles, arena, options);
	return titles;
}

static void
list_unknown(struct arena *arena, const struct title *title, struct reading_title *out)
{
	const char **words = arena_array(arena, title->nunknown, sizeof *words);

	for (size_t i = 0; i < title->nunknown; i++)
		words[i] = title->unknown[i].word;
	out->unknown_words = words;
	out->nunknown_words = title->nunknown;
}

void
reading_title_of(struct reading_titles *titles, const char *text, struct reading_title *out)
{
	const struct title *title = title_read(&titles->titles, text);
	const struct title_part *part = title->nparts == 1 ? &title->parts[0] : NULL;

	struct tokens tokens;
	struct items items;

	tokens_make(&tokens, titles->titles.arena, text);
	items_make(&items, &titles->titles, &tokens);
	*out = (struct reading_title){
	    .key = key_of(titles->titles.arena, &items),
	    .summary = title->summary,
	    .class = part != NULL ? part->class : READING_UNDECIDED,
	    .person = part != NULL ? part->person : NULL,
	    .team = part != NULL && part->class == READING_TEAM ? part->team : NULL,
	};
	/* That a rule exists is told even where it may not count, so that nobody is asked again. */
	out->ruled = table_get(&titles->titles.rules, out->key) != TABLE_NONE;
	for (size_t i = 0; i < items.list.count; i++) {
		enum item_kind kind = items.list.items[i].kind;

		out->several = out->several || kind == ITEM_SEVERAL;
		out->stranger = out->stranger || kind == ITEM_STRANGER || kind == ITEM_UNKNOWN;
	}
	list_unknown(titles->titles.arena, title, out);
}
