#include "calendars/titles/title.h"

#include <string.h>

#include "calendars/titles/plain.h"
#include "calendars/titles/shift_codes.h"
#include "calendars/titles/title_clause.h"
#include "calendars/titles/title_summary.h"
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
	people_init(&titles->teams, titles->arena, teams, count, NULL, 0);
}

/* Whether ${alias} has no word in it that says whether somebody comes: "JJ TBC" is no name. */
static bool
is_name_only(const struct titles *titles, const char *alias)
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, alias);
	for (size_t i = 0, len = 0; i < tokens.items.count; i++) {
		enum word word = lexicon_find(&titles->lexicon, &tokens, i, &len);

		if (word != WORD_NONE && word != WORD_PLAIN && word != WORD_SHIFT &&
		    word != WORD_HONORIFIC)
			return false;
	}
	return true;
}

/* What is more than a name stands for nobody: it would swallow the doubt that it has in it. */
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

/* The last rule of a title is the one that counts, so it is put first. */
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
	*titles = (struct titles){.arena = arena, .options = options};
	lexicon_init(&titles->lexicon, arena);
	words_init(titles);
	people_init(&titles->people, arena, options->people,
	    options->directory ? options->npeople : 0, sound_aliases(titles),
	    options->directory ? options->naliases : 0);
	init_teams(titles);
	table_init(&titles->index, arena, 64);
	init_rules(titles);
	shift_codes_init(titles);
}

/* ---- times
 * ------------------------------------------------------------------------------------------------------------
 */

struct span {
	enum title_span kind;
	int from, to;
	bool vague;
	size_t at, len; /* items */
};

static const struct token *
token_of(const struct items *items, const struct item *item)
{
	return &items->tokens->items.items[item->token];
}

static bool
is_hour(const struct items *items, const struct item *item)
{
	return (item->kind == ITEM_TIME || item->kind == ITEM_NUMBER) &&
	       token_of(items, item)->minutes >= 0;
}

static bool
is_word(const struct item *item, enum word word)
{
	return item->kind == ITEM_WORD && item->word == word;
}

static bool
is_mark(const struct item *item, char mark)
{
	return item->kind == ITEM_MARK && item->mark == mark;
}

/* "17-21", "17:00 to 21:00", "until 22.00", "from 9am" at item ${at}. */
static bool
find_span(
    const struct items *items, const struct item *list, size_t count, size_t at, struct span *out)
{
	const struct token *first;
	size_t second;

	if (at + 1 < count && is_hour(items, &list[at + 1]) &&
	    (is_word(&list[at], WORD_UNTIL) || is_word(&list[at], WORD_TO) ||
		is_word(&list[at], WORD_FROM))) {
		struct span range;

		first = token_of(items, &list[at + 1]);
		if (is_word(&list[at], WORD_FROM) &&
		    find_span(items, list, count, at + 1, &range)) {
			*out = range;
			out->at = at;
			out->len = range.len + 1;
			return true;
		}
		*out = (struct span){is_word(&list[at], WORD_FROM) ? TITLE_FROM : TITLE_UNTIL,
		    first->minutes, first->minutes,
		    list[at + 1].kind == ITEM_NUMBER && first->vague, at, 2};
		return true;
	}
	if (!is_hour(items, &list[at]))
		return false;
	first = token_of(items, &list[at]);
	second = at + 1;
	if (second < count && (is_mark(&list[second], '-') || is_word(&list[second], WORD_TO) ||
				  is_word(&list[second], WORD_UNTIL)))
		second++;
	else if (second < count && !token_of(items, &list[second])->glued)
		return false;
	if (second >= count || !is_hour(items, &list[second]))
		return false;
	*out = (struct span){TITLE_BETWEEN, first->minutes, token_of(items, &list[second])->minutes,
	    false, at, second + 1 - at};
	out->vague = (list[at].kind == ITEM_NUMBER && first->vague) ||
		     (list[second].kind == ITEM_NUMBER && token_of(items, &list[second])->vague);
	return true;
}

static bool
parts_clauses(const struct item *item)
{
	return is_mark(item, ',') || is_mark(item, ';') || is_mark(item, '/') ||
	       is_mark(item, '|') || is_mark(item, '+') || is_mark(item, '&') ||
	       is_word(item, WORD_THEN);
}

struct clauses {
	const struct titles *titles;
	const struct items *items;
	struct title_parts *parts;
	int last_to; /* where the clause before ended, for "then"; -1: unknown */
	bool unclear;
};

/* One clause with at most one span; the words of the span are taken out of it. */
static void
read_clause(struct clauses *c, const struct item *list, size_t count, bool timed, bool then)
{
	struct item *rest = arena_array(c->titles->arena, count, sizeof *rest);
	struct span span = {.kind = TITLE_WHOLE};
	size_t first = c->parts->list.count;
	size_t kept = 0;
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		struct span here;

		if (find_span(c->items, list, count, i, &here)) {
			c->unclear = c->unclear || found || here.vague;
			span = here;
			found = true;
			i += here.len - 1;
		} else
			rest[kept++] = list[i];
	}
	if (kept == 0)
		c->unclear = c->unclear || found;
	if (kept == 0)
		return;
	if (!found && timed) {
		c->unclear = c->unclear || !then || c->last_to < 0;
		span = (struct span){.kind = TITLE_FROM, .from = c->last_to};
	}
	c->last_to = found && span.kind != TITLE_FROM ? span.to : -1;
	title_clause(c->titles, c->items, rest, kept, c->parts);
	for (size_t i = first; i < c->parts->list.count; i++) {
		struct title_part *part = &c->parts->list.items[i];

		part->span = span.kind;
		part->from = span.from;
		part->to = span.to;
	}
}

