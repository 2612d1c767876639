/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* The calendars that rota managers publish, and the fetching of them. It is the truth that the
 * database must hold in the end. */
void calendars_begin(bool large);

/* A calendar is changed; it is fetched later, if that is possible. */
void calendars_change(void);

/* Every calendar is fetched now. */
void calendars_fetch_all(void);

/* Fails the world (sim_fail) unless the shifts in force are those that were published. */
void calendars_check(void);
