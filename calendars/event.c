/* SPDX-License-Identifier: MIT */
#include "calendars/event.h"

#include <string.h>
#include <strings.h>

#include "calendars/event_reader.h"
#include "calendars/latin1.h"
#include "server/base/civil.h"
#include "server/base/hash.h"
#include "server/base/instant.h"

#define DAY ((int64_t)86400)
#define UID_MAX_BYTES 255

/* A local time that does not exist takes the offset before the gap, and one that exists twice is
 * the first of both (RFC 5545 3.3.5). zone_instant() decides that for every time of a calendar. */
int64_t
when_instant(const struct when *when, enum zone_fit *fit)
{
	return zone_instant(when->zone, when->local, fit);
}

/* RFC 5545 3.3.6: first the days, on the wall clock; then the hours, as seconds that really pass.
 * PT12H from 20:00 on the night on which the clocks go back ends at 07:00; a DTEND at 08:00 the
 * next morning stays 08:00. */
int64_t
event_end(const struct event *event, struct lasting lasting, int64_t local, enum zone_fit *fit)
{
	return zone_instant(event->start.zone, local + lasting.wall, fit) + lasting.exact;
}

/* An event without a UID gets one made from its content, so that it has the same UID at the next
 * reading. A UID that is too long is cut, and a checksum of all of it is appended. */
static const char *
make_uid(struct event_reader *r, const char *uid)
{
	struct event_properties *all = &r->properties;
	uint64_t hash = HASH_START;

	if (uid != NULL && strlen(uid) <= UID_MAX_BYTES)
		return uid;
	if (uid != NULL) {
		/* Room for "~", the 16 digits of the checksum and a letter that is cut back. */
		int cut = UID_MAX_BYTES - 20;

		/* Not within a letter: the UID is shown to people and must stay UTF-8. */
		while (((unsigned char)uid[cut] & 0xc0) == 0x80)
			cut--;
		return arena_printf(r->context->arena, "%.*s~%016llx", cut, uid,
		    (unsigned long long)hash_text(hash, uid));
	}
	/* Title and start only, because an event that is given another end should keep its UID. */
	hash = hash_text(hash, r->event->summary);
	if (all->start != NULL) {
		struct icaltimetype t = icalproperty_get_dtstart(all->start);

		hash = hash_text(hash, arena_printf(r->context->arena, "%d.%d.%d.%d.%d", t.year,
					   t.month, t.day, t.hour, t.minute));
	}
	return arena_printf(r->context->arena, "made-%016llx", (unsigned long long)hash);
}

static const char *
value_text(struct event_reader *r, const char *text)
{
	return latin1_unless_utf8(r->context->arena, text != NULL ? text : "");
}

/* Whether Outlook's ${busy} leaves open that somebody is on duty. A value that it does not have does,
 * as a STATUS that is none does. */
static bool
is_unsure(const char *busy)
{
	static const char *const sure[] = {"FREE", "BUSY", "OOF", "WORKINGELSEWHERE"};

	for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
		if (busy == NULL || strcasecmp(busy, sure[i]) == 0)
			return false;
	}
	return true;
}

static void
read_status(struct event_reader *r)
{
	struct event_properties *all = &r->properties;
	enum icalproperty_status status =
	    all->status != NULL ? icalproperty_get_status(all->status) : ICAL_STATUS_NONE;
	const char *busy = all->busy != NULL ? icalproperty_get_x(all->busy) : NULL;

	if (status == ICAL_STATUS_CONFIRMED)
		r->event->status = EVENT_CONFIRMED;
	/* A STATUS that RFC 5545 does not allow on an event is read as TENTATIVE, too: it does not
	 * say that the shift is certain. */
	if ((all->status != NULL && status != ICAL_STATUS_CONFIRMED &&
		status != ICAL_STATUS_CANCELLED) ||
	    is_unsure(busy))
		r->event->status = EVENT_TENTATIVE;
	/* Last, because it outweighs the others: METHOD:CANCEL (RFC 5546 3.2.5) cancels every event
	 * of its calendar, whatever their STATUS. */
	if (status == ICAL_STATUS_CANCELLED || r->context->cancelled)
		r->event->status = EVENT_CANCELLED;
	/* Outlook writes OOF for "out of office", which people set for leave and for on-call duty
	 * alike. Neither is taken for granted: occurrence_class() casts doubt on such a shift. */
	r->event->proposal = r->context->proposal;
	r->event->calendar = r->context->calendar;
	r->event->calendar_note = r->context->calendar_note;
	r->event->away = busy != NULL && strcasecmp(busy, "OOF") == 0;
}

