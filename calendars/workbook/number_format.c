/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/number_format.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "server/base/civil.h"

struct number_format
number_format_built_in(unsigned id)
{
	/* ECMA-376 part 1, 18.8.30; those from 27 on are of workbooks from East Asia. */
	static const struct {
		unsigned from, to;
		enum number_shown shown;
	} known[] = {
	    {14, 16, NUMBER_DATE},
	    {17, 17, NUMBER_MONTH},
	    {18, 21, NUMBER_TIME},
	    {22, 22, NUMBER_DATE_TIME},
	    {27, 31, NUMBER_DATE},
	    {32, 35, NUMBER_TIME},
	    {36, 36, NUMBER_DATE},
	    {45, 45, NUMBER_TIME},
	    {46, 46, NUMBER_ELAPSED},
	    {47, 47, NUMBER_TIME},
	    {50, 54, NUMBER_DATE},
	    {55, 56, NUMBER_TIME},
	    {57, 58, NUMBER_DATE},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (id >= known[i].from && id <= known[i].to)
			return (struct number_format){known[i].shown, 0};
	return (struct number_format){NUMBER_PLAIN, 0};
}

/* What a code consists of. */
struct parts {
	bool day, weekday, month, year, hour, minute, elapsed;
	bool number; /* a digit of a number: 0 # ? */
	unsigned zeros;
	bool only_zeros;
	char last; /* the last letter of a date or time; 'h' makes a following m minutes */
};

/* What is in brackets: a colour, a language, a condition, or elapsed hours as in [h]:mm. */
static const char *
take_bracket(const char *at, struct parts *parts)
{
	const char *end = strchr(at, ']');
	size_t len = strspn(at + 1, "hHmMsS");

	if (end == NULL)
		return at + strlen(at);
	if (len > 0 && at + 1 + len == end) {
		parts->elapsed = true;
		parts->last = 'h';
	}
	return end + 1;
}

/* A run of one letter: yyyy, mmm, dd, h. */
static const char *
take_letters(const char *at, struct parts *parts)
{
	char letter = (char)(*at | 0x20);
	size_t len = 0;

	while ((at[len] | 0x20) == letter)
		len++;
	switch (letter) {
	case 'y':
	case 'e': /* the year of an era */
		parts->year = true;
		break;
	case 'd':
		*(len >= 3 ? &parts->weekday : &parts->day) = true;
		break;
	case 'm':
		/* After hours it is minutes; before seconds, too, and then there was a clock. */
		*(parts->last == 'h' ? &parts->minute : &parts->month) = true;
		break;
	case 's':
		/* mm:ss */
		if (parts->last == 'm' && !parts->minute) {
			parts->month = false;
			parts->minute = true;
		}
		parts->minute = true;
		break;
	default:
		parts->hour = true;
	}
	parts->last = letter;
	return at + len;
}

/* "0.00E+00" has an exponent and no era, "General" and "AM/PM" are words. */
static const char *
take_word(const char *at, struct parts *parts)
{
	static const char *const words[] = {"General", "AM/PM", "A/P", "E+", "E-"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);

		if (strncasecmp(at, words[i], len) != 0)
			continue;
		parts->hour |= i == 1 || i == 2;
		return at + len;
	}
	return NULL;
}

static const char *
take_quoted(const char *at, struct parts *parts)
{
	const char *end = strchr(at + 1, '"');

	parts->only_zeros = false;
	return end == NULL ? at + strlen(at) : end + 1;
}

static const char *
take(const char *at, struct parts *parts)
{
	const char *after = take_word(at, parts);

	if (after != NULL) {
		parts->only_zeros = false;
		return after;
	}
	if (*at == '"')
		return take_quoted(at, parts);
	if (*at == '[')
		return take_bracket(at, parts);
	/* The character after it is shown as it is, takes its width, or fills the cell. */
	if (strchr("\\_*", *at) != NULL) {
		parts->only_zeros = false;
		return at[1] == '\0' ? at + 1 : at + 2;
	}
	if (strchr("yYmMdDhHsSeE", *at) != NULL) {
		parts->only_zeros = false;
		return take_letters(at, parts);
	}
	parts->number |= strchr("0#?", *at) != NULL;
	parts->zeros += *at == '0';
	parts->only_zeros = parts->only_zeros && *at == '0';
	return at + 1;
}

static enum number_shown
shown_by(const struct parts *parts)
{
	bool date = parts->day || parts->weekday || parts->month || parts->year;
	bool time = parts->hour || parts->minute || parts->elapsed;

	if (parts->elapsed)
		return NUMBER_ELAPSED;
	if (date && time)
		return NUMBER_DATE_TIME;
	if (time)
		return NUMBER_TIME;
	if (parts->day || (parts->weekday && (parts->month || parts->year)))
		return NUMBER_DATE;
	if (parts->weekday)
		return NUMBER_WEEKDAY;
	return date ? NUMBER_MONTH : NUMBER_PLAIN;
}

