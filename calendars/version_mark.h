/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"

/* What is remembered of ${event}: which event it is, its version, and a hash of its content. */
struct reading_version version_mark(const struct event *event);

/* Compares by event, then by all other fields, so that the order of the file does not matter. */
int version_compare(const void *a, const void *b);
