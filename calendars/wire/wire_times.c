/* SPDX-License-Identifier: MIT */
#include "calendars/wire/wire_times.h"

#include <string.h>

#include "calendars/roster/roster_date.h"
#include "calendars/wire/wire.h"

#define ZONES_MAX 2000

/* The fewest bytes of one item (wire_answer.c). */
#define ZONE_LEAST PACKED_LEAST(0, 0, 0, 2)
#define UNKNOWN_ZONE_LEAST PACKED_LEAST(0, 1, 0, 1)
#define DATE_LEAST PACKED_LEAST(0, 1, 0, 1)

void
wire_pack_times(struct buf *buf, const struct reading_options *options)
{
	pack_u8(buf, (uint8_t)options->date_order);
	pack_u32(buf, (uint32_t)options->nzones);
	for (size_t i = 0; i < options->nzones; i++) {
		pack_text(buf, options->zones[i].name);
		pack_text(buf, options->zones[i].zone);
	}
}

/* A zone that was decided must be in the tz database, or its events would be unknown again. */
void
wire_unpack_times(struct unpack *in, const struct zonedb *zones, struct arena *arena,
    struct reading_options *options)
{
	struct reading_zone *list;

	options->date_order = (enum reading_date_order)unpack_u8(in);
	options->nzones = unpack_count(in, ZONE_LEAST);
	if (options->date_order > READING_DATES_MDY)
		in->bad = true;
	list = arena_array(arena, options->nzones, sizeof *list);
	for (size_t i = 0; i < options->nzones && !in->bad; i++) {
		list[i].name = unpack_text(in, arena, WIRE_TEXT_MAX);
		list[i].zone = unpack_text(in, arena, WIRE_TEXT_MAX);
		if (list[i].name == NULL || list[i].zone == NULL ||
		    zonedb_find(zones, list[i].zone) == NULL)
			in->bad = true;
	}
	options->zones = list;
}

void
wire_pack_questions(struct buf *buf, const struct reading *reading)
{
	pack_u32(buf, (uint32_t)reading->nunknown_zones);
	for (size_t i = 0; i < reading->nunknown_zones; i++) {
		pack_text(buf, reading->unknown_zones[i].name);
		pack_u32(buf, reading->unknown_zones[i].events);
	}
	/* Written alone: what either order makes of a date follows from its text. */
	pack_u8(buf, reading->ambiguous_dates);
	pack_u32(buf, (uint32_t)reading->ndates);
	for (size_t i = 0; i < reading->ndates; i++) {
		pack_u32(buf, reading->dates[i].line);
		pack_text(buf, reading->dates[i].written);
	}
}

/* Most events first, then by name. Strict, so that no name occurs twice. */
static bool
in_order(const struct reading_unknown_zone *a, const struct reading_unknown_zone *b)
{
	return a->events != b->events ? a->events > b->events : strcmp(a->name, b->name) < 0;
}

static void
unpack_zones(struct unpack *in, struct arena *arena, struct reading *reading)
{
	struct reading_unknown_zone *list;

	reading->nunknown_zones = unpack_count(in, UNKNOWN_ZONE_LEAST);
	if (reading->nunknown_zones > ZONES_MAX)
		in->bad = true;
	if (in->bad)
		return;
	list = arena_array(arena, reading->nunknown_zones, sizeof *list);
	for (size_t i = 0; i < reading->nunknown_zones && !in->bad; i++) {
		list[i].name = unpack_text(in, arena, WIRE_TEXT_MAX);
		list[i].events = unpack_u32(in);
		if (list[i].name == NULL || list[i].events == 0 ||
		    /* No zone can be in more events than there are. */
		    list[i].events > reading->events ||
		    (i > 0 && !in_order(&list[i - 1], &list[i])))
			in->bad = true;
	}
	reading->unknown_zones = list;
}

/* The two days are computed again from the text, and not taken from the child. */
static void
unpack_date(struct unpack *in, struct arena *arena, struct reading_date *out)
{
	struct roster_date date;

	out->line = unpack_u32(in);
	out->written = unpack_text(in, arena, WIRE_TEXT_MAX);
	if (out->written == NULL || !roster_date_read(slice_of(out->written), &date) ||
	    !roster_date_ambiguous(&date)) {
		in->bad = true;
		return;
	}
	out->dmy = date.dmy;
	out->mdy = date.mdy;
}

static void
unpack_dates(struct unpack *in, struct arena *arena, struct reading *reading)
{
	uint8_t ambiguous = unpack_u8(in);
	struct reading_date *list;

	/* A few are shown as examples, so there is one if there are any. */
	reading->ambiguous_dates = ambiguous != 0;
	reading->ndates = unpack_count(in, DATE_LEAST);
	if (ambiguous > 1 || reading->ndates > READING_DATES_SHOWN ||
	    reading->ambiguous_dates != (reading->ndates > 0))
		in->bad = true;
	if (in->bad)
		return;
	list = arena_array(arena, reading->ndates, sizeof *list);
	for (size_t i = 0; i < reading->ndates && !in->bad; i++) {
		unpack_date(in, arena, &list[i]);
		/* In the order of the lines; a line may have two dates. */
		if (i > 0 && list[i - 1].line > list[i].line)
			in->bad = true;
	}
	reading->dates = list;
}

void
wire_unpack_questions(struct unpack *in, const struct reading_options *options, struct arena *arena,
    struct reading *reading)
{
	unpack_zones(in, arena, reading);
	if (!in->bad)
		unpack_dates(in, arena, reading);
	/* Questions that the request rules out: of a refused calendar, about dates of a calendar or
	 * of an order that is decided, about zones of a roster. */
	if ((reading->refused && (reading->nunknown_zones > 0 || reading->ambiguous_dates)) ||
	    (reading->ambiguous_dates &&
		(options->kind != READING_CSV || options->date_order != READING_DATES_UNSET)) ||
	    (reading->nunknown_zones > 0 && options->kind != READING_ICALENDAR))
		in->bad = true;
}
