/* SPDX-License-Identifier: MIT */
#include "calendars/shape.h"

#include <string.h>

/* Seven digits of seconds are 115 days. With more digits libical 3.0.16 overflows. */
#define NUMBER_DIGITS_MAX 7

/* Whether ${count} digits begin at ${from}; ${value} is long enough for them. Only ASCII digits.
 * libical uses sscanf("%4d"), which also takes signs and blanks: "2026-1 1" would be a date. */
static bool
digits(struct slice value, size_t from, size_t count)
{
	for (size_t i = from; i < from + count; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
	}
	return true;
}

static char
upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* Year, month and day 0 are "no time" for libical, which drops the property without a finding. */
static bool
is_no_day(struct slice value)
{
	return memcmp(value.at, "00000000", 8) == 0;
}

static enum shape
shape_of_instant(struct slice value)
{
	if (value.len < 8 || !digits(value, 0, 8) || is_no_day(value))
		return SHAPE_BAD;
	if (value.len == 8)
		return SHAPE_DATE;
	/* No times without seconds, and no offsets: "T0900" and "T090000+0100" are ISO 8601, but
	 * not RFC 5545 3.3.5. */
	if ((value.len == 15 || (value.len == 16 && upper(value.at[15]) == 'Z')) &&
	    upper(value.at[8]) == 'T' && digits(value, 9, 6))
		return SHAPE_TIME;
	return SHAPE_BAD;
}

/* Takes "12H" if ${unit} is 'H'; leaves ${value} alone if another unit follows the number. */
static bool
take(struct slice *value, char unit)
{
	size_t n = 0;

	while (n < value->len && value->at[n] >= '0' && value->at[n] <= '9')
		n++;
	if (n == 0 || n > NUMBER_DIGITS_MAX || n == value->len || upper(value->at[n]) != unit)
		return false;
	value->at += n + 1;
	value->len -= n + 1;
	return true;
}

bool
shape_is_duration(struct slice value)
{
	bool any;
	bool time;

	if (value.len > 0 && (*value.at == '+' || *value.at == '-'))
		value = (struct slice){value.at + 1, value.len - 1};
	if (value.len == 0 || upper(*value.at) != 'P')
		return false;
	value = (struct slice){value.at + 1, value.len - 1};
	/* The units in their order, each at most once. RFC 5545 3.3.6 has weeks alone; "P1W2D" is
	 * read as well, because it can mean only one thing. */
	any = take(&value, 'W');
	any = take(&value, 'D') || any;
	if (value.len > 0 && upper(*value.at) == 'T') {
		value = (struct slice){value.at + 1, value.len - 1};
		time = take(&value, 'H');
		time = take(&value, 'M') || time;
		time = take(&value, 'S') || time;
		any = time; /* "T" must be followed by a time */
	}
	return any && value.len == 0;
}

enum shape
shape_of_time(struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		struct slice start = {value.at, i};
		struct slice end = {value.at + i + 1, value.len - i - 1};

		/* A slash makes it a PERIOD (RFC 5545 3.3.9): two times, or a time and a duration.
		 * Its start must be a time; a period of whole days has no meaning. */
		if (value.at[i] != '/')
			continue;
		if (shape_of_instant(start) == SHAPE_TIME &&
		    (shape_of_instant(end) == SHAPE_TIME || shape_is_duration(end)))
			return SHAPE_PERIOD;
		return SHAPE_BAD;
	}
	return shape_of_instant(value);
}

bool
shape_is_offset(struct slice value)
{
	return (value.len == 5 || value.len == 7) && (*value.at == '+' || *value.at == '-') &&
	       digits(value, 1, value.len - 1);
}
