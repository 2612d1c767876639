/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* Reads what a region file decides about a rota's names, titles and words: reading.aliases,
 * reading.titles and reading.words. */

/* A decision may name only people of the rota's directory. Otherwise a title could put somebody
 * on call who does not belong to the service. */
static void
check_person(const struct region_field *field, const struct region_rota *rota, uint32_t person)
{
	const struct region *region = field->reader->region;

	if (person != REGION_NONE &&
	    !region_in_directory(region, rota, region_person(region, person)))
		field_fault(field,
		    "%s is neither of this rota's organisation nor has its function among the roles",
		    region_person(region, person)->id);
}

static void
read_aliases(const struct region_field *reading, struct region_rota *rota)
{
	struct region_field object = field_get(reading, "aliases");
	const struct table *people = &reading->reader->region->person_by_id;
	struct region_alias *aliases;
	const char *alias;
	json_t *value;

	if (object.json && !json_is_object(object.json))
		field_fault(&object, "must be an object of names and the people they mean");
	/* The size of no object is 0, so a fault of its kind leads nowhere here. */
	aliases =
	    arena_array(reading->reader->arena, json_object_size(object.json), sizeof *aliases);
	json_object_foreach(object.json, alias, value)
	{
		struct region_field field = field_get(&object, alias);
		uint32_t person = field_ref(&object, alias, REGION_REQUIRED, people, "person");

		check_person(&field, rota, person);
		if (alias[0] == '\0')
			field_fault(&field, "is a name of no letters");
		/* An alias that could not be read is left out; its fault stops the file. */
		if (person != REGION_NONE)
			aliases[rota->naliases++] = (struct region_alias){
			    arena_strdup(reading->reader->arena, alias), person};
	}
	rota->aliases = aliases;
}

/* A title that reads as a person needs the person, and one that reads as a team the team. Any
 * other needs neither. */
static void
read_whom(
    const struct region_field *item, const struct region_rota *rota, struct region_title *title)
{
	struct region_field person = field_get(item, "person"), team = field_get(item, "team");
	bool personal = strcmp(title->reads, "named") == 0 || strcmp(title->reads, "absence") == 0;
	bool of_team = strcmp(title->reads, "team") == 0;
	const char *name = field_text(item, "team", REGION_OPTIONAL);

	title->person = field_ref(item, "person", personal ? REGION_REQUIRED : REGION_OPTIONAL,
	    &item->reader->region->person_by_id, "person");
	check_person(&person, rota, title->person);
	if (person.json && !personal)
		field_fault(&person, "goes with \"named\" and \"absence\" only");
	if (team.json && !of_team)
		field_fault(&team, "goes with \"team\" only");
	if (!of_team)
		return;
	title->team = region_team(rota, name);
	if (title->team == NULL)
		field_fault(
		    &team, name ? "is none of this rota's team_names"
				: "must say which: this rota has not exactly one of team_names");
}

static void
read_titles(const struct region_field *reading, struct region_rota *rota)
{
	static const char *const known[] = {"title", "reads", "person", "team", NULL};
	static const char *const reads[] = {
	    "named", "team", "nobody", "undecided", "absence", "noise", NULL};
	struct region_field list = field_get(reading, "titles");
	size_t count = field_list(&list, REGION_OPTIONAL);
	struct region_title *titles = arena_array(reading->reader->arena, count, sizeof *titles);

	for (size_t i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);
		struct region_title title = {.person = REGION_NONE};

		if (!field_object(&item, known))
			continue;
		title.title = field_text(&item, "title", REGION_REQUIRED);
		title.reads = field_choice(&item, "reads", reads);
		if (title.reads)
			read_whom(&item, rota, &title);
		titles[rota->ntitles++] = title;
	}
	rota->titles = titles;
}

static void
read_words(const struct region_field *reading, struct region_rota *rota)
{
	static const char *const known[] = {"words", "means", NULL};
	static const char *const means[] = {"nothing", "nobody", "away", NULL};
	struct region_field list = field_get(reading, "words");
	size_t count = field_list(&list, REGION_OPTIONAL);
	struct region_word *words = arena_array(reading->reader->arena, count, sizeof *words);

	for (size_t i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);

		if (!field_object(&item, known))
			continue;
		words[rota->nwords].words = field_text(&item, "words", REGION_REQUIRED);
		words[rota->nwords++].means = field_choice(&item, "means", means);
	}
	rota->words = words;
}

/* In this order, since a title that reads as a team refers to the team names (region_parts.h). */
void
region_words_read(const struct region_field *reading, struct region_rota *rota)
{
	read_aliases(reading, rota);
	read_titles(reading, rota);
	read_words(reading, rota);
}
