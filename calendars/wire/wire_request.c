/* SPDX-License-Identifier: MIT */
#include "calendars/wire/wire_request.h"

#include <string.h>

#include "calendars/wire/wire.h"
#include "calendars/wire/wire_names.h"
#include "calendars/wire/wire_times.h"
#include "calendars/wire/wire_words.h"
#include "server/base/pack.h"

/* The number in it is raised with every change of the form, so that a reader of another build gives
 * no answer rather than a wrong one. */
#define REQUEST_MARK 0x37515243U /* "CRQ7" */
#define DAY_SECONDS 86400

/* The fewest bytes of one item (wire_answer.c). */
#define LIST_ITEM_LEAST PACKED_LEAST(0, 0, 0, 1)
#define PERSON_LEAST PACKED_LEAST(0, 1, 0, 2)
#define RULE_LEAST PACKED_LEAST(1, 0, 0, 3)
#define SHIFT_CODE_LEAST PACKED_LEAST(1, 1, 2, 1)
#define ALIAS_LEAST PACKED_LEAST(0, 0, 0, 2)
#define HOLIDAY_LEAST PACKED_LEAST(0, 0, 1, 0)

static void
pack_list(struct buf *buf, const char *const *list)
{
	uint32_t count = 0;

	while (list != NULL && list[count] != NULL)
		count++;
	pack_u32(buf, count);
	for (uint32_t i = 0; i < count; i++)
		pack_text(buf, list[i]);
}

static void
pack_hours(struct buf *buf, const struct reading_hours *hours)
{
	pack_u8(buf, hours->set);
	pack_i64(buf, hours->from);
	pack_i64(buf, hours->to);
}

static void
pack_holidays(struct buf *buf, const struct reading_options *options)
{
	pack_u32(buf, (uint32_t)options->nholidays);
	for (size_t i = 0; i < options->nholidays; i++)
		pack_i64(buf, options->holidays[i]);
}

void
reading_pack_request(struct buf *buf, const struct reading_options *options, struct slice bytes)
{
	pack_u32(buf, REQUEST_MARK);
	pack_u8(buf, (uint8_t)options->kind);
	pack_i64(buf, options->from);
	pack_i64(buf, options->until);
	/* By name: the child has the same tz database, from before the fork. */
	pack_text(buf, zone_name(options->zone));
	pack_u8(buf, options->all_day_rule);
	pack_i64(buf, options->all_day_start);
	pack_i64(buf, options->all_day_hours);
	pack_u8(buf, options->tentative_counts);
	pack_u8(buf, options->directory);
	pack_u8(buf, options->absences);
	pack_list(buf, options->team_names);
	pack_u32(buf, (uint32_t)options->npeople);
	for (size_t i = 0; i < options->npeople; i++) {
		pack_text(buf, options->people[i].id);
		pack_text(buf, options->people[i].name);
		pack_list(buf, options->people[i].aliases);
	}
	pack_u32(buf, (uint32_t)options->nrules);
	for (size_t i = 0; i < options->nrules; i++) {
		pack_text(buf, options->rules[i].title);
		pack_u8(buf, (uint8_t)options->rules[i].class);
		pack_text(buf, options->rules[i].person);
		pack_text(buf, options->rules[i].team);
	}
	pack_u32(buf, (uint32_t)options->naliases);
	for (size_t i = 0; i < options->naliases; i++) {
		pack_text(buf, options->aliases[i].alias);
		pack_text(buf, options->aliases[i].person);
	}
	pack_u32(buf, (uint32_t)options->nshift_codes);
	for (size_t i = 0; i < options->nshift_codes; i++) {
		pack_text(buf, options->shift_codes[i].code);
		pack_list(buf, options->shift_codes[i].names);
		pack_u8(buf, (uint8_t)options->shift_codes[i].kind);
		pack_i64(buf, options->shift_codes[i].from);
		pack_i64(buf, options->shift_codes[i].to);
	}
	wire_pack_times(buf, options);
	pack_text(buf, options->sheet);
	pack_u8(buf, (uint8_t)options->marks.fill);
	pack_u8(buf, (uint8_t)options->marks.comment);
	pack_u8(buf, (uint8_t)options->marks.hidden);
	pack_u8(buf, (uint8_t)options->grid.layout);
	pack_list(buf, options->grid.own);
	pack_hours(buf, &options->grid.hours);
	pack_hours(buf, &options->grid.weekend);
	pack_hours(buf, &options->grid.bank_holiday);
	pack_holidays(buf, options);
	wire_pack_words(buf, options);
	pack_list(buf, options->known_names);
	pack_list(buf, options->own_names);
	/* Last and in one piece: the calendar is most of the request, and is used where it is. */
	pack_bytes(buf, bytes.at, bytes.len);
}

