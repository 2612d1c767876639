/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/views/out/calendar.h"
#include "server/api/views/out/calendar_duty.h"
#include "server/base/civil.h"
#include "server/map/cover.h"
#include "server/model/region_contact.h"
#include "server/model/region_protected.h"

/* The shifts of a rota as events. Whether a shift counts is asked of the whole map, names and texts of the map as
 * an outsider sees it: an index means the same in both. */

#define UID_HOST "@crisis-cover"

/* One rota while its shifts are added. */
struct adding {
	struct calendar *calendar;
	uint32_t rota;
	const struct rota_block *block;
	struct table pieces; /* how many of an entry were seen, by its hash */
	VEC(uint32_t) counts;
	struct calendar_rota duty;
	const char *note; /* what every event of the rota says */
};

/* What an event says, before it has a time. */
struct said {
	enum ical_status status;
	const char *summary, *note;
	const char *kind; /* of the UID, where the record does not say when this state of the shift
			     began: then it is another event; "" for the shift as its source has it */
	const char *category;
};

static struct arena *
arena_of(const struct adding *adding)
{
	return adding->calendar->ask->arena;
}

/* ------------------------------------------------------------------------------------ texts */

static const char *
tier_words(const struct adding *adding)
{
	int32_t tier = adding->calendar->ask->region->rotas[adding->rota].tier;

	if (tier == 1)
		return "1st on call";
	return tier == 2 ? "2nd on call" : arena_printf(arena_of(adding), "%d on call", tier);
}

/* The service, the tier, and the number of the team. */
static const char *
note_of_rota(struct calendar *calendar, uint32_t index)
{
	const struct region *region = calendar->ask->region;
	const struct region_rota *rota = &region->rotas[index];
	struct adding adding = {.calendar = calendar, .rota = index};
	const struct region_service *service;
	struct region_ring ring;
	struct buf words = {0};
	const char *note;

	if (rota->service == REGION_NONE)
		return "";
	service = &region->services[rota->service];
	ring = region_ring(service->line, NULL);
	region_ring_words(&words, &ring, "");
	note = arena_printf(calendar->ask->arena, "%s, %s.%s%s",
	    ask_shown_text(calendar->ask, service->name), tier_words(&adding),
	    words.len > 0 ? "\nTeam: " : "", words.len > 0 ? words.at : "");
	buf_free(&words);
	return note;
}

/* The name of somebody who is on, or what stands in its place. */
static const char *
who(struct adding *adding, const struct kept_shift *shift)
{
	struct calendar *calendar = adding->calendar;
	const struct region *region = calendar->ask->region;
	const struct region_rota *rota = &region->rotas[adding->rota];
	const char *name = "On call";

	if (calendar->person != REGION_NONE)
		return arena_printf(arena_of(adding), "On call: %s",
		    rota->service == REGION_NONE
			? rota->id
			: ask_shown_text(calendar->ask, region->services[rota->service].name));
	if (shift->class == KEPT_TEAM)
		name = ask_shown_text(calendar->ask, rota_block_text(adding->block, shift->team));
	else if (calendar->names && !region_is_withheld(region_person(region, shift->person))) {
		name = region_person(region, shift->person)->name;
		calendar->named = true;
	}
	if (rota->tier == 1)
		return name;
	return arena_printf(arena_of(adding), "%s (%s)", name, tier_words(adding));
}

/* ------------------------------------------------------------------------------------- uids */

/* Of the first piece of an entry its hash, of the others with their number: an override may cut a shift in two. A
 * block that was made otherwise than from the database has no traces, and its ids will do. */
static const char *
uid_of(struct adding *adding, const struct kept_shift *shift, const struct kept_trace *trace)
{
	unsigned long long entry = trace != NULL ? trace->entry : (unsigned long long)shift->id;
	const char *uid = arena_printf(arena_of(adding), "%016llx", entry);
	uint32_t at =
	    table_put(&adding->pieces, arena_of(adding), uid, (uint32_t)adding->counts.count);

	if (at == TABLE_NONE) {
		*VEC_PUSH(arena_of(adding), &adding->counts) = 1;
		return uid;
	}
	return arena_printf(arena_of(adding), "%s-%u", uid, ++adding->counts.items[at]);
}

