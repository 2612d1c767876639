/* SPDX-License-Identifier: MIT */
#include "calendars/wire/wire_answer.h"

#include <string.h>

#include "calendars/kept.h"
#include "calendars/occurrences.h"
#include "calendars/wire/wire.h"
#include "calendars/wire/wire_found.h"
#include "calendars/wire/wire_names.h"
#include "calendars/wire/wire_times.h"
#include "calendars/wire/wire_words.h"
#include "server/base/instant.h"

/* The number in it is raised with every change of the form (wire_request.c). */
#define ANSWER_MARK 0x364e4143U /* "CAN6" */
/* A little above the limits of the reader itself (series, faults, events), so that an honest answer
 * never reaches them. */
#define OCCURRENCES_MAX 250000
#define FINDINGS_MAX 6000
#define VERSIONS_MAX 60000

/* The fewest bytes of one item: a count that the rest of the message cannot hold is refused before
 * memory is allocated for it. */
#define OCCURRENCE_LEAST PACKED_LEAST(1, 1, 3, 7)
#define FINDING_LEAST PACKED_LEAST(2, 1, 2, 3)
#define VERSION_LEAST PACKED_LEAST(0, 1, 6, 1)

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
	/* Hashes are unsigned; the sign bit is carried along. */
	pack_i64(buf, (int64_t)v->event);
	pack_i64(buf, (int64_t)v->content);
	pack_i64(buf, v->sequence);
	pack_i64(buf, v->dtstamp);
	pack_text(buf, v->uid);
	pack_u32(buf, v->line);
	pack_i64(buf, v->instance);
	pack_i64(buf, v->speaks_from);
}

void
wire_pack_answer(struct buf *buf, const struct reading *reading)
{
	/* Counts, first and horizon are not sent: the receiver makes them again
	 * (reading_sum_up()). */
	pack_u32(buf, ANSWER_MARK);
	/* Its faults are findings: a refused calendar has those and nothing else. */
	pack_u8(buf, reading->refused);
	pack_u8(buf, reading->endless);
	pack_u32(buf, reading->events);
	pack_text(buf, reading->zone_used);
	pack_text(buf, reading->calendar_name);
	/* In the order that reading.h promises, which the receiver checks. */
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
	wire_pack_found(buf, reading);
	wire_pack_unknown_words(buf, reading);
	pack_bytes(buf, reading->kept.at, reading->kept.len);
	pack_u8(buf, reading->hash_alone);
}

/* ---- Receiving an answer. */

/* The author of the calendar may have taken over the child that read it. So its answer is checked
 * against the request: a person whom the request did not name cannot be on duty, and counts are
 * computed again here. */
struct receiver {
	struct unpack in;
	struct arena *arena;
	const struct reading_options *options;
	struct wire_names names;
	struct table keys;
};

/* NAMED, TENTATIVE and ABSENCE have a person of the request, TEAM has a team of it, the others have
 * neither. */
static bool
names_are_sound(const struct receiver *r, const struct reading_occurrence *o)
{
	bool personal = o->class == READING_NAMED || o->class == READING_TENTATIVE ||
			o->class == READING_ABSENCE;

	if (personal != (o->person != NULL) || (o->class == READING_TEAM) != (o->team != NULL))
		return false;
	return (o->person == NULL || wire_names_person(&r->names, o->person)) &&
	       (o->team == NULL || wire_names_team(&r->names, o->team));
}

static bool
status_is_sound(const char *status)
{
	return status == NULL || strcmp(status, "CONFIRMED") == 0 ||
	       strcmp(status, "TENTATIVE") == 0;
}

/* Strictly, as reading.h promises. It also proves that no occurrence is given twice. */
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
	o->uid = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	o->key = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	o->recurrence = unpack_i64(in);
	o->summary = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	o->status = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	o->class = (enum reading_class)unpack_u8(in);
	o->person = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	o->shown = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	o->team = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	o->line = unpack_u32(in);
	if (o->uid == NULL || o->key == NULL || o->summary == NULL || o->start >= o->end ||
	    o->start >= r->options->until || o->end <= r->options->from ||
	    o->class >= READING_CLASSES || !status_is_sound(o->status) || !names_are_sound(r, o) ||
	    /* Keys are the identity of shifts in the database: two equal ones would make one of two
	     * shifts vanish. */
	    table_put(&r->keys, r->arena, o->key, 0) != TABLE_NONE)
		in->bad = true;
}

