/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/number_format.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/text.h"

/* ---- Dates and times. */

#define LAST_SERIAL 2958466.0 /* the day after 31 December 9999 */
#define FIRST_DAY 43831.0     /* 1 January 2020 */
#define LAST_DAY 50000.0      /* 21 November 2036 */
#define CLOCK_DIGITS 4        /* 0930 */
#define NOT_A_LEAP_DAY 60     /* 29 February 1900, which Excel has and no calendar */

/* The day of ${serial}, counted from 1 January 1970. */
static int64_t
day_of(int64_t serial, bool since_1904)
{
	static const int64_t from_1904 = -24107, from_1900 = -NUMBER_1970;

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
time_text(struct arena *arena, int64_t seconds, const char *clock, const char *with_day)
{
	int64_t days = seconds / CIVIL_DAY_SECONDS;

	if (days < 2)
		return clock;
	return days < 366 ? clock_text(arena, seconds) : with_day;
}

/* Without the day or the month it is no date that anybody sees: then the pieces that are shown. */
static const char *
calendar_text(struct arena *arena, unsigned pieces, int64_t days)
{
	static const char *const weekdays[] = {
	    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
	    "July", "August", "September", "October", "November", "December"};
	const char *text = "";
	int year, month, day;

	civil_from_days(days, &year, &month, &day);
	if ((pieces & PIECE_DAY) != 0 && (pieces & PIECE_MONTH) != 0)
		return arena_printf(arena, "%04d-%02d-%02d", year, month, day);
	if ((pieces & PIECE_WEEKDAY) != 0)
		text = arena_printf(arena, " %s", weekdays[civil_weekday(days)]);
	if ((pieces & PIECE_DAY) != 0)
		text = arena_printf(arena, "%s %d", text, day);
	/* A month without its year is that of the number. */
	if ((pieces & PIECE_MONTH) != 0)
		text = arena_printf(arena, "%s %s %04d", text, months[month - 1], year);
	else if ((pieces & PIECE_YEAR) != 0)
		text = arena_printf(arena, "%s %04d", text, year);
	return *text == ' ' ? text + 1 : text;
}

/* If minutes are not shown, or no hours, the time that is shown is not that of the number. */
static const char *
shown_clock(struct arena *arena, unsigned pieces, int64_t seconds, const char *clock)
{
	int minutes = (int)(seconds / 60 % 60);

	if ((pieces & PIECE_HOUR) == 0)
		return arena_printf(arena, "%02d min (%s)", minutes, clock);
	if ((pieces & PIECE_MINUTE) == 0 && minutes != 0)
		return arena_printf(arena, "%02d (%s)", (int)(seconds / 3600 % 24), clock);
	return clock;
}

static const char *
elapsed_text(struct arena *arena, unsigned pieces, int64_t seconds)
{
	if ((pieces & PIECE_HOUR) != 0 && (pieces & PIECE_MINUTE) != 0)
		return clock_text(arena, seconds);
	if ((pieces & PIECE_HOUR) != 0)
		return arena_printf(arena, "%.15g hours", (double)seconds / 3600);
	return (pieces & PIECE_MINUTE) != 0 ? arena_printf(arena, "%.15g min", (double)seconds / 60)
					    : arena_printf(arena, "%lld s", (long long)seconds);
}

/* ---- Plain numbers. */

/* What a number is by itself in a workbook: a part of a day, or a day, with a part of it or without.
 * Which columns have those is for the reader of rosters. */
static bool
may_be_time(double value)
{
	return (value > 0 && value < 1) || (value >= FIRST_DAY && value < LAST_DAY);
}

static struct number_text
plain_text(struct arena *arena, const struct number_section *section, double value)
{
	struct number_text out = {.plain = true};
	double scaled = section->percent ? value * 100 : value;
	double scale = section->decimals < 15 ? pow(10, section->decimals) : 0;
	double rounded = scale > 0 && fabs(scaled) < 1e15 ? round(scaled * scale) / scale : scaled;

	/* As many digits as Excel keeps: the file has 0.33333333333333331. */
	if (section->digits > 0 && section->digits <= 15 && rounded >= 0 &&
	    rounded == floor(rounded))
		out.text = arena_printf(arena, "%0*.0f", (int)section->digits, rounded);
	else
		out.text = arena_printf(arena, "%.15g", rounded);
	/* "0930" is how people write a time, and no number. */
	if (section->digits >= CLOCK_DIGITS || (may_be_time(value) && rounded == value))
		out.plain = false;
	return out;
}

static struct number_text
value_text(struct arena *arena, const struct number_section *section, double value, bool since_1904)
{
	bool fits = value >= 0 && value < LAST_SERIAL, timed = section->shown != NUMBER_CALENDAR;
	struct number_text out = {.text = ""};
	int64_t seconds;
	const char *date, *clock, *day;

	if (!fits || section->shown == NUMBER_PLAIN)
		return plain_text(arena, section, value);
	seconds = llround(value * (double)CIVIL_DAY_SECONDS);
	clock = shown_clock(
	    arena, section->pieces, seconds, clock_text(arena, seconds % CIVIL_DAY_SECONDS));
	date =
	    calendar_text(arena, section->pieces, day_of(seconds / CIVIL_DAY_SECONDS, since_1904));
	day = calendar_text(
	    arena, PIECE_DAY | PIECE_MONTH, day_of(seconds / CIVIL_DAY_SECONDS, since_1904));
	if (section->shown == NUMBER_ELAPSED)
		out.text = elapsed_text(arena, section->pieces, seconds);
	/* Day 0 is none: a time alone, or a number that is no date. */
	else if (seconds < CIVIL_DAY_SECONDS && !since_1904)
		return timed ? (struct number_text){.text = clock}
			     : plain_text(arena, section, value);
	else if (section->shown == NUMBER_TIME)
		out.text =
		    time_text(arena, seconds, clock, arena_printf(arena, "%s %s", day, clock));
	else
		out.text = timed ? arena_printf(arena, "%s %s", date, clock) : date;
	return out;
}

/* ---- Which section. */

static bool
fits_condition(const struct number_section *section, double value)
{
	static const char *const less[] = {"<", "<=", "<>", NULL}, *const more[] = {
								       ">", ">=", "<>", NULL};
	static const char *const same[] = {"=", "<=", ">=", NULL};

	return text_is_one_of(section->if_is, value < section->if_than   ? less
					      : value > section->if_than ? more
									 : same);
}

/* A section for texts is the fourth, or the last if it has a "@". */
static size_t
count_of_numbers(struct number_format format)
{
	bool text = format.count > 1 && format.sections[format.count - 1].text;

	return format.count == 4 || text ? format.count - 1 : format.count;
}

static const struct number_section *
section_of(struct number_format format, double value)
{
	size_t count = count_of_numbers(format);
	bool conditions = false;

	for (size_t i = 0; i < count; i++) {
		conditions |= *format.sections[i].if_is != '\0';
		if (*format.sections[i].if_is != '\0' && fits_condition(&format.sections[i], value))
			return &format.sections[i];
	}
	if (conditions)
		return *format.sections[count - 1].if_is == '\0' ? &format.sections[count - 1]
								 : NULL;
	if (value < 0 && count > 1)
		return &format.sections[1];
	return value == 0 && count > 2 ? &format.sections[2] : &format.sections[0];
}

static const char *
trimmed(struct arena *arena, const char *text)
{
	struct slice slice = slice_trim(slice_of(text));

	return arena_strndup(arena, slice.at, slice.len);
}

static struct number_text
with_words(struct arena *arena, const struct number_section *section, struct number_text value)
{
	if (*section->before == '\0' && *section->after == '\0')
		return value;
	value.text = trimmed(
	    arena, arena_printf(arena, "%s%s%s", section->before, value.text, section->after));
	value.plain = false;
	return value;
}

struct number_text
number_show(struct arena *arena, struct number_format format, double value, bool since_1904)
{
	const struct number_section *section = section_of(format, value);
	struct number_text out;

	/* No format without words shows more than the number itself does. */
	if (section == NULL || section->shown == NUMBER_UNSEEN)
		return (struct number_text){
		    .text = arena_printf(arena, "%.15g", value), .unseen = true};
	if (section->shown == NUMBER_WORDS)
		return (struct number_text){.text = trimmed(arena, section->before)};
	out = with_words(arena, section, value_text(arena, section, value, since_1904));
	out.unseen = section->white;
	return out;
}

struct number_text
number_show_text(struct arena *arena, struct number_format format, const char *text)
{
	const struct number_section *last = &format.sections[format.count - 1];
	struct number_text out = {.text = text};

	if (format.count < 4 && !last->text)
		return out;
	if (last->shown == NUMBER_WORDS)
		out.text = trimmed(arena, last->before);
	else if (last->text)
		out = with_words(arena, last, out);
	out.unseen = last->shown == NUMBER_UNSEEN || last->white;
	return out;
}
