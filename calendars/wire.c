/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/occurrences.h"
#include "calendars/reading.h"
#include "calendars/wire_times.h"
#include "calendars/wire_words.h"
#include "server/base/instant.h"
#include "server/base/pack.h"

/*
 * Options and readings as flat records. The reader of a request is a sealed child process, which
 * trusts us. The reader of an answer trusts the child with nothing: it computes again what can be
 * computed, and checks everything else.
 */

#define REQUEST_MARK 0x34515243U /* "CRQ4" */
#define ANSWER_MARK 0x344e4143U  /* "CAN4" */
#define TEXT_MAX ((size_t)64 * 1024)
#define ARENA_MAX_BYTES ((size_t)192 * 1024 * 1024)
#define OCCURRENCES_MAX 250000
#define FINDINGS_MAX 6000
#define VERSIONS_MAX 60000
#define DAY_SECONDS 86400

/* ---- Requests. */

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

static const char *const *
unpack_list(struct unpack *in, struct arena *arena)
{
	uint32_t count = unpack_count(in, 4);
	const char **list = arena_array(arena, (size_t)count + 1, sizeof *list);

	for (uint32_t i = 0; i < count; i++)
		list[i] = unpack_text(in, arena, TEXT_MAX);
	return list;
}

void
reading_pack_request(struct buf *buf, const struct reading_options *options, struct slice bytes)
{
	pack_u32(buf, REQUEST_MARK);
	pack_u8(buf, (uint8_t)options->kind);
	pack_i64(buf, options->from);
	pack_i64(buf, options->until);
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
	wire_pack_words(buf, options);
	pack_list(buf, options->known_names);
	pack_bytes(buf, bytes.at, bytes.len);
}

static void
unpack_people(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	struct reading_person *people;

	options->npeople = unpack_count(in, 12);
	people = arena_array(arena, options->npeople, sizeof *people);
	for (size_t i = 0; i < options->npeople; i++) {
		people[i].id = unpack_text(in, arena, TEXT_MAX);
		people[i].name = unpack_text(in, arena, TEXT_MAX);
		people[i].aliases = unpack_list(in, arena);
		if (people[i].id == NULL || people[i].name == NULL)
			in->bad = true;
	}
	options->people = people;
}

/* The names in a request: ids of people, names of teams. An answer may name no others. */
struct known {
	struct table people, teams;
};

static void
know_names(struct known *known, struct arena *arena, const struct reading_options *options)
{
	table_init(&known->people, arena, options->npeople);
	for (size_t i = 0; options->directory && i < options->npeople; i++)
		table_put(&known->people, arena, options->people[i].id, (uint32_t)i);
	table_init(&known->teams, arena, 8);
	for (size_t i = 0; options->team_names != NULL && options->team_names[i] != NULL; i++)
		table_put(&known->teams, arena, options->team_names[i], (uint32_t)i);
}

static bool
is_in(const struct table *table, const char *name)
{
	return table_get(table, name) != TABLE_NONE;
}

/* A rule has one of six classes, and names a known person, a known team, or nobody, as its class
 * requires. */
static bool
rule_is_sound(const struct known *known, const struct reading_rule *rule)
{
	if (rule->title == NULL)
		return false;
	switch (rule->class) {
	case READING_NAMED:
	case READING_ABSENCE:
		return rule->person != NULL && rule->team == NULL &&
		       is_in(&known->people, rule->person);
	case READING_TEAM:
		return rule->person == NULL && rule->team != NULL &&
		       is_in(&known->teams, rule->team);
	case READING_NOBODY:
	case READING_UNDECIDED:
	case READING_NOISE:
		return rule->person == NULL && rule->team == NULL;
	default:
		return false;
	}
}

static void
unpack_rules(struct unpack *in, struct arena *arena, const struct known *known,
    struct reading_options *options)
{
	struct reading_rule *rules;

	options->nrules = unpack_count(in, 13);
	rules = arena_array(arena, options->nrules, sizeof *rules);
	for (size_t i = 0; i < options->nrules && !in->bad; i++) {
		rules[i].title = unpack_text(in, arena, TEXT_MAX);
		rules[i].class = (enum reading_class)unpack_u8(in);
		rules[i].person = unpack_text(in, arena, TEXT_MAX);
		rules[i].team = unpack_text(in, arena, TEXT_MAX);
		if (!in->bad && !rule_is_sound(known, &rules[i]))
			in->bad = true;
	}
	options->rules = rules;
}

