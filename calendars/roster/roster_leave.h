/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* Whether ${status} says that leave was granted, or that it was refused or withdrawn. */
bool roster_leave_is_granted(const char *status);
bool roster_leave_is_refused(const char *status);

/*
 * Whether the person of a row of a leave calendar is away. Leave that is only requested takes nobody
 * off duty. Every other column is searched for something that denies the leave; a person must then
 * decide. Another kind of day and a part of a day are noted, and count as leave: a person who may be away
 * must not be taken for present.
 */
enum slot_state roster_state_of_leave(const struct roster_entry *entry);