static size_t
count_spans(const struct items *items)
{
	size_t spans = 0;

	for (size_t i = 0; i < items->list.count; i++) {
		struct span span;

		if (find_span(items, items->list.items, items->list.count, i, &span)) {
			spans++;
			i += span.len - 1;
		}
	}
	return spans;
}

/* Whether one time is not for the whole of the title: "then" follows, or names stand in several of
 * its clauses. */
static bool
has_clauses(const struct items *items)
{
	size_t named = 0;
	bool here = false;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];

		if (is_word(item, WORD_THEN))
			return true;
		if (parts_clauses(item))
			here = false;
		else if (item_is_name(item) && !here) {
			here = true;
			named++;
		}
	}
	return named > 1;
}

/* Several times, or "then": each clause has its own. */
static void
read_clauses(struct clauses *c)
{
	const struct item *list = c->items->list.items;
	size_t count = c->items->list.count;
	size_t from = 0;
	bool then = false;

	while (from < count) {
		size_t to = from;

		while (to < count && !parts_clauses(&list[to]))
			to++;
		if (to > from)
			read_clause(c, list + from, to - from, true, then);
		if (to < count)
			then = is_word(&list[to], WORD_THEN) || (then && to == from);
		from = to + 1;
	}
}

static void
make_undecided(const struct titles *titles, struct title_parts *parts, const char *plain)
{
	for (size_t i = 0; i < parts->list.count; i++) {
		struct title_part *part = &parts->list.items[i];

		part->span = TITLE_WHOLE;
		if (part->class == READING_NAMED)
			part->class = READING_TENTATIVE;
		else if (part->class != READING_TENTATIVE) {
			part->class = READING_UNDECIDED;
			part->person = part->team = NULL;
		}
	}
	if (parts->list.count == 0)
		VEC_PUSH(titles->arena, &parts->list)->class = READING_UNDECIDED;
	parts->warning = FAULT_TITLE_TIMES;
	parts->warning_word = plain;
}

static void
read_words(const struct titles *titles, const struct items *items, struct title_parts *parts)
{
	struct clauses c = {.titles = titles, .items = items, .parts = parts, .last_to = -1};
	size_t spans = count_spans(items);

	if (spans == 0 && shift_codes_divide(titles, items, parts))
		return;
	if (spans == 0)
		title_clause(titles, items, items->list.items, items->list.count, parts);
	else if (spans == 1 && !has_clauses(items))
		read_clause(&c, items->list.items, items->list.count, false, false);
	else
		read_clauses(&c);
	if (c.unclear)
		make_undecided(titles, parts, items->tokens->plain);
}

/* Without a directory names are shown, but none counts; an absence without a person of ours is for
 * a person to decide. */
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
 * Whether a rule may make somebody count by this title. Not where the title itself says that nobody
 * comes or that it is cancelled; and where it names nobody, not if it has any of the words that are
 * written while no person is known: "TBC", "locum", "cover", "?".
 */
static bool
may_count(const struct items *items)
{
	bool names = false, says = false, open = false;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];

		names = names || item_is_name(item) || item->kind == ITEM_TEAM ||
			item->kind == ITEM_UNKNOWN;
		if (is_word(item, WORD_NOBODY) || is_word(item, WORD_NO) ||
		    is_word(item, WORD_CANCELLED))
			return false;
		if (is_word(item, WORD_PLAIN) || is_word(item, WORD_SHIFT))
			says = true;
		else if (item->kind == ITEM_WORD || is_mark(item, '?'))
			open = true;
	}
	return names || (says && !open);
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
	part->class = rule->class;
	part->person = rule->person;
	part->team = rule->team;
	/* In a calendar of absences whoever is named is away. */
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
			read_words(titles, &items, &parts);
		if (parts.list.count == 0)
			VEC_PUSH(titles->arena, &parts.list)->class = READING_UNDECIDED;
		if (!titles->options->directory)
			forget_people(titles, &parts);
	}
	title->summary =
	    plain_cut(titles->arena, title_summary(titles->arena, &items), TITLE_MAX_BYTES);
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
	table_put(&titles->index, titles->arena, arena_strdup(titles->arena, summary),
	    (uint32_t)titles->read.count);
	*VEC_PUSH(titles->arena, &titles->read) = title;
	return title;
}

/* ---- one by one
 * --------------------------------------------------------------------------------------------------------
 */

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
	out->ruled = table_get(&titles->titles.rules, out->key) != TABLE_NONE;
	for (size_t i = 0; i < items.list.count; i++) {
		enum item_kind kind = items.list.items[i].kind;

		out->several = out->several || kind == ITEM_SEVERAL;
		out->stranger = out->stranger || kind == ITEM_STRANGER || kind == ITEM_UNKNOWN;
	}
	list_unknown(titles->titles.arena, title, out);
}
