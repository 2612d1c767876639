/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* Whether ${status} says that leave was granted, or that it was refused or withdrawn. */
bool roster_leave_is_granted(const char *status);
bool roster_leave_is_refused(const char *status);

/*
 * Whether the person of a row of a leave calendar is away. Leave that is only requested takes nobody
 * off duty. Every column is looked at for what denies the leave (then a person must decide), and for
 * what it leaves open: another kind of day, or a part of one. That is noted and is leave, since
 * somebody who may be away must not be taken for present.
 */
enum slot_state roster_state_of_leave(const struct roster_entry *entry);
