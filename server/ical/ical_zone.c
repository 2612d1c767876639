/* SPDX-License-Identifier: MIT */
#include "server/ical/ical_zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/ical/ical_line.h"

/* How far back the change is looked for that made the offset of the beginning. */
#define BACK_SECONDS (2 * 366 * CIVIL_DAY_SECONDS)

void
ical_time_text(int64_t seconds, char out[ICAL_TIME_MAX])
{
	struct civil civil = civil_of(seconds);

	/* Years of a map have four digits; the widths bound the text for the compiler. */
	snprintf(out, ICAL_TIME_MAX, "%04u%02u%02uT%02u%02u%02u", (unsigned)civil.year % 10000,
	    (unsigned)civil.month % 100, (unsigned)civil.day % 100, (unsigned)civil.hour % 100,
	    (unsigned)civil.minute % 100, (unsigned)civil.second % 100);
}

bool
ical_time_is_plain(const struct zone *zone, int64_t utc)
{
	enum zone_fit fit;

	return zone_instant(zone, zone_local(zone, utc), &fit) == utc && fit == ZONE_EXACT;
}

void
ical_time(struct buf *out, const char *name, const struct zone *zone, int64_t utc, bool in_utc)
{
	char text[ICAL_TIME_MAX + 1];
	struct buf head = {0};

	ical_time_text(in_utc ? utc : zone_local(zone, utc), text);
	if (in_utc) {
		strcat(text, "Z");
		ical_line(out, name, text);
		return;
	}
	buf_printf(&head, "%s;TZID=%s", name, zone_name(zone));
	ical_line(out, head.at, text);
	buf_free(&head);
}

/* "+0100". */
static void
add_offset(struct buf *out, const char *name, int32_t offset)
{
	char text[16];
	int32_t minutes = abs(offset) / 60;

	snprintf(text, sizeof text, "%c%02d%02d", offset < 0 ? '-' : '+', minutes / 60 % 100,
	    minutes % 60);
	ical_line(out, name, text);
}

/* One change of the clock: from ${utc} on the offset is ${to}. An onset is in the wall clock of before it. */
static void
add_change(struct buf *out, const struct zone *zone, int64_t utc, int32_t from, int32_t to)
{
	const char *part = to > from ? "DAYLIGHT" : "STANDARD";
	const char *name = zone_abbreviation(zone, utc);
	char text[ICAL_TIME_MAX];

	ical_line(out, "BEGIN", part);
	ical_time_text(utc + from, text);
	ical_line(out, "DTSTART", text);
	add_offset(out, "TZOFFSETFROM", from);
	add_offset(out, "TZOFFSETTO", to);
	if (*name != '\0')
		ical_line_text(out, "TZNAME", name);
	ical_line(out, "END", part);
}

/* The instant of the change that made the offset at ${utc}; INSTANT_BEGINNING where there was none in
 * BACK_SECONDS. A stretch may end where the offset does not change (zone_steady()). */
static int64_t
made_at(const struct zone *zone, int64_t utc)
{
	int32_t offset = zone_offset(zone, utc);
	int64_t from = zone_steady(zone, utc).from;

	while (from > utc - BACK_SECONDS && zone_offset(zone, from - 1) == offset)
		from = zone_steady(zone, from - 1).from;
	return from > utc - BACK_SECONDS ? from : INSTANT_BEGINNING;
}

void
ical_zone(struct buf *out, const struct zone *zone, int64_t from, int64_t until)
{
	int64_t first = made_at(zone, from), next;

	ical_line(out, "BEGIN", "VTIMEZONE");
	ical_line(out, "TZID", zone_name(zone));
	/* Each zone has at least one part. One that has had this offset for years begins with it. */
	if (first == INSTANT_BEGINNING)
		add_change(out, zone, from - BACK_SECONDS, zone_offset(zone, from),
		    zone_offset(zone, from));
	else
		add_change(
		    out, zone, first, zone_offset(zone, first - 1), zone_offset(zone, first));
	for (next = zone_steady(zone, from).until; next < until;
	     next = zone_steady(zone, next).until)
		if (zone_offset(zone, next - 1) != zone_offset(zone, next))
			add_change(
			    out, zone, next, zone_offset(zone, next - 1), zone_offset(zone, next));
	ical_line(out, "END", "VTIMEZONE");
}