/* The list is NULL-terminated: arena_array() gives zeros, and one item more is allocated. */
static const char *const *
unpack_list(struct unpack *in, struct arena *arena)
{
	uint32_t count = unpack_count(in, LIST_ITEM_LEAST);
	const char **list = arena_array(arena, (size_t)count + 1, sizeof *list);

	/* An item that is NULL ends the list early: fewer names are known then, and none is wrong. */
	for (uint32_t i = 0; i < count; i++)
		list[i] = unpack_text(in, arena, WIRE_TEXT_MAX);
	return list;
}

static void
unpack_people(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	struct reading_person *people;

	options->npeople = unpack_count(in, PERSON_LEAST);
	people = arena_array(arena, options->npeople, sizeof *people);
	for (size_t i = 0; i < options->npeople; i++) {
		people[i].id = unpack_text(in, arena, WIRE_TEXT_MAX);
		people[i].name = unpack_text(in, arena, WIRE_TEXT_MAX);
		people[i].aliases = unpack_list(in, arena);
		if (people[i].id == NULL || people[i].name == NULL)
			in->bad = true;
	}
	options->people = people;
}

/* A rule has one of six classes, and names a known person, a known team, or nobody, as its class
 * requires. */
static bool
rule_is_sound(const struct wire_names *names, const struct reading_rule *rule)
{
	if (rule->title == NULL)
		return false;
	switch (rule->class) {
	case READING_NAMED:
	case READING_ABSENCE:
		return rule->person != NULL && rule->team == NULL &&
		       wire_names_person(names, rule->person);
	case READING_TEAM:
		return rule->person == NULL && rule->team != NULL &&
		       wire_names_team(names, rule->team);
	case READING_NOBODY:
	case READING_UNDECIDED:
	case READING_NOISE:
		return rule->person == NULL && rule->team == NULL;
	default:
		return false;
	}
}

static void
unpack_rules(struct unpack *in, struct arena *arena, const struct wire_names *names,
    struct reading_options *options)
{
	struct reading_rule *rules;

	options->nrules = unpack_count(in, RULE_LEAST);
	rules = arena_array(arena, options->nrules, sizeof *rules);
	for (size_t i = 0; i < options->nrules && !in->bad; i++) {
		rules[i].title = unpack_text(in, arena, WIRE_TEXT_MAX);
		rules[i].class = (enum reading_class)unpack_u8(in);
		rules[i].person = unpack_text(in, arena, WIRE_TEXT_MAX);
		rules[i].team = unpack_text(in, arena, WIRE_TEXT_MAX);
		/* What a rule decides counts as confirmed cover, so its names must be known ones. */
		if (!in->bad && !rule_is_sound(names, &rules[i]))
			in->bad = true;
	}
	options->rules = rules;
}

static void
unpack_shift_codes(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	struct reading_shift_code *codes;

	options->nshift_codes = unpack_count(in, SHIFT_CODE_LEAST);
	codes = arena_array(arena, options->nshift_codes, sizeof *codes);
	for (size_t i = 0; i < options->nshift_codes; i++) {
		int64_t from;
		int64_t to;

		codes[i].code = unpack_text(in, arena, WIRE_TEXT_MAX);
		codes[i].names = unpack_list(in, arena);
		codes[i].kind = (enum reading_code_kind)unpack_u8(in);
		from = unpack_i64(in);
		to = unpack_i64(in);
		/* Checked before they are cut to 32 bits below. */
		if (codes[i].code == NULL || codes[i].kind > READING_CODE_NOISE || from < 0 ||
		    from >= DAY_SECONDS || to < 0 || to > DAY_SECONDS) {
			in->bad = true;
			return;
		}
		codes[i].from = (int32_t)from;
		codes[i].to = (int32_t)to;
	}
	options->shift_codes = codes;
}

static void
unpack_aliases(struct unpack *in, struct arena *arena, const struct wire_names *names,
    struct reading_options *options)
{
	struct reading_alias *aliases;

