/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_date.h"

#include <string.h>

#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_text.h"
#include "server/base/civil.h"

/* Takes a month's name: all of it, or its first three letters, or "Sept". */
static bool
take_month_name(struct slice *text, int *month)
{
	static const char *const names[] = {"january", "february", "march", "april", "may", "june",
	    "july", "august", "september", "october", "november", "december"};
	size_t len = 0;

	while (len < text->len && ((text->at[len] | 0x20) >= 'a' && (text->at[len] | 0x20) <= 'z'))
		len++;
	for (int i = 0; i < 12; i++) {
		struct slice word = {text->at, len};

		if (!slice_is_nocase(word, names[i]) &&
		    !(len == 3 && strncasecmp(text->at, names[i], 3) == 0) &&
		    !(i == 8 && slice_is_nocase(word, "sept")))
			continue;
		*month = i + 1;
		*text = (struct slice){text->at + len, text->len - len};
		return true;
	}
	return false;
}

static bool
days_of(int year, int month, int day, int64_t *days)
{
	struct civil c = {.year = year, .month = month, .day = day};

	if (!civil_valid(&c))
		return false;
	*days = civil_days(year, month, day);
	return true;
}

/* A date with a named month or in ISO form: the same day in either order. */
static bool
certain(struct slice rest, int year, int month, int day, struct roster_date *out)
{
	if (rest.len != 0 || !days_of(year, month, day, &out->dmy))
		return false;
	out->mdy = out->dmy;
	out->is_dmy = out->is_mdy = true;
	return true;
}

/* Four digits, or two of a year from 2020 to 2059. Before that, the first number is likely to be the year:
 * "26-12-07". */
static bool
take_year(struct slice *text, int *year, bool *is_short)
{
	*is_short = text->len == 2;
	if (!*is_short)
		return roster_take_digits(text, 4, 4, year);
	if (!roster_take_digits(text, 2, 2, year) || *year < 20 || *year > 59)
		return false;
	*year += 2000;
	return true;
}

/* "2026-12-07", "2026/12/07". */
static bool
read_iso(struct slice text, int year, struct roster_date *out)
{
	int month, day;
	char mark, again;

	return roster_take_mark(&text, "-/.", &mark) && roster_take_digits(&text, 2, 2, &month) &&
	       roster_take_mark(&text, "-/.", &again) && again == mark &&
	       roster_take_digits(&text, 2, 2, &day) && certain(text, year, month, day, out);
}

/* "20261207". */
static bool
read_eight(struct slice text, struct roster_date *out)
{
	struct slice year = {text.at, 4}, month = {text.at + 4, 2}, day = {text.at + 6, 2};
	int y, m, d;

	return roster_take_digits(&year, 4, 4, &y) && roster_take_digits(&month, 2, 2, &m) &&
	       roster_take_digits(&day, 2, 2, &d) && certain((struct slice){NULL, 0}, y, m, d, out);
}

/* "7th December 2026": the two letters. */
static void
pass_ordinal(struct slice *text)
{
	static const char *const ends[] = {"st ", "nd ", "rd ", "th ", "st,", "nd,", "rd,", "th,"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends && text->len > 3; i++) {
		if (slice_is_nocase((struct slice){text->at, 3}, ends[i])) {
			*text = (struct slice){text->at + 2, text->len - 2};
			return;
		}
	}
}

/* "7 Dec 2026", "7-Dec-26", after the day. */
static bool
read_named_month(struct slice text, char mark, int day, struct roster_date *out)
{
	int month, year;
	bool is_short;
	char again;

	return take_month_name(&text, &month) && roster_take_mark(&text, "/-. ", &again) &&
	       again == mark && take_year(&text, &year, &is_short) &&
	       certain(text, year, month, day, out);
}

/* "Dec 7, 2026", "December 7th 2026", "Dec-07-2026". The year has four digits: two may be a day. */
static bool
read_month_first(struct slice text, struct roster_date *out)
{
	int month, day, year;
	char mark, again;

	if (!take_month_name(&text, &month) || !roster_take_mark(&text, "/-. ", &mark) ||
	    !roster_take_digits(&text, 1, 2, &day))
		return false;
	pass_ordinal(&text);
	if (mark == ' ' && text.len > 1 && text.at[0] == ',')
		text = (struct slice){text.at + 1, text.len - 1};
	return roster_take_mark(&text, "/-. ", &again) && again == mark &&
	       roster_take_digits(&text, 4, 4, &year) && certain(text, year, month, day, out);
}

/* Both orders are tried, since the file decides, not the cell: most dates of a year fit only one of them. */
static bool
read_three(struct slice text, char mark, int first, struct roster_date *out)
{
	int second, year;
	bool is_short;
	char again;

	if (!roster_take_digits(&text, 1, 2, &second) || !roster_take_mark(&text, "/-. ", &again) ||
	    again != mark || !take_year(&text, &year, &is_short) || text.len != 0)
		return false;
	out->is_dmy = days_of(year, second, first, &out->dmy);
	out->is_mdy = days_of(year, first, second, &out->mdy);
	/* Slashes stand in no date that begins with a year of two digits. */
	if (is_short)
		out->year = first >= 20 && mark != '/' ? ROSTER_YEAR_OPEN : ROSTER_YEAR_LAST;
	return out->is_dmy || out->is_mdy;
}

