/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"

/* What is remembered of ${event}: which one it is, its version, and a hash of what it says. */
struct reading_version version_mark(const struct event *event);

/* By event, then by all else, so that the order of the file never matters. */
int version_compare(const void *a, const void *b);
