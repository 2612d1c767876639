/* SPDX-License-Identifier: MIT */
#include "calendars/event_reader.h"

#include <strings.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

#define DAY ((int64_t)86400)
/* One wrong VTIMEZONE concerns every event that uses it. After this many the same finding says
 * nothing new. */
#define LIES_LISTED 50

/* The time that an unreadable event may affect: from its start, if that is known, for the longest
 * time that an event may last; without end if it repeats. */
static struct fault_at
reach(const struct event_reader *r)
{
	const struct event *event = r->event;
	struct fault_at at = FAULT_EVENT(event->uid, event->line);

	/* An unreadable change is left open without a time: it removes the shift that it changes,
	 * and where it would move that shift to is not known. */
	if (event->start.kind == WHEN_NONE || r->scanned->override)
		return at;
	/* A day to each side for whatever zone was meant. */
	at.start = when_instant(&event->start, NULL) - DAY;
	at.end = at.start + EVENT_MAX_SECONDS + 2 * DAY;
	if (r->scanned->rules.count > 0 || r->properties.rdates.count > 0)
		at.end = INSTANT_END;
	return at;
}

void
event_fail(struct event_reader *r, enum fault fault, const char *what, const char *more)
{
	if (r->failed)
		return; /* the first reason is the one to fix */
	r->failed = true;
	r->event->unreadable = true;
	fault_note(r->context->faults, fault, reach(r), what, more);
}

void
event_warn(struct event_reader *r, enum fault fault, const char *what, const char *more)
{
	fault_note(
	    r->context->faults, fault, FAULT_EVENT(r->event->uid, r->event->line), what, more);
}

static void
take_one(
    struct event_properties *properties, icalproperty **slot, icalproperty *p, const char *name)
{
	if (*slot != NULL)
		properties->twice = name;
	else
		*slot = p;
}

/* As take_one(), but for properties that programs repeat: only values that differ leave open what
 * is meant. */
static void
take_same(
    struct event_properties *properties, icalproperty **slot, icalproperty *p, const char *name)
{
	/* libical keeps the last texts that it has given in a ring, so both stay valid. */
	if (*slot != NULL && strcasecmp(icalproperty_get_value_as_string(*slot),
				 icalproperty_get_value_as_string(p)) != 0)
		properties->twice = name;
	*slot = p;
}

static void
take_x(struct event_properties *all, icalproperty *p)
{
	if (strcasecmp(icalproperty_get_x_name(p), "X-MICROSOFT-CDO-ALLDAYEVENT") == 0)
		take_same(all, &all->all_day, p, "an ALLDAYEVENT");
	else
		take_same(all, &all->busy, p, "a BUSYSTATUS");
}

static void
take(struct event_reader *r, icalproperty *p)
{
	struct event_properties *all = &r->properties;

	switch (icalproperty_isa(p)) {
	case ICAL_DTSTART_PROPERTY:
		take_one(all, &all->start, p, "a start");
		break;
	case ICAL_DTEND_PROPERTY:
		take_one(all, &all->end, p, "an end");
		break;
	case ICAL_DURATION_PROPERTY:
		take_one(all, &all->duration, p, "a duration");
		break;
	case ICAL_RECURRENCEID_PROPERTY:
		take_one(all, &all->recurrence, p, "a RECURRENCE-ID");
		break;
	case ICAL_UID_PROPERTY:
		all->uid = all->uid != NULL ? all->uid : p;
		break;
	case ICAL_SUMMARY_PROPERTY:
		if (all->summary == NULL)
			all->summary = p;
		else
			all->other_summary = p;
		break;
	case ICAL_DTSTAMP_PROPERTY:
		all->stamp = p;
		break;
	case ICAL_SEQUENCE_PROPERTY:
		all->sequence = p;
		break;
	case ICAL_STATUS_PROPERTY:
		take_same(all, &all->status, p, "a STATUS");
		break;
	case ICAL_X_PROPERTY:
		take_x(all, p);
		break;
	case ICAL_RDATE_PROPERTY:
		*VEC_PUSH(r->context->arena, &all->rdates) = p;
		break;
	case ICAL_EXDATE_PROPERTY:
		*VEC_PUSH(r->context->arena, &all->exdates) = p;
		break;
	default: /* X-LIC-ERROR: the scan lets nothing else through */
		all->dropped = p;
		break;
	}
}

