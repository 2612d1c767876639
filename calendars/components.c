/* SPDX-License-Identifier: MIT */
#include "calendars/components.h"

#include "calendars/roster/roster_text.h"

enum scan_place
components_place(const struct components *components)
{
	return components->depth == 0 ? PLACE_OUTSIDE
				      : components->open[components->depth - 1].place;
}

/* Components count only where RFC 5545 3.6 puts them. A VEVENT inside a VTODO or an alarm is
 * skipped; VALARM, VTODO, VJOURNAL and VFREEBUSY are skipped whole, since nothing in them says who
 * is on duty. */
enum scan_place
components_place_of(const struct components *components, struct slice name)
{
	enum scan_place outer = components_place(components);

	/* Nothing but a VCALENDAR begins there: ROW_BARE. */
	if (outer == PLACE_OUTSIDE)
		return PLACE_CALENDAR;
	if (outer == PLACE_CALENDAR && slice_is_nocase(name, "VEVENT"))
		return PLACE_EVENT;
	if (outer == PLACE_CALENDAR && slice_is_nocase(name, "VTIMEZONE"))
		return PLACE_ZONE;
	if (outer == PLACE_ZONE &&
	    (slice_is_nocase(name, "STANDARD") || slice_is_nocase(name, "DAYLIGHT")))
		return PLACE_ONSET;
	return PLACE_SKIPPED;
}

bool
components_begin(
    struct components *components, struct arena *arena, struct slice name, uint32_t line)
{
	enum scan_place place = components_place_of(components, name);

	if (components->depth == SCAN_DEPTH_MAX)
		return false;
	components->open[components->depth++] =
	    (struct open_part){arena_strndup(arena, name.at, name.len), line, place};
	return true;
}

/* An END that does not fit closes an unknown component, so every later line would be read in the
 * wrong one. */
bool
components_end(struct components *components, struct slice name)
{
	if (!slice_is_nocase(name, components->open[components->depth - 1].name))
		return false;
	components->depth--;
	return true;
}

static enum component_row
row_outside(struct slice text, bool begins, struct slice name)
{
	if (begins)
		return slice_is_nocase(name, "VCALENDAR") ? ROW_BEGIN : ROW_BARE;
	return text.len > 0 ? ROW_OUTSIDE : ROW_NOTHING;
}

enum component_row
components_row(const struct components *components, struct slice *text, struct content_line *line,
    struct slice *name)
{
	bool split, begins;

	if (components->depth == 0)
		*text = roster_trim(*text);
	split = lines_split(*text, line);
	begins = split && slice_is_nocase(line->name, "BEGIN");
	*name = split ? slice_trim(line->value) : (struct slice){0};
	if (components->depth == 0)
		return row_outside(*text, begins, *name);
	if (begins)
		return ROW_BEGIN;
	if (split)
		return slice_is_nocase(line->name, "END") ? ROW_END : ROW_PROPERTY;
	return components_place(components) == PLACE_SKIPPED ? ROW_SKIPPED : ROW_JUNK;
}
