/* SPDX-License-Identifier: MIT */
#include "server/api/views/rotas/decision_wanted.h"

#include <string.h>

#include "calendars/titles/plain.h"

/* One decision of a request, from its JSON to a decision that has been tried. A decision is tried
 * by reading its own title with it: what would not have the effect that was asked for is refused
 * with the reason, instead of being kept without effect. */

#define TITLE_MAX_BYTES 400
#define ALIAS_MAX_BYTES 100
#define NAME_MAX_BYTES 200

static const struct {
	const char *name;
	size_t max_bytes;
} kinds[] = {
    [ROTA_TITLE] = {"title", TITLE_MAX_BYTES},
    [ROTA_ALIAS] = {"alias", ALIAS_MAX_BYTES},
    [ROTA_WORD] = {"word", NAME_MAX_BYTES},
    [ROTA_ZONE] = {"zone", NAME_MAX_BYTES},
    [ROTA_DATE_ORDER] = {"date_order", NAME_MAX_BYTES},
};
#define KINDS (sizeof kinds / sizeof *kinds)

const char *
decision_kind_name(enum rota_decision_kind kind)
{
	return kinds[kind].name;
}

static const char *
path_of(struct ask *ask, const struct decision_wanted *wanted, const char *key)
{
	return arena_printf(ask->arena, "%s.%s", wanted->path, key);
}

/* The kind of a decision is the name of the member that holds its words, so a fault can point at
 * it. */
static const char *
words_path(struct ask *ask, const struct decision_wanted *wanted)
{
	return path_of(ask, wanted, kinds[wanted->decision.kind].name);
}

/* --------------------------------------------------------------------------------- its members */

/* Which of the five members is present decides the kind. False: none or several are, so it is not
 * known which other members belong to it. */
static bool
read_words(struct ask *ask, const struct ask_object *object, struct decision_wanted *out)
{
	unsigned count = 0;

	for (size_t kind = 0; kind < KINDS; kind++) {
		const char *words = ask_object_text(
		    ask, object, kinds[kind].name, kinds[kind].max_bytes, ASK_OPTIONAL);

		if (words == NULL)
			continue;
		out->decision.kind = (enum rota_decision_kind)kind;
		out->decision.words = words;
		count++;
	}
	if (count != 1)
		ask_fault(ask, out->path,
		    "needs one of \"title\", \"alias\", \"word\", \"zone\" and \"date_order\"");
	return count == 1;
}

/* Members that do not belong to a decision of this kind. They are refused and not ignored, since
 * the sender expects an effect. */
static void
refuse_others(struct ask *ask, const struct ask_object *object, const struct decision_wanted *out,
    const char *const *others)
{
	for (; *others != NULL; others++)
		if (json_object_get(object->json, *others) != NULL)
			ask_fault(ask, path_of(ask, out, *others), "says nothing about a %s",
			    kinds[out->decision.kind].name);
}

/* An alias is always a person's, so that it needs no "reads". */
static void
read_reads(struct ask *ask, const struct ask_object *object, struct decision_wanted *out)
{
	bool alias = out->decision.kind == ROTA_ALIAS;
	const char *reads = ask_object_text(
	    ask, object, "reads", NAME_MAX_BYTES, alias ? ASK_OPTIONAL : ASK_REQUIRED);

	out->decision.reads = READING_NAMED;
	if (reads == NULL)
		return;
	if (!rota_reads(reads, &out->decision.reads))
		ask_fault(ask, path_of(ask, out, "reads"),
		    "is none of: named, team, nobody, undecided, absence, noise");
	else if (alias && out->decision.reads != READING_NAMED)
		ask_fault(ask, path_of(ask, out, "reads"), "an alias is of a person: leave it out");
}

/* Only people of the rota's directory: the reader searches no others, so a decision for anybody
 * else would have no effect. */
