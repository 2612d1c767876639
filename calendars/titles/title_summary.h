/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* The title for people to read: without telephone numbers, and with "unavailable" for every reason
 * to be away. */
const char *title_summary(struct arena *arena, const struct items *items);
