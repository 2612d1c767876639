/* SPDX-License-Identifier: MIT */
#include "calendars/ical.h"

#include <string.h>
#include <strings.h>

#include "calendars/latin1.h"
#include "calendars/titles/plain.h"

#define NAME_MAX_BYTES 200

/* A file may hold several VCALENDARs. ${used} is the zone of the first time with one, ${mixed} that
 * there were others. */
struct walk {
	struct ical *out;
	const struct ical_with *with;
	const struct scan *scan;
	struct event_context context;
	const struct zone *used;
	bool floated, mixed;
};

/* prescan.c and libical disagree on what the file holds, so nothing in it can be trusted. */
static void
refuse(struct walk *walk)
{
	fault_note(walk->with->faults, FAULT_TWO_READINGS, FAULT_ANYWHERE, NULL, NULL);
}

/* libical has no getter for X- properties by name. */
static const char *
x_property(icalcomponent *calendar, const char *name)
{
	icalproperty *p;

	for (p = icalcomponent_get_first_property(calendar, ICAL_X_PROPERTY); p != NULL;
	     p = icalcomponent_get_next_property(calendar, ICAL_X_PROPERTY)) {
		if (strcasecmp(icalproperty_get_x_name(p), name) == 0)
			return icalproperty_get_x(p);
	}
	return NULL;
}

/* The zone of floating times: the calendar's X-WR-TIMEZONE if it has one, else the rota's. */
static void
find_floating(struct walk *walk, icalcomponent *calendar)
{
	const char *name = x_property(calendar, "X-WR-TIMEZONE");
	const struct zone_found *found;

	walk->context.floating = walk->with->options->zone;
	if (name == NULL)
		return;
	/* Copied: libical frees its text with the component, and the name is kept for the
	 * finding. */
	found = zones_find(walk->context.zones, arena_strdup(walk->with->arena, name));
	if (found->zone == NULL) {
		fault_note(walk->with->faults, FAULT_WR_ZONE_UNKNOWN, FAULT_ANYWHERE,
		    arena_strdup(walk->with->arena, name), zone_name(walk->with->options->zone));
		return;
	}
	walk->context.floating = found->zone;
	walk->context.floating_named = found;
}

/* METHOD:CANCEL cancels all events of the calendar (RFC 5546 3.2.5), also beside another METHOD. */
static bool
is_cancelled(icalcomponent *calendar)
{
	icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_METHOD_PROPERTY);

	while (p != NULL && icalproperty_get_method(p) != ICAL_METHOD_CANCEL)
		p = icalcomponent_get_next_property(calendar, ICAL_METHOD_PROPERTY);
	return p != NULL;
}

/* RFC 5546 1.4: with these a participant answers, asks or proposes. Only the organiser publishes. */
static bool
is_proposal(icalcomponent *calendar)
{
	icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_METHOD_PROPERTY);

	for (; p != NULL; p = icalcomponent_get_next_property(calendar, ICAL_METHOD_PROPERTY)) {
		enum icalproperty_method method = icalproperty_get_method(p);

		if (method == ICAL_METHOD_REPLY || method == ICAL_METHOD_COUNTER ||
		    method == ICAL_METHOD_REFRESH || method == ICAL_METHOD_DECLINECOUNTER)
			return true;
	}
	return false;
}

/* The name by X-WR-CALNAME, which nearly all programs write, else by NAME (RFC 7986 5.1); NULL:
 * it has none. */
static const char *
name_of(icalcomponent *calendar)
{
	const char *name = x_property(calendar, "X-WR-CALNAME");
	icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_NAME_PROPERTY);

	return name == NULL && p != NULL ? icalproperty_get_name(p) : name;
}

static void
look_at_calendar(struct walk *walk, icalcomponent *calendar)
{
	const char *name = name_of(calendar);
	const char *note = x_property(calendar, "X-WR-CALDESC");
	icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_CALSCALE_PROPERTY);
	const char *scale = p != NULL ? icalproperty_get_value_as_string(p) : NULL;

	if (name != NULL)
		walk->context.calendar = plain_cut(
		    walk->with->arena, latin1_unless_utf8(walk->with->arena, name), NAME_MAX_BYTES);
	if (walk->out->name == NULL)
		walk->out->name = walk->context.calendar;
	if (note != NULL)
		walk->context.calendar_note =
		    arena_strdup(walk->with->arena, latin1_unless_utf8(walk->with->arena, note));
	/* RFC 5545 3.7.1. Dates of another calendar would be read as Gregorian ones of the same
	 * numbers. */
	if (scale != NULL && strcasecmp(scale, "GREGORIAN") != 0)
		fault_note(walk->with->faults, FAULT_CALSCALE, FAULT_ANYWHERE,
		    arena_strdup(walk->with->arena, scale), NULL);
	walk->context.cancelled = is_cancelled(calendar);
	walk->context.proposal = is_proposal(calendar);
	find_floating(walk, calendar);
	walk->context.days = walk->with->options->zone;
}