static void
read_person(struct ask *ask, const struct ask_object *object, struct decision_wanted *out)
{
	const struct region *region = ask->region;
	bool personal =
	    out->decision.reads == READING_NAMED || out->decision.reads == READING_ABSENCE;
	const char *path = path_of(ask, out, "person");
	/* Read even where it does not belong, so that a person beside "noise" is reported and not
	 * ignored. */
	const char *id = ask_object_text(
	    ask, object, "person", NAME_MAX_BYTES, personal ? ASK_REQUIRED : ASK_OPTIONAL);
	uint32_t person;

	if (id == NULL)
		return;
	person = ask_person(ask, id);
	out->decision.person = person == TABLE_NONE ? id : region_person(region, person)->id;
	if (!personal)
		ask_fault(ask, path, "goes with \"named\", \"absence\" and an alias only");
	else if (person == TABLE_NONE)
		ask_fault(ask, path, "there is no person with this id");
	else if (!region_in_directory(
		     region, &region->rotas[out->rota], region_person(region, person)))
		ask_fault(ask, path,
		    "is not of this rota's organisation, and does not have its function as a role");
}

/* Only names that the region gives to the rota, in the spelling of the region. */
static void
read_team(struct ask *ask, const struct ask_object *object, struct decision_wanted *out)
{
	const struct region_rota *rota = &ask->region->rotas[out->rota];
	const char *path = path_of(ask, out, "team");
	const char *name = ask_object_text(ask, object, "team", TITLE_MAX_BYTES, ASK_OPTIONAL);

	if (out->decision.reads != READING_TEAM) {
		if (name != NULL)
			ask_fault(ask, path, "goes with \"team\" only");
		return;
	}
	/* Without a name it is the rota's only team, if it has just one. */
	out->decision.team = region_team(rota, name);
	if (out->decision.team == NULL)
		ask_fault(ask, path,
		    name != NULL ? "is none of this rota's team_names"
		    : rota->team_names[0] == NULL
			? "this rota has no team_names: add them to the region first"
			: "must say which of this rota's team_names");
}

/* The sender copies the words from a page or a calendar, often with blanks around them. */
static void
trim_words(struct ask *ask, struct decision_wanted *out)
{
	struct slice words = slice_trim(slice_of(out->decision.words));

	out->decision.words = arena_strndup(ask->arena, words.at, words.len);
}

/* The key is how the reader finds the word, so that two spellings are one decision. */
static void
read_word(struct ask *ask, const struct ask_object *object, struct decision_wanted *out)
{
	const char *why;

	out->reads = ask_object_text(ask, object, "means", NAME_MAX_BYTES, ASK_REQUIRED);
	if (out->reads == NULL)
		return;
	if (!rota_decision_says("word", out->reads, &out->decision)) {
		ask_fault(ask, path_of(ask, out, "means"), "is none of: nothing, nobody, away");
		return;
	}
	out->key = reading_word_key(ask->arena, out->decision.words);
	why = reading_word_fault(ask->arena, out->decision.words, out->decision.means);
	if (why != NULL && out->key == NULL)
		ask_fault(ask, words_path(ask, out), "%s", why);
	else if (why != NULL)
		ask_fault(ask, path_of(ask, out, "means"), "\"%s\" %s", out->decision.words, why);
}

static void
read_zone(struct ask *ask, const struct ask_object *object, struct decision_wanted *out)
{
	const struct zonedb *zones = ((const struct api *)ask->api)->tools.zones;
	const char *means = ask_object_text(ask, object, "means", NAME_MAX_BYTES, ASK_REQUIRED);

	out->decision.zone = means;
	out->reads = "zone";
	/* Folded as the reader folds the zones of a calendar, or it would never find the
	 * decision. */
	out->key = plain_fold(ask->arena, slice_of(plain_text(ask->arena, out->decision.words)));
	if (out->key[0] == '\0')
		ask_fault(ask, words_path(ask, out), "has nothing in it to go by");
	if (means != NULL && zonedb_find(zones, means) == NULL)
		ask_fault(ask, path_of(ask, out, "means"),
		    "there is no time zone \"%.60s\" in the tz database; \"Europe/London\" is one",
		    means);
}

static void
read_date_order(struct ask *ask, struct decision_wanted *out)
{
	out->reads = out->decision.words;
	if (!rota_decision_says("date_order", out->reads, &out->decision))
		ask_fault(ask, words_path(ask, out),
		    "is neither \"dmy\" (07/12 is 7 December) nor \"mdy\" (07/12 is 12 July)");
}

/* ----------------------------------------------------------------------------------- its effect */

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The reader may refuse a decision for its own safety: a title such as NO COVER must never count
 * for somebody, whatever was decided. */