/* ----------------------------------------------------------------------------------- events */

static void
add(struct adding *adding, const char *uid, struct span_time time, int64_t changed,
    const struct said *said)
{
	struct arena *arena = arena_of(adding);

	*VEC_PUSH(arena, &adding->calendar->events) = (struct ical_event){
	    .uid = arena_printf(arena, "%s%s%s" UID_HOST, uid, *said->kind ? "-" : "", said->kind),
	    .start = time.start,
	    .end = time.end,
	    .changed = changed,
	    .status = said->status,
	    .summary = said->summary,
	    .description = said->note == NULL
			       ? adding->note
			       : arena_printf(arena, "%s\n%s", adding->note, said->note),
	    .category = said->category,
	};
}

/* A part of a shift is an event of its own, known by its times: the record of the shift does not say when somebody
 * became away. */
static void
add_parts(struct adding *adding, const char *uid, int64_t changed, struct span_times parts,
    const struct said *said)
{
	for (size_t i = 0; i < parts.count; i++)
		add(adding,
		    arena_printf(arena_of(adding), "%s-%llx-%llx", uid,
			(unsigned long long)parts.items[i].start,
			(unsigned long long)parts.items[i].end),
		    parts.items[i], changed, said);
}

/* A confirmed shift: on call where the map counts it; elsewhere what is missing. Why a person is away is nobody's
 * business. */
static void
add_confirmed(
    struct adding *adding, const struct kept_shift *shift, const char *uid, int64_t changed)
{
	static const struct said none = {
	    ICAL_CONFIRMED, "NO COVER", "This shift needs cover.", "off", "GAP"};
	static const struct said uncounted = {ICAL_TENTATIVE, "TBC - who is named does not count",
	    "Without the role, or without an approval then.", "uncounted", "UNKNOWN"};
	static const struct said old = {ICAL_TENTATIVE, "TBC - not known who is on call",
	    "The rota could not be checked for hours.", "unchecked", "UNKNOWN"};
	struct calendar_duty duty = calendar_duty_of(&adding->duty, shift);
	struct span_times believed = duty.believed;
	struct span_time time = kept_shift_time(shift);
	struct said said = {ICAL_CONFIRMED, NULL, NULL, "", "ON CALL"};

	if (believed.count > 0)
		said.summary = who(adding, shift);
	if (shift->override)
		said.note = "Decided in place of what the calendar says.";
	else if (shift->as_last_read)
		said.note = "As last read: its calendar lists it no longer.";
	if (believed.count == 1 && believed.items[0].start == time.start &&
	    believed.items[0].end == time.end) {
		add(adding, uid, time, changed, &said);
		return;
	}
	add_parts(adding, uid, changed, believed, &said);
	add_parts(adding, uid, changed, duty.away, &none);
	add_parts(adding, uid, changed, duty.uncounted, &uncounted);
	add_parts(adding, uid, changed, duty.unbelieved, &old);
}

static void
add_shift(struct adding *adding, const struct kept_shift *shift)
{
	static const struct said nobody = {
	    ICAL_CONFIRMED, "NO COVER", "Nobody is on this rota.", "", "GAP"};
	static const struct said undecided = {ICAL_TENTATIVE, "TBC - not known who is on call",
	    "What the rota says is still to be decided.", "", "UNKNOWN"};
	const struct kept_trace *trace = rota_block_trace(adding->block, shift);
	const char *uid = uid_of(adding, shift, trace);
	int64_t changed = trace != NULL ? trace->changed : 0;

	if ((int64_t)shift->end <= adding->calendar->ask->now - CIVIL_DAY_SECONDS)
		return;
	if (cover_counts(shift))
		add_confirmed(adding, shift, uid, changed);
	else
		add(adding, uid, kept_shift_time(shift), changed,
		    shift->class == KEPT_NOBODY ? &nobody : &undecided);
}

