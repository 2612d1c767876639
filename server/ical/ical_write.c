/* SPDX-License-Identifier: MIT */
#include "server/ical/ical_write.h"

#include <stdio.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/ical/ical_line.h"
#include "server/ical/ical_zone.h"

/* 2020-01-01: nothing was recorded before. */
#define SEQUENCE_FROM INT64_C(1577836800)
#define SEQUENCE_MOST INT64_C(0x7fffffff)

/* A subscriber's program shows TENTATIVE pale and takes CANCELLED out. */
static const char *const statuses[] = {
    [ICAL_CONFIRMED] = "CONFIRMED",
    [ICAL_TENTATIVE] = "TENTATIVE",
    [ICAL_CANCELLED] = "CANCELLED",
};

int64_t
ical_sequence(int64_t changed)
{
	if (changed < SEQUENCE_FROM)
		return 0;
	return changed - SEQUENCE_FROM < SEQUENCE_MOST ? changed - SEQUENCE_FROM : SEQUENCE_MOST;
}

static void
add_instant(struct buf *out, const char *name, int64_t utc)
{
	char text[ICAL_TIME_MAX + 1];

	ical_time_text(utc, text);
	strcat(text, "Z");
	ical_line(out, name, text);
}

void
ical_begin(struct buf *out, const struct ical_calendar *calendar)
{
	char refresh[32];

	snprintf(refresh, sizeof refresh, "PT%dM", calendar->refresh_minutes);
	ical_line(out, "BEGIN", "VCALENDAR");
	ical_line(out, "VERSION", "2.0");
	ical_line(out, "PRODID", "-//Crisis Cover//Crisis Cover//EN");
	ical_line(out, "CALSCALE", "GREGORIAN");
	ical_line(out, "METHOD", "PUBLISH");
	ical_line_text(out, "UID", calendar->uid);
	/* RFC 7986, and beside it what programs read that are older than it. */
	ical_line_text(out, "NAME", calendar->name);
	ical_line_text(out, "X-WR-CALNAME", calendar->name);
	if (calendar->description != NULL) {
		ical_line_text(out, "DESCRIPTION", calendar->description);
		ical_line_text(out, "X-WR-CALDESC", calendar->description);
	}
	ical_line(out, "X-WR-TIMEZONE", zone_name(calendar->zone));
	ical_line(out, "REFRESH-INTERVAL;VALUE=DURATION", refresh);
	ical_line(out, "X-PUBLISHED-TTL", refresh);
	ical_zone(out, calendar->zone, calendar->from, calendar->until);
}

void
ical_event(struct buf *out, const struct ical_calendar *calendar, const struct ical_event *event)
{
	const struct zone *zone = calendar->zone;
	/* Both in UTC or neither: some programs refuse an event whose times are of two forms. */
	bool in_utc =
	    !ical_time_is_plain(zone, event->start) || !ical_time_is_plain(zone, event->end);
	char sequence[24];

	snprintf(sequence, sizeof sequence, "%lld", (long long)ical_sequence(event->changed));
	ical_line(out, "BEGIN", "VEVENT");
	ical_line_text(out, "UID", event->uid);
	add_instant(out, "DTSTAMP", event->changed);
	add_instant(out, "LAST-MODIFIED", event->changed);
	ical_line(out, "SEQUENCE", sequence);
	ical_time(out, "DTSTART", zone, event->start, in_utc);
	ical_time(out, "DTEND", zone, event->end, in_utc);
	ical_line_text(out, "SUMMARY", event->summary);
	if (event->description != NULL)
		ical_line_text(out, "DESCRIPTION", event->description);
	if (event->category != NULL)
		ical_line_text(out, "CATEGORIES", event->category);
	ical_line(out, "STATUS", statuses[event->status]);
	/* A subscriber's own day does not become busy by it. */
	ical_line(out, "TRANSP", "TRANSPARENT");
	ical_line(out, "END", "VEVENT");
}

void
ical_end(struct buf *out)
{
	ical_line(out, "END", "VCALENDAR");
}