static bool
does_what_it_says(const struct decision_wanted *wanted, const struct reading_options *options,
    const struct reading_title *read)
{
	enum reading_class class = wanted->decision.reads;

	/* In a calendar of absences a person who is named is away. */
	if (class == READING_NAMED && options->absences)
		class = READING_ABSENCE;
	return read->class == class && same(read->person, wanted->decision.person) &&
	       same(read->team, wanted->decision.team);
}

/* The options of the rota with this one decision laid over them, as the reader would get them. */
static void
options_by(struct ask *ask, const struct decision_wanted *wanted, struct reading_options *options)
{
	const struct region_rota *rota = &ask->region->rotas[wanted->rota];
	const struct zonedb *zones = ((const struct api *)ask->api)->tools.zones;

	rota_options(ask->arena, ask->region, rota, zones, options);
	rota_options_decide(
	    ask->arena, ask->region, rota, (struct rota_decisions){&wanted->decision, 1}, options);
}

/* On success the words are replaced by the title as it is shown, without telephone numbers. */
static void
try_title(struct ask *ask, struct decision_wanted *wanted)
{
	struct reading_options options;
	struct reading_title read;

	options_by(ask, wanted, &options);
	reading_title_of(reading_titles_open(&options, ask->arena), wanted->decision.words, &read);
	wanted->key = read.key;
	if (read.key[0] == '\0')
		ask_fault(ask, words_path(ask, wanted), "has nothing in it to go by");
	else if (does_what_it_says(wanted, &options, &read))
		wanted->decision.words = read.summary;
	else if (wanted->decision.kind == ROTA_ALIAS)
		ask_fault(ask, words_path(ask, wanted),
		    "cannot stand for a person: it is a word of rotas or a team, or holds more than a name");
	else
		ask_fault(ask, path_of(ask, wanted, "reads"),
		    "this title is written when nobody is known or nobody comes, so it can count for nobody: "
		    "the name must stand in the calendar");
}

/* ------------------------------------------------------------------------------------ the whole */

static void
read_title(struct ask *ask, const struct ask_object *object, struct decision_wanted *out)
{
	read_reads(ask, object, out);
	read_person(ask, object, out);
	read_team(ask, object, out);
	out->reads = reading_class_name(out->decision.reads);
}

/* Adds faults to ${ask}; without any, ${out} can be kept. */
void
decision_wanted_read(
    struct ask *ask, uint32_t rota, const struct ask_object *object, struct decision_wanted *out)
{
	static const char *const of_titles[] = {"reads", "person", "team", NULL},
				 *const of_words[] = {"means", NULL};
	/* Faults of other items of a list must not keep this one from being tried. */
	size_t faults = ask->faults.count;

	*out = (struct decision_wanted){.rota = rota, .path = object->path};
	if (!read_words(ask, object, out))
		return;
	switch (out->decision.kind) {
	case ROTA_TITLE:
	case ROTA_ALIAS:
		refuse_others(ask, object, out, of_words);
		read_title(ask, object, out);
		/* Tried only when its members are right: half a decision would give misleading
		 * faults. */
		if (ask->faults.count == faults)
			try_title(ask, out);
		return;
	case ROTA_WORD:
		refuse_others(ask, object, out, of_titles);
		trim_words(ask, out);
		read_word(ask, object, out);
		return;
	case ROTA_ZONE:
		refuse_others(ask, object, out, of_titles);
		trim_words(ask, out);
		read_zone(ask, object, out);
		return;
	case ROTA_DATE_ORDER:
		refuse_others(ask, object, out, of_titles);
		refuse_others(ask, object, out, of_words);
		read_date_order(ask, out);
		out->key = "date_order";
		return;
	}
}

/* Answers with the member names of the request, so that the answer can be sent again as it is. */
void
decision_wanted_put(
    struct json_out *out, const struct ask *ask, const struct decision_wanted *wanted)
{
	out_text(out, "kind", kinds[wanted->decision.kind].name);
	out_text(out, kinds[wanted->decision.kind].name, wanted->decision.words);
	if (wanted->decision.kind == ROTA_ZONE)
		out_text(out, "means", wanted->decision.zone);
	else
		out_text(
		    out, wanted->decision.kind == ROTA_WORD ? "means" : "reads", wanted->reads);
	if (wanted->decision.kind != ROTA_TITLE && wanted->decision.kind != ROTA_ALIAS)
		return;
	out_text(out, "person", ask_shown_id(ask, wanted->decision.person));
	out_text(out, "team", wanted->decision.team);
}
