#include <string.h>

#include "calendars/titles/plain.h"
#include "server/base/vec.h"
#include "server/rota/rota_options.h"

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

/* The id as the region has it; NULL: not in the directory. */
static const char *
person_here(const struct region *region, const struct region_rota *rota, const char *id)
{
	uint32_t found = id == NULL ? TABLE_NONE : table_get(&region->person_by_id, id);

	if (found == TABLE_NONE || !region_in_directory(region, rota, &region->people[found]))
		return NULL;
	return region->people[found].id;
}

static const char *
folded(struct arena *arena, const char *words)
{
	return plain_fold(arena, slice_of(plain_text(arena, words)));
}

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

typedef VEC(struct reading_alias) alias_list;

/* Whether any of ${decisions} is about the name ${alias}. */
static bool
is_decided(
    struct arena *arena, const char *alias, const struct rota_decision *decisions, size_t count)
{
	const char *spelling = folded(arena, alias);

	for (size_t i = 0; i < count; i++)
		if (decisions[i].alias && strcmp(folded(arena, decisions[i].words), spelling) == 0)
			return true;
	return false;
}

void
rota_options_decide(struct arena *arena, const struct region *region,
    const struct region_rota *rota, const struct rota_decision *decisions, size_t count,
    struct reading_options *options)
{
	VEC(struct reading_rule) rules = {0};
	VEC(struct reading_alias) aliases = {0};

	for (size_t i = 0; i < options->nrules; i++)
		*VEC_PUSH(arena, &rules) = options->rules[i];
	/* Beside a decision of the same spelling they would make it ambiguous. */
	for (size_t i = 0; i < options->naliases; i++)
		if (!is_decided(arena, options->aliases[i].alias, decisions, count))
			*VEC_PUSH(arena, &aliases) = options->aliases[i];
	for (size_t i = 0; i < count; i++) {
		const struct rota_decision *decision = &decisions[i];

		if (decision->alias)
			*VEC_PUSH(arena, &aliases) = (struct reading_alias){
			    decision->words, person_here(region, rota, decision->person)};
		else
			*VEC_PUSH(arena, &rules) = rule_of(region, rota, decision);
	}
	options->rules = rules.items;
	options->nrules = rules.count;
	options->aliases = aliases.items;
	options->naliases = aliases.count;
}
