/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* Whether ${status} says that leave was granted, that it was refused or withdrawn, or that nobody has decided yet. */
bool roster_leave_is_granted(const char *status);
bool roster_leave_is_refused(const char *status);
bool roster_leave_is_waiting(const char *status);

/* What a cell of a row of leave does to it. */
enum leave_said {
	LEAVE_NOTHING,
	LEAVE_DENIED,    /* there may be no such leave: a person must decide */
	LEAVE_PART,      /* of the day: noted */
	LEAVE_OTHER_KIND /* no word of leave where its kind stands: noted */
};

/* The same of ${text} below ${heading}, which is the kind of leave or none of enum roster_column. ${code}: that of the row. */
enum leave_said roster_leave_said(struct titles *titles, const struct reading_shift_code *code,
    const struct roster_heading *heading, const char *text);

/*
 * Whether the person of a row of a leave calendar is away. Leave that is only requested takes nobody
 * off duty. Every other column is searched for something that denies the leave; a person must then
 * decide. Another kind of day and a part of a day are noted, and count as leave: a person who may be away
 * must not be taken for present.
 */
enum slot_state roster_state_of_leave(const struct roster_entry *entry);