static struct slice
without_brackets(struct slice word)
{
	if (word.len > 2 && word.at[0] == '(' && word.at[word.len - 1] == ')')
		return (struct slice){word.at + 1, word.len - 2};
	return word;
}

static int
weekday_of_slice(struct slice word)
{
	char text[16];

	if (word.len == 0 || word.len >= sizeof text)
		return -1;
	memcpy(text, word.at, word.len);
	text[word.len] = '\0';
	return roster_weekday(text);
}

/* Takes a weekday from the front ("Mon, 7 Dec 2026") or the end ("07/12/2026 (Mon)") of ${text}. */
static int
take_weekday(struct slice *text)
{
	size_t first = 0, last = text->len;
	int day;

	while (first < text->len && text->at[first] != ' ' && text->at[first] != ',')
		first++;
	while (last > 0 && text->at[last - 1] != ' ')
		last--;
	day = weekday_of_slice((struct slice){text->at, first});
	if (day >= 0 && first < text->len) {
		*text = slice_trim((struct slice){text->at + first + 1, text->len - first - 1});
		return day;
	}
	day = weekday_of_slice(without_brackets((struct slice){text->at + last, text->len - last}));
	if (day >= 0)
		*text = slice_trim((struct slice){text->at, last});
	return day;
}

/* "25/12/2026 BH", "25/12/2026 (Bank Holiday)": what the day is, which the rota's own bank holidays tell. */
static struct slice
without_holiday(struct slice text, bool *holiday)
{
	static const char *const ends[] = {" bh", " b/h", " bank hol", " bank holiday", " (bh)",
	    " (b/h)", " (bank hol)", " (bank holiday)"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(ends[i]);

		if (text.len <= len ||
		    !slice_is_nocase((struct slice){text.at + text.len - len, len}, ends[i]))
			continue;
		*holiday = true;
		text.len -= len;
		if (text.len > 2 && memcmp(text.at + text.len - 2, " -", 2) == 0)
			text.len -= 2;
		return slice_trim(text);
	}
	return text;
}

bool
roster_date_read(struct slice text, struct roster_date *out)
{
	struct slice rest;
	int first;
	bool holiday = false;
	char mark;

	text = without_holiday(text, &holiday);
	*out = (struct roster_date){.is_dmy = false};
	out->weekday = take_weekday(&text);
	out->holiday = holiday;
	rest = text;
	if (text.len == 8 && read_eight(text, out))
		return true;
	if (roster_take_digits(&rest, 4, 4, &first))
		return read_iso(rest, first, out);
	if (!roster_take_digits(&text, 1, 2, &first))
		return read_month_first(text, out);
	pass_ordinal(&text);
	if (!roster_take_mark(&text, "/-. ", &mark))
		return false;
	return read_named_month(text, mark, first, out) || read_three(text, mark, first, out);
}

bool
roster_serial(struct slice text, int64_t *days)
{
	int value;

	/* 43831 is 1 January 2020, and 1 January 1970 is 25569. From 50000 on it could be a date
	 * without marks: 51226. */
	if (!roster_take_digits(&text, 5, 5, &value) || text.len != 0 || value < 43831 ||
	    value >= 50000)
		return false;
	*days = value - 25569;
	return true;
}

bool
roster_date_ambiguous(const struct roster_date *date)
{
	return date->is_dmy && date->is_mdy && date->dmy != date->mdy;
}

bool
roster_day(struct slice text, enum reading_date_order order, int64_t *days)
{
	struct roster_date date;
	bool mdy = order == READING_DATES_MDY;

	if (!roster_date_read(text, &date) || !(mdy ? date.is_mdy : date.is_dmy))
		return false;
	*days = mdy ? date.mdy : date.dmy;
	return true;
}

struct slice
roster_day_part(const char *field)
{
	static const char *const ends[] = {" 00:00:00", "T00:00:00", " 00:00", "T00:00", " 0:00"};
	struct slice text = slice_of(field);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(ends[i]);

		if (text.len > len && memcmp(text.at + text.len - len, ends[i], len) == 0)
			return (struct slice){text.at, text.len - len};
	}
	return text;
}

struct slice
roster_date_part(const char *field)
{
	struct slice text = roster_day_part(field);
	struct roster_date date;
	int64_t time;

	/* "7 Dec 2026" ends with what could be a time. */
	if (roster_date_read(text, &date))
		return text;
	for (size_t space = 0; space + 1 < text.len; space++) {
		if (text.at[space] == ' ' &&
		    roster_date_read((struct slice){text.at, space}, &date) &&
		    roster_time((struct slice){text.at + space + 1, text.len - space - 1}, &time))
			return (struct slice){text.at, space};
	}
	return text;
}

int
roster_weekday(const char *text)
{
	static const char *const names[] = {
	    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
	/* Beside full names and their first three letters. */
	static const char *const others[] = {"tues", "thur", "thurs", "weds"};
	static const int days[] = {1, 3, 3, 2};
	struct slice word = slice_trim(slice_of(text));

	/* "Mon." */
	if (word.len > 0 && word.at[word.len - 1] == '.')
		word.len--;
	for (int i = 0; i < 7; i++) {
		if (slice_is_nocase(word, names[i]) ||
		    (word.len == 3 &&
			slice_is_nocase(word, (char[]){names[i][0], names[i][1], names[i][2], 0})))
			return i;
	}
	for (int i = 0; i < 4; i++) {
		if (slice_is_nocase(word, others[i]))
			return days[i];
	}
	return -1;
}