static void
read_identity(struct event_reader *r)
{
	struct event_properties *all = &r->properties;
	struct event *event = r->event;
	struct icaltimetype stamp;
	struct civil c;

	event->summary =
	    value_text(r, all->summary != NULL ? icalproperty_get_summary(all->summary) : NULL);
	/* RFC 5545 3.6.1 allows one SUMMARY. Two that differ may name two people, of whom only one
	 * comes. */
	event->two_titles = all->other_summary != NULL &&
			    strcmp(event->summary,
				value_text(r, icalproperty_get_summary(all->other_summary))) != 0;
	event->uid =
	    make_uid(r, all->uid != NULL ? value_text(r, icalproperty_get_uid(all->uid)) : NULL);
	/* RFC 5545 3.8.7.4: without SEQUENCE it is 0. */
	event->sequence = all->sequence != NULL ? icalproperty_get_sequence(all->sequence) : 0;
	event->dtstamp = INSTANT_NONE;
	if (all->stamp != NULL) {
		stamp = icalproperty_get_dtstamp(all->stamp);
		c = (struct civil){
		    stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second};
		/* A stamp that is no time orders nothing; the event is as good without it. */
		if (civil_valid(&c))
			event->dtstamp = civil_seconds(&c);
	}
}

static void
read_duration(struct event_reader *r)
{
	struct event *event = r->event;

	event->lasting = event_lasting(icalproperty_get_duration(r->properties.duration));
	if (event->start.kind == WHEN_DATE) {
		/* RFC 5545 3.6.1 allows only days and weeks with a DATE. */
		if (event->lasting.exact % DAY != 0) {
			event_fail(r, FAULT_MIXED_DATES, "a day, and a duration in hours", NULL);
			return;
		}
		event->lasting.wall += event->lasting.exact; /* PT24H of a whole day is that day */
		event->lasting.exact = 0;
	}
}

static void
read_end(struct event_reader *r)
{
	struct event *event = r->event;
	struct when end;
	icalproperty *p = r->properties.end;

	/* RFC 5545 3.8.2.2 does not allow a floating end beside a start with a zone. Programs that
	 * write one mean the zone of the start. */
	if (!event_when(r, icalproperty_get_dtend(p), event_tzid(p), event->start.zone, &end))
		return;
	/* RFC 5545 3.8.2.2 wants both of one type. A day against a time leaves open which hours of
	 * that day are meant, and a guess would be a false cover or a false gap. */
	if ((end.kind == WHEN_DATE) != (event->start.kind == WHEN_DATE)) {
		event_fail(r, FAULT_MIXED_DATES,
		    end.kind == WHEN_DATE ? "its end is a day" : "its start is a day", NULL);
		return;
	}
	event->first_end = when_instant(&end, NULL);
	if (end.zone != event->start.zone)
		end.local = zone_local(event->start.zone, event->first_end);
	/* A DTEND is kept as a length on the wall clock, so that each night of a series ends at the
	 * hour that staff see on their phones, also when the clocks change. */
	event->lasting = (struct lasting){.wall = end.local - event->start.local};
	/* RFC 5545 3.6.1 has DTEND as the day after the last. Many programs write the last day
	 * itself, which would make one-day leave empty. */
	if (event->start.kind == WHEN_DATE && event->lasting.wall == 0) {
		event->lasting.wall = DAY;
		event_warn(r, FAULT_SAME_DAY_END, NULL, NULL);
	}
}

/* RFC 5545 3.6.1 allows only one of DTEND and DURATION. Programs that write both read DTEND, so that
 * leave is read until then; but until when a shift is confirmed the event does not say. */
static void
compare_with_duration(struct event_reader *r)
{
	struct event *event = r->event;
	struct lasting lasting = event_lasting(icalproperty_get_duration(r->properties.duration));

	event->two_ends = event_end(event, lasting, event->start.local, NULL) != event->first_end;
	if (event->two_ends)
		event_warn(r, FAULT_END_AND_DURATION, NULL, NULL);
}