struct number_format
number_format_of(const char *code)
{
	struct parts parts = {.only_zeros = true};
	struct number_format format = {NUMBER_PLAIN, 0};
	const char *at = code;

	/* The first section is for positive numbers, and no date is negative. */
	while (*at != '\0' && *at != ';')
		at = take(at, &parts);
	/* Three empty sections hide whatever is in the cell. */
	if (at == code && strncmp(code, ";;", 2) == 0)
		format.shown = NUMBER_UNSEEN;
	else if (!parts.number || shown_by(&parts) == NUMBER_TIME ||
		 shown_by(&parts) == NUMBER_ELAPSED)
		/* ss.00 has digits and is a time. */
		format.shown = shown_by(&parts);
	if (format.shown == NUMBER_PLAIN && parts.only_zeros)
		format.digits = parts.zeros;
	return format;
}

/* ---- Values as text. */

#define LAST_SERIAL 2958466.0 /* the day after 31 December 9999 */
#define NOT_A_LEAP_DAY 60     /* 29 February 1900, which Excel has and no calendar */

/* The day of ${serial}, counted from 1 January 1970. */
static int64_t
day_of(int64_t serial, bool since_1904)
{
	static const int64_t from_1904 = -24107, from_1900 = -25569;

	if (since_1904)
		return serial + from_1904;
	return serial + from_1900 + (serial < NOT_A_LEAP_DAY);
}

static const char *
clock_text(struct arena *arena, int64_t seconds)
{
	int hours = (int)(seconds / 3600), minutes = (int)(seconds / 60 % 60);

	if (seconds % 60 != 0)
		return arena_printf(arena, "%02d:%02d:%02d", hours, minutes, (int)(seconds % 60));
	return arena_printf(arena, "%02d:%02d", hours, minutes);
}

/* A time of a clock. What is added to a time may run past midnight and is still shown as a time
 * ("20:00" + 8 hours); a time that is many days long has lost its day to the format and gets it back. */
static const char *
time_text(struct arena *arena, int64_t seconds, const char *with_day)
{
	int64_t days = seconds / CIVIL_DAY_SECONDS;

	if (days < 2)
		return clock_text(arena, seconds % CIVIL_DAY_SECONDS);
	return days < 366 ? clock_text(arena, seconds) : with_day;
}

static const char *
calendar_text(struct arena *arena, enum number_shown shown, int64_t days)
{
	static const char *const weekdays[] = {
	    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
	    "July", "August", "September", "October", "November", "December"};
	int year, month, day;

	civil_from_days(days, &year, &month, &day);
	if (shown == NUMBER_WEEKDAY)
		return weekdays[civil_weekday(days)];
	if (shown == NUMBER_MONTH)
		return arena_printf(arena, "%s %04d", months[month - 1], year);
	return arena_printf(arena, "%04d-%02d-%02d", year, month, day);
}

static const char *
plain_text_of(struct arena *arena, struct number_format format, double value)
{
	/* As many digits as Excel keeps: the file has 0.33333333333333331. */
	if (format.digits > 0 && format.digits <= 15 && value >= 0 && value == floor(value))
		return arena_printf(arena, "%0*.0f", (int)format.digits, value);
	return arena_printf(arena, "%.15g", value);
}

const char *
number_text(struct arena *arena, struct number_format format, double value, bool since_1904)
{
	bool fits = value >= 0 && value < LAST_SERIAL;
	int64_t seconds, days;
	const char *date, *clock;

	if (!fits || format.shown == NUMBER_PLAIN || format.shown == NUMBER_UNSEEN)
		return plain_text_of(arena, format, value);
	seconds = llround(value * (double)CIVIL_DAY_SECONDS);
	days = day_of(seconds / CIVIL_DAY_SECONDS, since_1904);
	if (format.shown == NUMBER_ELAPSED)
		return clock_text(arena, seconds);
	clock = clock_text(arena, seconds % CIVIL_DAY_SECONDS);
	/* Day 0 is none: a time alone, or a number that is no date. */
	if (seconds < CIVIL_DAY_SECONDS && !since_1904)
		return format.shown == NUMBER_TIME || format.shown == NUMBER_DATE_TIME
			   ? clock
			   : plain_text_of(arena, format, value);
	date = calendar_text(arena, format.shown, days);
	if (format.shown == NUMBER_TIME)
		return time_text(arena, seconds, arena_printf(arena, "%s %s", date, clock));
	return format.shown == NUMBER_DATE_TIME ? arena_printf(arena, "%s %s", date, clock) : date;
}
