/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_date.h"

#include <string.h>

#include "calendars/roster/roster_text.h"
#include "server/base/civil.h"

/* Takes the three letters of a month. "Sept" and "July" are not read: the caller wants a mark after the
 * three letters. */
static bool
take_month_name(struct slice *text, int *month)
{
	static const char *const names[] = {
	    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

	for (int i = 0; i < 12 && text->len >= 3; i++) {
		if (slice_is_nocase((struct slice){text->at, 3}, names[i])) {
			*month = i + 1;
			text->at += 3;
			text->len -= 3;
			return true;
		}
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

/* The year must have four digits: in "06/07/26" the first number may be the year as well. */
bool
roster_date_read(struct slice text, struct roster_date *out)
{
	struct slice iso = text;
	int first, second, year;
	char mark, again;

	*out = (struct roster_date){.is_dmy = false};
	if (roster_take_digits(&iso, 4, 4, &year))
		return roster_take_mark(&iso, "-", &mark) &&
		       roster_take_digits(&iso, 2, 2, &first) &&
		       roster_take_mark(&iso, "-", &again) &&
		       roster_take_digits(&iso, 2, 2, &second) &&
		       certain(iso, year, first, second, out);
	if (!roster_take_digits(&text, 1, 2, &first) || !roster_take_mark(&text, "/-. ", &mark))
		return false;
	if (take_month_name(&text, &second))
		return roster_take_mark(&text, "/-. ", &again) && again == mark &&
		       roster_take_digits(&text, 4, 4, &year) &&
		       certain(text, year, second, first, out);
	if (!roster_take_digits(&text, 1, 2, &second) || !roster_take_mark(&text, "/-. ", &again) ||
	    again != mark || !roster_take_digits(&text, 4, 4, &year) || text.len != 0)
		return false;
	/* Both orders are tried, since the file decides, not the cell: most dates of a year fit only
	 * one of them. */
	out->is_dmy = days_of(year, second, first, &out->dmy);
	out->is_mdy = days_of(year, first, second, &out->mdy);
	return out->is_dmy || out->is_mdy;
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
roster_date_part(const char *field)
{
	struct slice text = slice_of(field);
	size_t space = text.len;
	int64_t time;

	/* The time, if there is one, is the last word. */
	while (space > 0 && text.at[space - 1] != ' ')
		space--;
	if (space > 0 && roster_time((struct slice){text.at + space, text.len - space}, &time))
		return slice_trim((struct slice){text.at, space});
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

bool
roster_time(struct slice text, int64_t *seconds)
{
	int hour;
	int minute = 0;
	int second = 0;
	char mark;
	bool last;

	/* "0900", as rotas of hospitals write it. "9:00" has four characters, too. */
	if (text.len == 4 && memchr(text.at, ':', 4) == NULL && memchr(text.at, '.', 4) == NULL) {
		struct slice hours = {text.at, 2};
		struct slice minutes = {text.at + 2, 2};

		if (!roster_take_digits(&hours, 2, 2, &hour) ||
		    !roster_take_digits(&minutes, 2, 2, &minute))
			return false;
		text.len = 0;
	} else if (!roster_take_digits(&text, 1, 2, &hour) ||
		   !roster_take_mark(&text, ":.", &mark) ||
		   !roster_take_digits(&text, 2, 2, &minute) ||
		   (text.len > 0 && (!roster_take_mark(&text, ":", &mark) ||
					!roster_take_digits(&text, 2, 2, &second))))
		return false;
	/* Seconds other than :00 are no time of a rota, but 23:59:59 is how some programs write
	 * midnight. */
	last = hour == 23 && minute == 59 && second == 59;
	if (text.len > 0 || hour > 24 || minute > 59 || (second != 0 && !last) ||
	    (hour == 24 && minute > 0))
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}