static void
read_length(struct event_reader *r)
{
	struct event *event = r->event;
	struct event_properties *all = &r->properties;
	int64_t start = when_instant(&event->start, NULL);
	int64_t total;

	event->first_end = INSTANT_NONE;
	if (all->end != NULL) {
		read_end(r);
		if (!r->failed && all->duration != NULL)
			compare_with_duration(r);
	} else if (all->duration != NULL)
		read_duration(r);
	else if (event->start.kind == WHEN_DATE)
		event->lasting.wall = DAY;
	if (r->failed)
		return;
	total = event->lasting.wall + event->lasting.exact;
	if (event->first_end == INSTANT_NONE || event->start.kind == WHEN_DATE)
		/* A length that is refused below must not be added to a local time first: it may be
		 * beyond the years that zone_instant() knows. */
		event->first_end = total > EVENT_MAX_SECONDS
				       ? start + total
				       : event_end(event, event->lasting, event->start.local, NULL);
	/* A night shift that was entered with the date of its start for both times. The day is not
	 * corrected here: it may as well be the hours that are wrong. */
	if (total < 0 || event->first_end < start)
		event_fail(r, FAULT_END_BEFORE_START, NULL, NULL);
	else if (total > EVENT_MAX_SECONDS)
		event_fail(r, FAULT_TOO_LONG_EVENT, NULL, NULL);
}

static void
read_start(struct event_reader *r)
{
	icalproperty *p = r->properties.start;
	struct event_context *context = r->context;
	struct when *start = &r->event->start;
	struct when read;

	if (!event_when(r, icalproperty_get_dtstart(p), event_tzid(p), context->floating, &read))
		return;
	*start = read;
	if (start->kind == WHEN_DATE)
		return;
	if (start->kind == WHEN_LOCAL && event_tzid(p) == NULL) {
		context->floated++;
		if (context->floating_named != NULL)
			event_doubt_zone(r, context->floating_named);
		if (context->floating != context->days)
			event_warn(r, FAULT_FLOATING_ELSEWHERE, zone_name(context->floating),
			    zone_name(context->days));
	}
	if (context->zone_used == NULL)
		context->zone_used = start->zone;
	/* For people only: "Europe/London and others". */
	context->zones_differ = context->zones_differ || context->zone_used != start->zone;
}

static void
note_scan(struct event_reader *r)
{
	/* Warnings come before failures, since a failure names only the first reason. */
	if (r->event->two_titles)
		event_warn(r, FAULT_TWO_TITLES, NULL, NULL);
	for (size_t i = 0; i < r->scanned->junk.count; i++)
		event_warn(r, FAULT_JUNK_LINE, r->scanned->junk.items[i], NULL);
	if (r->properties.twice != NULL)
		event_fail(r, FAULT_TWICE, r->properties.twice, NULL);
	if (r->scanned->fault != FAULT_NONE)
		event_fail(r, r->scanned->fault, r->scanned->what, r->scanned->more);
	/* A date that is left out silently may be the EXDATE by which a shift does not count. */
	if (r->properties.dropped != NULL)
		event_fail(r, FAULT_NOT_A_DATE, "A value",
		    arena_strdup(r->context->arena,
			icalproperty_get_value_as_string(r->properties.dropped)));
}

struct event *
event_read(struct event_context *context, icalcomponent *vevent, const struct scan_part *scanned,
    uint32_t order)
{
	struct event *event = arena_alloc(context->arena, sizeof *event);
	struct event_reader r = {.context = context, .event = event, .scanned = scanned};

	event->scanned = scanned;
	event->is_override = scanned->override;
	event->line = scanned->line;
	event->order = order;
	/* The identity comes first: every finding after it names the UID. */
	event_take(&r, vevent);
	read_identity(&r);
	read_status(&r);
	/* Read before note_scan(): the finding about an unreadable event says which time it makes
	 * unknown, and needs the start for it. */
	if (r.properties.start != NULL)
		read_start(&r);
	note_scan(&r);
	if (r.properties.start == NULL)
		event_fail(&r, FAULT_NO_START, NULL, NULL);
	/* Also for an unreadable event: the shift that it changes must not count with its old
	 * times. */
	event_read_recurrence(&r);
	if (!r.failed)
		read_length(&r);
	if (!r.failed)
		event_correct_days(&r);
	if (!r.failed)
		event_read_rules(&r);
	if (!r.failed)
		event_read_dates(&r);
	return event;
}