	options->naliases = unpack_count(in, ALIAS_LEAST);
	aliases = arena_array(arena, options->naliases, sizeof *aliases);
	for (size_t i = 0; i < options->naliases && !in->bad; i++) {
		aliases[i].alias = unpack_text(in, arena, WIRE_TEXT_MAX);
		aliases[i].person = unpack_text(in, arena, WIRE_TEXT_MAX);
		/* Without a person, who has left the directory: the alias fits nobody. */
		if (aliases[i].alias == NULL ||
		    (aliases[i].person != NULL && !wire_names_person(names, aliases[i].person)))
			in->bad = true;
	}
	options->aliases = aliases;
}

static enum reading_mark_means
unpack_mark(struct unpack *in)
{
	enum reading_mark_means means = (enum reading_mark_means)unpack_u8(in);

	if (means >= READING_MARK_MEANINGS)
		in->bad = true;
	return means;
}

static void
unpack_sheet(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	options->sheet = unpack_text(in, arena, WIRE_TEXT_MAX);
	options->marks.fill = unpack_mark(in);
	options->marks.comment = unpack_mark(in);
	options->marks.hidden = unpack_mark(in);
}

static struct reading_hours
unpack_hours(struct unpack *in)
{
	bool set = unpack_u8(in) != 0;
	int64_t from = unpack_i64(in), to = unpack_i64(in);

	/* Checked before they are cut to 32 bits below. */
	if (from < 0 || from >= DAY_SECONDS || to < 0 || to > DAY_SECONDS) {
		in->bad = true;
		return (struct reading_hours){.set = false};
	}
	return (struct reading_hours){set, (int32_t)from, (int32_t)to};
}

static void
unpack_holidays(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	uint32_t count = unpack_count(in, HOLIDAY_LEAST);
	int64_t *days = arena_array(arena, count, sizeof *days);

	for (uint32_t i = 0; i < count; i++)
		days[i] = unpack_i64(in);
	options->holidays = days;
	options->nholidays = count;
}

/* An empty list of its own columns is none: of codes and columns of hours all are its own then. */
static void
unpack_grid(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	struct reading_grid *grid = &options->grid;

	grid->layout = (enum reading_layout)unpack_u8(in);
	grid->own = unpack_list(in, arena);
	if (grid->own[0] == NULL)
		grid->own = NULL;
	grid->hours = unpack_hours(in);
	grid->weekend = unpack_hours(in);
	grid->bank_holiday = unpack_hours(in);
	unpack_holidays(in, arena, options);
	if (grid->layout >= READING_LAYOUTS)
		in->bad = true;
}

bool
wire_unpack_request(struct slice request, const struct zonedb *zones, struct arena *arena,
    struct reading_options *options, struct slice *bytes)
{
	struct unpack in = unpack_from(request.at, request.len);
	struct wire_names names;
	const char *zone;

	if (unpack_u32(&in) != REQUEST_MARK)
		return false;
	*options = (struct reading_options){.kind = (enum reading_kind)unpack_u8(&in)};
	options->from = unpack_i64(&in);
	options->until = unpack_i64(&in);
	zone = unpack_text(&in, arena, WIRE_TEXT_MAX);
	options->all_day_rule = unpack_u8(&in) != 0;
	options->all_day_start = (int32_t)unpack_i64(&in);
	/* Flags are not checked here as they are in an answer: the request is our own process's. */
	options->all_day_hours = (int32_t)unpack_i64(&in);
	options->tentative_counts = unpack_u8(&in) != 0;
	options->directory = unpack_u8(&in) != 0;
	options->absences = unpack_u8(&in) != 0;
	options->team_names = unpack_list(&in, arena);
	unpack_people(&in, arena, options);
	/* The names are needed to check rules and aliases, and a bad list has none. */
	if (in.bad)
		return false;
	wire_names_init(&names, arena, options);
	unpack_rules(&in, arena, &names, options);
	unpack_aliases(&in, arena, &names, options);
	unpack_shift_codes(&in, arena, options);
	wire_unpack_times(&in, zones, arena, options);
	unpack_sheet(&in, arena, options);
	unpack_grid(&in, arena, options);
	wire_unpack_words(&in, arena, options);
	options->known_names = unpack_list(&in, arena);
	options->own_names = unpack_list(&in, arena);
	*bytes = unpack_bytes(&in);
	/* unpack_done() is false also if bytes are left over. */
	if (!unpack_done(&in) || zone == NULL || options->kind > READING_CSV)
		return false;
	/* UTC is built in; the others are in the database. */
	options->zone = strcmp(zone, "UTC") == 0 ? zone_utc() : zonedb_find(zones, zone);
	return options->zone != NULL;
}