static void
take_zone(struct walk *walk, icalcomponent *vtimezone)
{
	const char *text = x_property(vtimezone, SCAN_FIRST_ONSET);
	size_t count = (size_t)icalcomponent_count_components(vtimezone, ICAL_ANY_COMPONENT);
	int64_t first;

	/* The number is ours, but it has been through the parser; and a calendar may hold such a
	 * property itself. */
	if (text == NULL || !text_int(slice_of(text), 0, INT32_MAX, &first) ||
	    (size_t)first + count > walk->scan->onsets.count)
		refuse(walk);
	else if (count > 0)
		zones_own(walk->context.zones, vtimezone, walk->scan->onsets.items + first, count);
	else
		zones_own(walk->context.zones, vtimezone, NULL, 0);
}

/* Parses ${text} with libical. Returns the component if there is exactly one and it is of ${kind};
 * else NULL. */
static icalcomponent *
parse(const struct buf *buf, struct scan_text text, icalcomponent_kind kind)
{
	/* close_text() in prescan.c has put a NUL after it. */
	icalcomponent *component = icalparser_parse_string(buf->at + text.from);

	if (component != NULL && icalcomponent_isa(component) == kind)
		return component;
	if (component != NULL)
		icalcomponent_free(component);
	return NULL;
}

static void
take_event(struct walk *walk, const struct scan_part *scanned)
{
	icalcomponent *vevent = parse(&walk->scan->clean, scanned->text, ICAL_VEVENT_COMPONENT);
	struct event *event;

	if (vevent == NULL) {
		refuse(walk);
		return;
	}
	event = event_read(&walk->context, vevent, scanned, (uint32_t)walk->out->events.count);
	*VEC_PUSH(walk->with->arena, &walk->out->events) = event;
	/* Everything that is kept has been copied to the arena by now, so the memory of one event
	 * suffices for all. */
	icalcomponent_free(vevent);
	if (arena_over(walk->with->arena))
		fault_note(walk->with->faults, FAULT_TOO_MUCH_MEMORY, FAULT_ANYWHERE, NULL, NULL);
}

/* Read the zones first: a file may define a zone after the events that use it. */
static void
walk_calendar(struct walk *walk, icalcomponent *calendar, const struct scan_calendar *scanned)
{
	struct zones zones;
	icalcomponent *part;

	zones_init(&zones, walk->with->arena, walk->with->tools->zones, walk->with->options);
	walk->context = (struct event_context){.arena = walk->with->arena,
	    .faults = walk->with->faults,
	    .zones = &zones,
	    .questions = walk->with->questions};
	for (part = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
	     part != NULL;
	     part = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT))
		take_zone(walk, part);
	if (!walk->with->faults->refused)
		look_at_calendar(walk, calendar);
	for (size_t i = 0; i < scanned->count && !walk->with->faults->refused; i++)
		take_event(walk, &walk->scan->events.items[scanned->first + i]);
	walk->mixed = walk->mixed || walk->context.zones_differ ||
		      (walk->used != NULL && walk->context.zone_used != NULL &&
			  walk->used != walk->context.zone_used);
	walk->used = walk->used != NULL ? walk->used : walk->context.zone_used;
	walk->floated = walk->floated || walk->context.floated > 0;
}

static void
walk_calendars(struct walk *walk)
{
	const struct scan_calendar *scanned;

	VEC_EACH (scanned, &walk->scan->calendars) {
		icalcomponent *calendar =
		    parse(&walk->scan->frames, scanned->text, ICAL_VCALENDAR_COMPONENT);

		if (calendar == NULL) {
			refuse(walk);
			return;
		}
		walk_calendar(walk, calendar, scanned);
		icalcomponent_free(calendar);
		if (walk->with->faults->refused)
			return;
	}
}

static const char *
describe_zone(const struct walk *walk)
{
	const struct zone *used = walk->used != NULL ? walk->used : walk->with->options->zone;

	return arena_printf(walk->with->arena, "%s%s%s", zone_name(used),
	    walk->mixed ? " and others" : "", walk->floated ? " (floating times)" : "");
}

void
ical_read(struct ical *out, const struct ical_with *with, struct slice bytes)
{
	struct scan scan;
	struct walk walk = {.out = out, .with = with, .scan = &scan};

	*out = (struct ical){.nevents = 0};
	/* Also here, for callers that have not called reading_prepare(). */
	icalerror_set_errors_are_fatal(0);
	if (scan_make(&scan, with->arena, with->faults, bytes)) {
		walk_calendars(&walk);
		out->nevents = (uint32_t)scan.events.count;
		out->zone_used = describe_zone(&walk);
		if (scan.events.count == 0)
			fault_note(with->faults, FAULT_NO_EVENTS, FAULT_ANYWHERE, NULL, NULL);
	}
	scan_free(&scan);
}
