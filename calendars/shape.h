/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/*
 * Whether a value has the form that the RFC gives it, to the last character. The library that reads
 * the values afterwards takes more than that for good (RFC 5545 3.3.4-3.3.10): a sign for a digit,
 * "P5" for nothing at all, a number of weeks that wraps.
 */
enum shape { SHAPE_BAD, SHAPE_DATE, SHAPE_TIME, SHAPE_PERIOD };

/* One DATE, DATE-TIME or PERIOD. */
enum shape shape_of_time(struct slice value);

/* A DURATION of at most 7 digits a number. */
bool shape_is_duration(struct slice value);

/* A UTC-OFFSET. */
bool shape_is_offset(struct slice value);
