/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"
#include "calendars/roster/roster_says.h"

/* The row that is being read, and what it is read with. */
struct roster_entry {
	struct titles *titles;
	struct faults *faults;
	const struct rows *rows;
	const struct roster_row *row;
	const struct reading_shift_code *code; /* of the row; NULL: none that the rota knows */
	const char *uid;
};

/*
 * Whether anybody works a slot, by its Status column and its shift code: filled, empty, away, no
 * cover at all, or for a person to decide. Every status that is not known is for a person to
 * decide, and noted in the entry's faults.
 */
enum slot_state roster_state_of_slot(const struct roster_entry *entry);

/* Whether the rota's manager has decided that ${text} means nothing. It is then not an unknown word. */
bool roster_means_nothing(struct titles *titles, const char *text);

/* Whether ${text} is one of the names of the rota itself, its service or its function. */
bool roster_is_own_name(const struct titles *titles, const char *text);

/* Notes that the status of the row is not known; returns SLOT_OPEN. An unknown status may be the one that
 * means that nobody comes, so a person must decide. */
enum slot_state roster_open_by_status(const struct roster_entry *entry);

/* Whether the meaning of the row's shift is settled without reading it beside the name. */
bool roster_shift_is_settled(const struct roster_entry *entry);

/* What remains of ${part} of the name's title once the slot is in ${state}. */
struct title_part roster_part_by_state(enum slot_state state, struct title_part part);