/* Whether an event of this entry is in the calendar: then the same entry is not cancelled, whatever has gone of
 * it. */
static bool
is_shown(const struct adding *adding, uint64_t entry)
{
	const char *uid = arena_printf(arena_of(adding), "%016llx", (unsigned long long)entry);

	return table_get(&adding->pieces, uid) != TABLE_NONE;
}

/* The last that went of the entry at ${first}, for this calendar; NULL: none. Entries are neighbours. ${next}: the
 * first of the next entry. */
static const struct kept_gone *
last_gone(const struct adding *adding, uint32_t first, uint32_t *next)
{
	const struct calendar *calendar = adding->calendar;
	const struct kept_gone *gone = adding->block->gone, *last = NULL;
	uint32_t i = first;

	for (; i < adding->block->ngone && gone[i].entry == gone[first].entry; i++)
		if ((calendar->person == REGION_NONE || gone[i].person == calendar->person) &&
		    (last == NULL || gone[i].changed > last->changed))
			last = &gone[i];
	*next = i;
	return last;
}

/* A program that is not told that an event is cancelled may keep it. Only what is not over. */
static void
add_gone(struct adding *adding)
{
	static const struct said cancelled = {
	    ICAL_CANCELLED, "Cancelled", "This shift is not on the rota any more.", "", NULL};
	uint32_t next;

	for (uint32_t i = 0; i < adding->block->ngone; i = next) {
		const struct kept_gone *gone = last_gone(adding, i, &next);

		if (gone == NULL || (int64_t)gone->end <= adding->calendar->ask->now ||
		    is_shown(adding, gone->entry))
			continue;
		add(adding,
		    arena_printf(arena_of(adding), "%016llx", (unsigned long long)gone->entry),
		    (struct span_time){gone->start, gone->end}, gone->changed, &cancelled);
	}
}

/* Where the rota says nothing any more: one day of it, not a bar across every page of a subscriber's calendar. For a
 * rota that has ended, or was never read, the day is today. */
static void
add_end(struct adding *adding)
{
	static const struct said end = {ICAL_TENTATIVE, "TBC - nothing is known after this",
	    "The rota says nothing about this time. Nobody is known to be on call.", "end",
	    "UNKNOWN"};
	const struct ask *ask = adding->calendar->ask;
	const struct snapshot *whole = ask->whole;
	const struct kept_feed *feed = whole->feeds[adding->rota];
	struct span_time life =
	    region_instants(whole->setup->zone, whole->setup->region->rotas[adding->rota].life);
	int64_t horizon = kept_feed_horizon(feed);
	int64_t today = civil_day_of(ask->now) * CIVIL_DAY_SECONDS;
	int64_t start = horizon > today ? horizon : today;
	int64_t changed = feed == NULL ? INSTANT_NEVER : feed->facts.last_change_at;

	if (start >= whole->window.end - CIVIL_DAY_SECONDS || start >= life.end)
		return;
	if (start > horizon && start > changed)
		changed = start;
	add(adding, ask->region->rotas[adding->rota].id,
	    (struct span_time){start, start + CIVIL_DAY_SECONDS}, changed, &end);
}

void
calendar_add_rota(struct calendar *calendar, uint32_t rota)
{
	struct adding adding = {
	    .calendar = calendar,
	    .rota = rota,
	    .block = calendar->ask->whole->rotas[rota],
	    .note = note_of_rota(calendar, rota),
	};

	table_init(&adding.pieces, calendar->ask->arena, adding.block->count);
	calendar_rota_begin(
	    &adding.duty, calendar->ask->arena, calendar->ask->whole, rota, calendar->ask->now);
	for (uint32_t i = 0; i < adding.block->count; i++) {
		const struct kept_shift *shift = &adding.block->shifts[i];

		if (shift->class == KEPT_ABSENCE ||
		    (calendar->person != REGION_NONE && shift->person != calendar->person))
			continue;
		add_shift(&adding, shift);
	}
	add_gone(&adding);
	if (calendar->person == REGION_NONE)
		add_end(&adding);
}
