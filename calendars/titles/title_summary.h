/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* The title as it is shown: without telephone numbers, and with "unavailable" for every reason to
 * be away. */
const char *title_summary(struct arena *arena, const struct items *items);
