/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "calendars/lines.h"
#include "server/base/arena.h"

/*
 * In which component of a calendar (RFC 5545 3.6) a row stands. The scan (prescan.c) and what keeps of a calendar only what is
 * read (kept.c) both follow the rows by these functions, or what is kept would be read as something else.
 */

#define SCAN_DEPTH_MAX 5

enum scan_place {
	PLACE_OUTSIDE,
	PLACE_CALENDAR,
	PLACE_EVENT,
	PLACE_ZONE,
	PLACE_ONSET,
	PLACE_SKIPPED
};

struct open_part {
	const char *name;
	uint32_t line; /* of its BEGIN */
	enum scan_place place;
};

/* The components that are open, the outermost first. {0}: none. */
struct components {
	struct open_part open[SCAN_DEPTH_MAX];
	unsigned depth;
};

/* Where the next row stands. */
enum scan_place components_place(const struct components *components);

/* Where a component ${name} would stand that begins here. */
enum scan_place components_place_of(const struct components *components, struct slice name);

/* Opens ${name}, of which ${arena} gets a copy. False if it would be too deep: then nothing has changed. */
bool components_begin(
    struct components *components, struct arena *arena, struct slice name, uint32_t line);

/* Closes the innermost component, of which there must be one. False if that is not ${name}: then nothing has changed. */
bool components_end(struct components *components, struct slice name);

/* What a row is. */
enum component_row {
	ROW_NOTHING,  /* a blank one outside of a calendar */
	ROW_BEGIN,    /* a component; outside, a VCALENDAR */
	ROW_BARE,     /* another component than a VCALENDAR, outside of one */
	ROW_OUTSIDE,  /* anything else there */
	ROW_END,      /* END */
	ROW_PROPERTY, /* any other content line */
	ROW_JUNK,     /* none, in a component that is read */
	ROW_SKIPPED   /* none, in one that is not */
};

/*
 * What the row ${text} is, here. Outside of a calendar blanks and a byte order mark around it are taken from ${text}, as two files
 * that were put together have them; within, a blank at the start of a line is a fold, and nothing is trimmed. ${line} is the row
 * split, unless it is no content line; ${name} the component of a ROW_BEGIN or ROW_END. Both point into ${text}.
 */
enum component_row components_row(const struct components *components, struct slice *text,
    struct content_line *line, struct slice *name);