void
event_take(struct event_reader *r, icalcomponent *vevent)
{
	icalproperty *p;

	for (p = icalcomponent_get_first_property(vevent, ICAL_ANY_PROPERTY); p != NULL;
	     p = icalcomponent_get_next_property(vevent, ICAL_ANY_PROPERTY))
		take(r, p);
}

const char *
event_tzid(icalproperty *p)
{
	icalparameter *parameter = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);

	return parameter != NULL ? icalparameter_get_tzid(parameter) : NULL;
}

/* Start and end may be in two such zones; either of them is enough to ask. */
void
event_doubt_zone(struct event_reader *r, const struct zone_found *found)
{
	if (found->summer != NULL)
		r->event->unsure = found;
}

static void
note_lie(struct event_reader *r, const char *tzid)
{
	if (++r->context->listed_lies <= LIES_LISTED)
		event_warn(r, FAULT_ZONE_LIES, tzid, NULL);
}

/* The zone that a TZID names; NULL if it is unknown, and the event has failed. */
static const struct zone *
named_zone(struct event_reader *r, const char *tzid)
{
	const struct zone_found *found = zones_find(r->context->zones, tzid);

	if (found->zone == NULL) {
		const char *name = arena_strdup(r->context->arena, tzid);

		/* The calendar defines the zone, but the definition cannot be trusted. To decide
		 * its name would not help: the next export may define it otherwise. */
		if (found->unsafe != NULL) {
			event_fail(r, FAULT_ZONE_UNSAFE, name, found->unsafe);
			return NULL;
		}
		if (!r->failed)
			questions_zone(r->context->questions, found->name);
		event_fail(r, FAULT_ZONE_UNKNOWN, name, NULL);
	} else if (found->lies)
		note_lie(r, arena_strdup(r->context->arena, tzid));
	event_doubt_zone(r, found);
	return found->zone;
}

bool
event_when(struct event_reader *r, struct icaltimetype time, const char *tzid,
    const struct zone *floating, struct when *out)
{
	struct civil c = {time.year, time.month, time.day, time.hour, time.minute, time.second};
	struct when when;

	if (time.is_date)
		c.hour = c.minute = c.second = 0;
	/* 30 February, hour 24, second 60: nothing is carried over into the next day or minute. */
	if (!civil_valid(&c)) {
		event_fail(r, FAULT_IMPOSSIBLE_DATE,
		    arena_printf(r->context->arena, "%02d/%02d/%04d %02d:%02d", c.day, c.month,
			c.year, c.hour, c.minute),
		    NULL);
		return false;
	}
	when = (struct when){WHEN_LOCAL, civil_seconds(&c), floating};
	if (time.is_date) {
		when.kind = WHEN_DATE;
		/* A DATE has no zone (RFC 5545 3.3.4), so that a TZID beside it means nothing. */
		when.zone = r->context->days;
		/* Z wins over a TZID beside it, which RFC 5545 3.2.19 does not allow there. */
	} else if (icaltime_is_utc(time)) {
		when.kind = WHEN_UTC;
		when.zone = zone_utc();
	} else if (tzid != NULL)
		when.zone = named_zone(r, tzid);
	if (when.zone == NULL)
		return false;
	*out = when;
	return true;
}

/* Weeks and days are nominal, hours are exact (RFC 5545 3.3.6). */
struct lasting
event_lasting(struct icaldurationtype d)
{
	int64_t sign = d.is_neg ? -1 : 1;

	return (struct lasting){.wall = sign * ((int64_t)d.weeks * 7 + d.days) * DAY,
	    .exact = sign * ((int64_t)d.hours * 3600 + (int64_t)d.minutes * 60 + d.seconds)};
}
