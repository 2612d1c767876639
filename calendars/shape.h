/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * Checks that a value has the form that RFC 5545 3.3.4-3.3.10 gives it, to the last character.
 * libical reads the values afterwards and accepts more: a sign in place of a digit, "P5" as
 * nothing, a number of weeks that overflows.
 */
enum shape { SHAPE_BAD, SHAPE_DATE, SHAPE_TIME, SHAPE_PERIOD };

/* One DATE, DATE-TIME or PERIOD. */
enum shape shape_of_time(struct slice value);

/* A DURATION of at most 7 digits a number. */
bool shape_is_duration(struct slice value);

/* A UTC-OFFSET. */
bool shape_is_offset(struct slice value);