static const struct reading_occurrence *
unpack_occurrences(struct receiver *r, size_t *count)
{
	struct reading_occurrence *list;

	*count = unpack_count(&r->in, OCCURRENCE_LEAST);
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
	f->uid = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	f->line = unpack_u32(in);
	f->text = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	f->remedy = unpack_text(in, r->arena, WIRE_TEXT_MAX);
	f->start = unpack_i64(in);
	f->end = unpack_i64(in);
	blinds = unpack_u8(in);
	f->blinds = blinds != 0;
	if (f->level > FINDING_WARNING || f->text == NULL || f->remedy == NULL || blinds > 1 ||
	    (f->start == INSTANT_NONE ? f->end != INSTANT_NONE : f->start >= f->end) ||
	    /* Only an event that could not be read makes a time unknown. */
	    (f->blinds && f->level != FINDING_UNREADABLE))
		in->bad = true;
}

static const struct reading_finding *
unpack_findings(struct receiver *r, size_t *count)
{
	struct reading_finding *list;

	*count = unpack_count(&r->in, FINDING_LEAST);
	if (*count > FINDINGS_MAX)
		r->in.bad = true;
	if (r->in.bad)
		return NULL;
	list = arena_array(r->arena, *count, sizeof *list);
	/* Findings are shown to people and decide nothing but `blinds`: their order is free, and two
	 * may be equal. */
	for (size_t i = 0; i < *count && !r->in.bad; i++)
		unpack_finding(r, &list[i]);
	return list;
}

static const struct reading_version *
unpack_versions(struct receiver *r, size_t *count)
{
	struct reading_version *list;

	*count = unpack_count(&r->in, VERSION_LEAST);
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
		list[i].uid = unpack_text(&r->in, r->arena, WIRE_TEXT_MAX);
		list[i].line = unpack_u32(&r->in);
		list[i].instance = unpack_i64(&r->in);
		list[i].speaks_from = unpack_i64(&r->in);
		/* Sorted by event, so that feeds finds the versions of one event beside each
		 * other (server/feeds/notes.c). */
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

/* A copy: the answer does not outlive its call. */
static struct slice
unpack_kept(struct unpack *in, struct arena *arena)
{
	struct slice kept = unpack_bytes(in);

	if (kept.len == 0)
		return (struct slice){NULL, 0};
	if (kept.len > KEPT_MAX_BYTES)
		in->bad = true;
	return (struct slice){arena_strndup(arena, kept.at, kept.len), kept.len};
}

/* Nothing is kept of leave alone, and then nothing was reduced. */
static bool
keeping_is_sound(
    const struct reading *reading, uint8_t hash_alone, const struct reading_options *options)
{
	return hash_alone == 0 || (hash_alone == 1 && options->absences && reading->kept.len == 0 &&
				      !reading->refused);
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
	uint8_t hash_alone;

	if (unpack_u32(&r.in) != ANSWER_MARK)
		return STATUS_MALFORMED;
	/* The counts below depend on each other: unknown words are checked against the number of
	 * occurrences, so they are unpacked after them. */
	wire_names_init(&r.names, arena, options);
	refused = unpack_u8(&r.in);
	endless = unpack_u8(&r.in);
	/* Kept as numbers until the end: a byte other than 0 and 1 is malformed. */
	reading.refused = refused != 0;
	reading.endless = endless != 0;
	reading.events = unpack_u32(&r.in);
	reading.zone_used = unpack_text(&r.in, arena, WIRE_TEXT_MAX);
	reading.calendar_name = unpack_text(&r.in, arena, WIRE_TEXT_MAX);
	reading.occurrences = unpack_occurrences(&r, &reading.noccurrences);
	reading.findings = unpack_findings(&r, &reading.nfindings);
	reading.versions = unpack_versions(&r, &reading.nversions);
	wire_unpack_questions(&r.in, options, arena, &reading);
	wire_unpack_found(&r.in, options, arena, &reading);
	wire_unpack_unknown_words(&r.in, arena, &reading);
	reading.kept = unpack_kept(&r.in, arena);
	hash_alone = unpack_u8(&r.in);
	reading.hash_alone = hash_alone != 0;
	if (!unpack_done(&r.in) || refused > 1 || endless > 1 || (refused && endless) ||
	    !keeping_is_sound(&reading, hash_alone, options) || (refused && reading.kept.len > 0) ||
	    !refusal_is_sound(&reading))
		return STATUS_MALFORMED;
	/* Counts, first start and horizon are never taken from the child. */
	reading_sum_up(&reading, reading.endless, options->until);
	*out = reading;
	return STATUS_OK;
}