static void
unpack_shift_codes(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	struct reading_shift_code *codes;

	options->nshift_codes = unpack_count(in, 25);
	codes = arena_array(arena, options->nshift_codes, sizeof *codes);
	for (size_t i = 0; i < options->nshift_codes; i++) {
		int64_t from;
		int64_t to;

		codes[i].code = unpack_text(in, arena, TEXT_MAX);
		codes[i].names = unpack_list(in, arena);
		codes[i].kind = (enum reading_code_kind)unpack_u8(in);
		from = unpack_i64(in);
		to = unpack_i64(in);
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
unpack_aliases(struct unpack *in, struct arena *arena, const struct known *known,
    struct reading_options *options)
{
	struct reading_alias *aliases;

	options->naliases = unpack_count(in, 8);
	aliases = arena_array(arena, options->naliases, sizeof *aliases);
	for (size_t i = 0; i < options->naliases && !in->bad; i++) {
		aliases[i].alias = unpack_text(in, arena, TEXT_MAX);
		aliases[i].person = unpack_text(in, arena, TEXT_MAX);
		if (aliases[i].alias == NULL ||
		    (aliases[i].person != NULL && !is_in(&known->people, aliases[i].person)))
			in->bad = true;
	}
	options->aliases = aliases;
}

static bool
unpack_request(struct slice request, const struct zonedb *zones, struct arena *arena,
    struct reading_options *options, struct slice *bytes)
{
	struct unpack in = unpack_from(request.at, request.len);
	struct known known;
	const char *zone;

	if (unpack_u32(&in) != REQUEST_MARK)
		return false;
	*options = (struct reading_options){.kind = (enum reading_kind)unpack_u8(&in)};
	options->from = unpack_i64(&in);
	options->until = unpack_i64(&in);
	zone = unpack_text(&in, arena, TEXT_MAX);
	options->all_day_rule = unpack_u8(&in) != 0;
	options->all_day_start = (int32_t)unpack_i64(&in);
	options->all_day_hours = (int32_t)unpack_i64(&in);
	options->tentative_counts = unpack_u8(&in) != 0;
	options->directory = unpack_u8(&in) != 0;
	options->absences = unpack_u8(&in) != 0;
	options->team_names = unpack_list(&in, arena);
	unpack_people(&in, arena, options);
	if (in.bad)
		return false;
	know_names(&known, arena, options);
	unpack_rules(&in, arena, &known, options);
	unpack_aliases(&in, arena, &known, options);
	unpack_shift_codes(&in, arena, options);
	wire_unpack_times(&in, zones, arena, options);
	wire_unpack_words(&in, arena, options);
	options->known_names = unpack_list(&in, arena);
	*bytes = unpack_bytes(&in);
	if (!unpack_done(&in) || zone == NULL || options->kind > READING_CSV)
		return false;
	options->zone = strcmp(zone, "UTC") == 0 ? zone_utc() : zonedb_find(zones, zone);
	return options->zone != NULL;
}

/* ---- Answers. */

static void
pack_occurrence(struct buf *buf, const struct reading_occurrence *o)
{
	pack_i64(buf, o->start);
	pack_i64(buf, o->end);
	pack_text(buf, o->uid);
	pack_text(buf, o->key);
	pack_i64(buf, o->recurrence);
	pack_text(buf, o->summary);
	pack_text(buf, o->status);
	pack_u8(buf, (uint8_t)o->class);
	pack_text(buf, o->person);
	pack_text(buf, o->shown);
	pack_text(buf, o->team);
	pack_u32(buf, o->line);
}

static void
pack_finding(struct buf *buf, const struct reading_finding *f)
{
	pack_u8(buf, (uint8_t)f->level);
	pack_text(buf, f->uid);
	pack_u32(buf, f->line);
	pack_text(buf, f->text);
	pack_text(buf, f->remedy);
	pack_i64(buf, f->start);
	pack_i64(buf, f->end);
	pack_u8(buf, f->blinds);
}

static void
pack_version(struct buf *buf, const struct reading_version *v)
{
	pack_i64(buf, (int64_t)v->event);
	pack_i64(buf, (int64_t)v->content);
	pack_i64(buf, v->sequence);
	pack_i64(buf, v->dtstamp);
	pack_text(buf, v->uid);
	pack_u32(buf, v->line);
	pack_i64(buf, v->instance);
	pack_i64(buf, v->speaks_from);
}

static void
pack_reading(struct buf *buf, const struct reading *reading)
{
	pack_u32(buf, ANSWER_MARK);
	pack_u8(buf, reading->refused);
	pack_u8(buf, reading->endless);
	pack_u32(buf, reading->events);
	pack_text(buf, reading->zone_used);
	pack_text(buf, reading->calendar_name);
	pack_u32(buf, (uint32_t)reading->noccurrences);
	for (size_t i = 0; i < reading->noccurrences; i++)
		pack_occurrence(buf, &reading->occurrences[i]);
	pack_u32(buf, (uint32_t)reading->nfindings);
	for (size_t i = 0; i < reading->nfindings; i++)
		pack_finding(buf, &reading->findings[i]);
	pack_u32(buf, (uint32_t)reading->nversions);
	for (size_t i = 0; i < reading->nversions; i++)
		pack_version(buf, &reading->versions[i]);
	wire_pack_questions(buf, reading);
	wire_pack_unknown_words(buf, reading);
}

void
reading_answer(void *ctx, struct slice request, struct buf *answer)
{
	const struct reading_tools *tools = ctx;
	struct arena *arena = arena_new(ARENA_MAX_BYTES);
	struct reading_options options;
	struct slice bytes;
	struct reading reading;

	/* If the request is malformed the answer is empty, which its receiver finds malformed. */
	if (unpack_request(request, tools->zones, arena, &options, &bytes)) {
		reading_make(tools, &options, bytes, arena, &reading);
		pack_reading(answer, &reading);
	}
	arena_free(arena);
}

/* ---- Receiving an answer. */

struct receiver {
	struct unpack in;
	struct arena *arena;
	const struct reading_options *options;
	struct known known;
	struct table keys;
};

/* NAMED, TENTATIVE and ABSENCE have a known person, TEAM has a known team, the others have neither. */
static bool
names_are_sound(const struct receiver *r, const struct reading_occurrence *o)
{
	bool personal = o->class == READING_NAMED || o->class == READING_TENTATIVE ||
			o->class == READING_ABSENCE;

	if (personal != (o->person != NULL) || (o->class == READING_TEAM) != (o->team != NULL))
		return false;
	return (o->person == NULL || is_in(&r->known.people, o->person)) &&
	       (o->team == NULL || is_in(&r->known.teams, o->team));
}

static bool
status_is_sound(const char *status)
{
	return status == NULL || strcmp(status, "CONFIRMED") == 0 ||
	       strcmp(status, "TENTATIVE") == 0;
}

static bool
in_order(const struct reading_occurrence *before, const struct reading_occurrence *o)
{
	int order;

	if (before->start != o->start)
		return before->start < o->start;
	if (before->end != o->end)
		return before->end < o->end;
	order = strcmp(before->uid, o->uid);
	return order < 0 || (order == 0 && strcmp(before->key, o->key) < 0);
}

static void
unpack_occurrence(struct receiver *r, struct reading_occurrence *o)
{
	struct unpack *in = &r->in;

	o->start = unpack_i64(in);
	o->end = unpack_i64(in);
	o->uid = unpack_text(in, r->arena, TEXT_MAX);
	o->key = unpack_text(in, r->arena, TEXT_MAX);
	o->recurrence = unpack_i64(in);
	o->summary = unpack_text(in, r->arena, TEXT_MAX);
	o->status = unpack_text(in, r->arena, TEXT_MAX);
	o->class = (enum reading_class)unpack_u8(in);
	o->person = unpack_text(in, r->arena, TEXT_MAX);
	o->shown = unpack_text(in, r->arena, TEXT_MAX);
	o->team = unpack_text(in, r->arena, TEXT_MAX);
	o->line = unpack_u32(in);
	if (o->uid == NULL || o->key == NULL || o->summary == NULL || o->start >= o->end ||
	    o->start >= r->options->until || o->end <= r->options->from ||
	    o->class >= READING_CLASSES || !status_is_sound(o->status) || !names_are_sound(r, o) ||
	    table_put(&r->keys, r->arena, o->key, 0) != TABLE_NONE)
		in->bad = true;
}

static const struct reading_occurrence *
unpack_occurrences(struct receiver *r, size_t *count)
{
	struct reading_occurrence *list;

	*count = unpack_count(&r->in, 48);
	if (*count > OCCURRENCES_MAX)
		r->in.bad = true;
	if (r->in.bad)
		return NULL;
	table_init(&r->keys, r->arena, *count);
	list = arena_array(r->arena, *count, sizeof *list);
	for (size_t i = 0; i < *count && !r->in.bad; i++) {
		unpack_occurrence(r, &list[i]);
		if (!r->in.bad && i > 0 && !in_order(&list[i - 1], &list[i]))
			r->in.bad = true;
	}
	return list;
}

static void
unpack_finding(struct receiver *r, struct reading_finding *f)
{
	struct unpack *in = &r->in;
	uint8_t blinds;

	f->level = (enum finding_level)unpack_u8(in);
	f->uid = unpack_text(in, r->arena, TEXT_MAX);
	f->line = unpack_u32(in);
	f->text = unpack_text(in, r->arena, TEXT_MAX);
	f->remedy = unpack_text(in, r->arena, TEXT_MAX);
	f->start = unpack_i64(in);
	f->end = unpack_i64(in);
	blinds = unpack_u8(in);
	f->blinds = blinds != 0;
	if (f->level > FINDING_WARNING || f->text == NULL || f->remedy == NULL || blinds > 1 ||
	    (f->start == INSTANT_NONE ? f->end != INSTANT_NONE : f->start >= f->end) ||
	    (f->blinds && f->level != FINDING_UNREADABLE))
		in->bad = true;
}

static const struct reading_finding *
unpack_findings(struct receiver *r, size_t *count)
{
	struct reading_finding *list;

	*count = unpack_count(&r->in, 34);
	if (*count > FINDINGS_MAX)
		r->in.bad = true;
	if (r->in.bad)
		return NULL;
	list = arena_array(r->arena, *count, sizeof *list);
	for (size_t i = 0; i < *count && !r->in.bad; i++)
		unpack_finding(r, &list[i]);
	return list;
}

static const struct reading_version *
unpack_versions(struct receiver *r, size_t *count)
{
	struct reading_version *list;

	*count = unpack_count(&r->in, 56);
	if (*count > VERSIONS_MAX)
		r->in.bad = true;
	if (r->in.bad)
		return NULL;
	list = arena_array(r->arena, *count, sizeof *list);
	for (size_t i = 0; i < *count && !r->in.bad; i++) {
		list[i].event = (uint64_t)unpack_i64(&r->in);
		list[i].content = (uint64_t)unpack_i64(&r->in);
		list[i].sequence = unpack_i64(&r->in);
		list[i].dtstamp = unpack_i64(&r->in);
		list[i].uid = unpack_text(&r->in, r->arena, TEXT_MAX);
		list[i].line = unpack_u32(&r->in);
		list[i].instance = unpack_i64(&r->in);
		list[i].speaks_from = unpack_i64(&r->in);
		if (list[i].uid == NULL || (i > 0 && list[i - 1].event > list[i].event))
			r->in.bad = true;
	}
	return list;
}

/* A refused reading has a finding of severity REFUSED and no content. A reading that is not refused
 * has no such finding. */
static bool
refusal_is_sound(const struct reading *reading)
{
	bool reason = false;

	for (size_t i = 0; i < reading->nfindings; i++)
		reason = reason || reading->findings[i].level == FINDING_REFUSED;
	return reading->refused == reason &&
	       (!reading->refused ||
		   reading->noccurrences + reading->nversions + reading->nunknown_words == 0);
}

enum status
reading_unpack(struct slice answer, const struct reading_options *options, struct arena *arena,
    struct reading *out)
{
	struct receiver r = {
	    .in = unpack_from(answer.at, answer.len), .arena = arena, .options = options};
	struct reading reading = {.refused = false};
	uint8_t refused;
	uint8_t endless;

	if (unpack_u32(&r.in) != ANSWER_MARK)
		return STATUS_MALFORMED;
	know_names(&r.known, arena, options);
	refused = unpack_u8(&r.in);
	endless = unpack_u8(&r.in);
	reading.refused = refused != 0;
	reading.endless = endless != 0;
	reading.events = unpack_u32(&r.in);
	reading.zone_used = unpack_text(&r.in, arena, TEXT_MAX);
	reading.calendar_name = unpack_text(&r.in, arena, TEXT_MAX);
	reading.occurrences = unpack_occurrences(&r, &reading.noccurrences);
	reading.findings = unpack_findings(&r, &reading.nfindings);
	reading.versions = unpack_versions(&r, &reading.nversions);
	wire_unpack_questions(&r.in, options, arena, &reading);
	wire_unpack_unknown_words(&r.in, arena, &reading);
	if (!unpack_done(&r.in) || refused > 1 || endless > 1 || (refused && endless) ||
	    !refusal_is_sound(&reading))
		return STATUS_MALFORMED;
	reading_sum_up(&reading, reading.endless, options->until);
	*out = reading;
	return STATUS_OK;
}
