/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/components.h"
#include "calendars/prescan.h"

/* Shared by the two halves of the scan: prescan.c handles components, prescan_property.c handles
 * the properties in them. */

struct scanner {
	struct scan *scan;
	struct components components;
	uint32_t line;
	struct scan_part *part; /* the VEVENT, STANDARD or DAYLIGHT whose lines these are */
	const char *last_uid;
	uint32_t junk;
	bool junk_after, latin1;
	struct buf decoded;
};

/* The buffer to which the current lines are copied. */
struct buf *scan_target(struct scanner *s);

/* ${value} as text, allocated in the arena, for the sentence of a fault. */
const char *scan_number(struct scanner *s, uint32_t value);
const char *scan_copy(struct scanner *s, struct slice slice);

/* Refuses the whole calendar, naming the current line. */
void scan_refuse(struct scanner *s, enum fault fault, const char *what, const char *more);

/* The property ${name} if components of ${place} use it; NULL if not. */
struct scan_property;
const struct scan_property *scan_find_property(enum scan_place place, struct slice name);

/* Checks ${line} and writes it to the clean copy. */
void scan_property(
    struct scanner *s, const struct scan_property *property, const struct content_line *line);

/* Whether ${name} is a property of a program of rotas, and of no calendar program, whose own speak of
 * travel and of whether people are free; and whether it is a status. In prescan_aside.c. */
bool scan_is_own(struct slice name);
bool scan_is_status(struct slice name);

/* Records what ${line} says of the event beside its title. In prescan_aside.c. */
void scan_aside(struct scanner *s, enum scan_aside_kind kind, const struct content_line *line);

/* Of a note only so much is read; of all else that is longer nothing, and it may say anything. */
#define SCAN_ASIDE_BYTES_MAX 500

/* ${value} with its escapes resolved (RFC 5545 3.3.11). */
const char *scan_unescaped(struct arena *arena, struct slice value);

/* A longer value of a program's own property is no answer to a question, and is not read. */
#define SCAN_FLAG_BYTES_MAX 24

/* The name of one who declined, passed it on or may come, as an ATTENDEE says it, in ${arena}: compared with titles.
 * "": nobody knows who it is. NULL: it is of no interest. */
const char *scan_attendee(struct arena *arena, const struct content_line *line);

/* What is done with a property, for kept.c. */
enum scan_kind {
	SCAN_AS_IT_IS,
	SCAN_TITLE,
	SCAN_NOTE,
	SCAN_REMARK,
	SCAN_LIST,
	SCAN_INVITED,
	SCAN_ANSWER,
	SCAN_NAME
};
enum scan_kind scan_property_kind(const struct scan_property *property);

/* Its name. */
const char *scan_property_name(const struct scan_property *property);
