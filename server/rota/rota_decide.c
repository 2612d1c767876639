/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/plain.h"
#include "server/base/vec.h"
#include "server/rota/rota_options.h"

/* Only what a person may decide. Classes that the reader gives by itself (tentative, unreadable)
 * are not among them. */
bool
rota_reads(const char *name, enum reading_class *out)
{
	static const enum reading_class decidable[] = {READING_NAMED, READING_TEAM, READING_NOBODY,
	    READING_UNDECIDED, READING_ABSENCE, READING_NOISE};

	for (size_t i = 0; name != NULL && i < sizeof decidable / sizeof *decidable; i++) {
		if (strcmp(reading_class_name(decidable[i]), name) == 0) {
			*out = decidable[i];
			return true;
		}
	}
	return false;
}

/* False for a kind or a value that is not known, such as one from a newer server. */
bool
rota_decision_says(const char *kind, const char *reads, struct rota_decision *out)
{
	if (strcmp(kind, "title") == 0) {
		out->kind = ROTA_TITLE;
		return rota_reads(reads, &out->reads);
	}
	if (strcmp(kind, "alias") == 0) {
		out->kind = ROTA_ALIAS;
		out->reads = READING_NAMED;
		return strcmp(reads, "named") == 0;
	}
	if (strcmp(kind, "word") == 0) {
		out->kind = ROTA_WORD;
		return reading_word_means_of(reads, &out->means);
	}
	if (strcmp(kind, "zone") == 0) {
		out->kind = ROTA_ZONE;
		return strcmp(reads, "zone") == 0;
	}
	out->kind = ROTA_DATE_ORDER;
	out->date_order = strcmp(reads, "mdy") == 0 ? READING_DATES_MDY : READING_DATES_DMY;
	return strcmp(kind, "date_order") == 0 &&
	       (out->date_order == READING_DATES_MDY || strcmp(reads, "dmy") == 0);
}

/* The id as the region has it; NULL: not in the directory. The region's copy of the id lives as
 * long as the region. The decision's own text may not. */
static const char *
person_here(const struct region *region, const struct region_rota *rota, const char *id)
{
	uint32_t found = id == NULL ? TABLE_NONE : table_get(&region->person_by_id, id);

	if (found == TABLE_NONE || !region_in_directory(region, rota, region_person(region, found)))
		return NULL;
	return region_person(region, found)->id;
}

static const char *
folded(struct arena *arena, const char *words)
{
	return plain_fold(arena, slice_of(plain_text(arena, words)));
}

/* A decision may outlive the person or the team that it names. Then the title is undecided again:
 * it must not count, and a person is asked. */
static struct reading_rule
rule_of(const struct region *region, const struct region_rota *rota,
    const struct rota_decision *decision)
{
	struct reading_rule rule = {.title = decision->words, .class = decision->reads};

	switch (rule.class) {
	case READING_NAMED:
	case READING_ABSENCE:
		rule.person = person_here(region, rota, decision->person);
		if (rule.person == NULL)
			rule.class = READING_UNDECIDED;
		break;
	case READING_TEAM:
		rule.team = decision->team == NULL ? NULL : region_team(rota, decision->team);
		if (rule.team == NULL)
			rule.class = READING_UNDECIDED;
		break;
	default:
		break;
	}
	return rule;
}

/* Whether any of ${decisions} of that kind is about the words ${words}. Spellings are compared
 * folded, as the reader compares titles. */
static bool
is_decided(struct arena *arena, enum rota_decision_kind kind, const char *words,
    struct rota_decisions decisions)
{
	const char *spelling = folded(arena, words);

	for (size_t i = 0; i < decisions.count; i++)
		if (decisions.items[i].kind == kind &&
		    strcmp(folded(arena, decisions.items[i].words), spelling) == 0)
			return true;
	return false;
}

/* The reader takes the later of two rules for the same title (calendars/titles/title.c), so that a
 * decision overrides the region file. */
static void
decide_titles(struct arena *arena, const struct region *region, const struct region_rota *rota,
    struct rota_decisions decisions, struct reading_options *options)
{
	VEC(struct reading_rule) rules = {0};

	for (size_t i = 0; i < options->nrules; i++)
		*VEC_PUSH(arena, &rules) = options->rules[i];
	for (size_t i = 0; i < decisions.count; i++)
		if (decisions.items[i].kind == ROTA_TITLE)
			*VEC_PUSH(arena, &rules) = rule_of(region, rota, &decisions.items[i]);
	options->rules = rules.items;
	options->nrules = rules.count;
}

/* Beside a decision of the same spelling an alias of the file would make it ambiguous. */
static void
decide_aliases(struct arena *arena, const struct region *region, const struct region_rota *rota,
    struct rota_decisions decisions, struct reading_options *options)
{
	VEC(struct reading_alias) aliases = {0};

	for (size_t i = 0; i < options->naliases; i++)
		if (!is_decided(arena, ROTA_ALIAS, options->aliases[i].alias, decisions))
			*VEC_PUSH(arena, &aliases) = options->aliases[i];
	for (size_t i = 0; i < decisions.count; i++)
		if (decisions.items[i].kind == ROTA_ALIAS)
			*VEC_PUSH(arena, &aliases) =
			    (struct reading_alias){decisions.items[i].words,
				person_here(region, rota, decisions.items[i].person)};
	options->aliases = aliases.items;
	options->naliases = aliases.count;
}

/* A date order decided here replaces that of the file, as there can be only one. */
static void
decide_times(struct arena *arena, struct rota_decisions decisions, struct reading_options *options)
{
	VEC(struct reading_zone) zones = {0};

	for (size_t i = 0; i < options->nzones; i++)
		if (!is_decided(arena, ROTA_ZONE, options->zones[i].name, decisions))
			*VEC_PUSH(arena, &zones) = options->zones[i];
	for (size_t i = 0; i < decisions.count; i++) {
		if (decisions.items[i].kind == ROTA_ZONE)
			*VEC_PUSH(arena, &zones) = (struct reading_zone){
			    decisions.items[i].words, decisions.items[i].zone};
		else if (decisions.items[i].kind == ROTA_DATE_ORDER)
			options->date_order = decisions.items[i].date_order;
	}
	options->zones = zones.items;
	options->nzones = zones.count;
}

static void
decide_words(struct arena *arena, struct rota_decisions decisions, struct reading_options *options)
{
	VEC(struct reading_word) words = {0};

	for (size_t i = 0; i < options->nwords; i++)
		*VEC_PUSH(arena, &words) = options->words[i];
	for (size_t i = 0; i < decisions.count; i++) {
		if (decisions.items[i].kind == ROTA_WORD)
			*VEC_PUSH(arena, &words) = (struct reading_word){
			    decisions.items[i].words, decisions.items[i].means};
	}
	options->words = words.items;
	options->nwords = words.count;
}

void
rota_options_decide(struct arena *arena, const struct region *region,
    const struct region_rota *rota, struct rota_decisions decisions,
    struct reading_options *options)
{
	decide_titles(arena, region, rota, decisions, options);
	decide_aliases(arena, region, rota, decisions, options);
	decide_words(arena, decisions, options);
	decide_times(arena, decisions, options);
}
