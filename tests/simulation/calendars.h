/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* What the rota managers publish, and the fetching of it: the truth that the database must come to
 * hold. */
void calendars_begin(bool large);

/* Somebody changes a calendar; it is fetched a while later, if it can be. */
void calendars_change(void);

/* Every calendar is fetched now. */
void calendars_fetch_all(void);

/* The shifts in force are what was published: else sim_fail. */
void calendars_check(void);
