/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_clock.h"

#include <string.h>

#include "calendars/roster/roster_text.h"

#define DAY 86400
#define HOUR 3600
#define MINUTE 60
#define NOON 43200

/* Takes ${word} from the end of ${text}, with the blanks before it. */
static bool
take_end(struct slice *text, const char *word)
{
	size_t len = strlen(word);

	if (text->len <= len ||
	    !slice_is_nocase((struct slice){text->at + text->len - len, len}, word))
		return false;
	*text = slice_trim((struct slice){text->at, text->len - len});
	return true;
}

/* "noon", "12 midnight". */
static bool
read_word(struct slice text, struct roster_clock *out)
{
	if (slice_is_nocase(text, "noon") || slice_is_nocase(text, "midday") ||
	    slice_is_nocase(text, "12 noon") || slice_is_nocase(text, "12noon"))
		out->seconds = NOON;
	else if (!slice_is_nocase(text, "midnight") && !slice_is_nocase(text, "12 midnight") &&
		 !slice_is_nocase(text, "12midnight"))
		return false;
	return true;
}

/* "0.375" is 9:00. With fewer than three decimals it could be hours and minutes. It must be a whole minute to
 * the precision with which programs write it. */
static bool
read_fraction(struct slice text, struct roster_clock *out)
{
	int64_t value = 0, scale = 1, minutes, rest;

	if (text.len < 5 || text.len > 12 || memcmp(text.at, "0.", 2) != 0)
		return false;
	for (size_t i = 2; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		value = value * 10 + (text.at[i] - '0');
		scale *= 10;
	}
	minutes = (value * 1440 + scale / 2) / scale;
	rest = value * 1440 - minutes * scale;
	/* A fiftieth of a minute: "0.708333" is 16:59:59.97. */
	if ((rest < 0 ? -rest : rest) * 50 > scale)
		return false;
	out->seconds = minutes * MINUTE;
	return true;
}

/* Digits without a mark: "9", "17", "930", "0930". */
static bool
read_digits(struct slice text, int *hour, int *minute)
{
	struct slice hours = {text.at, text.len > 2 ? text.len - 2 : text.len};
	struct slice minutes = {text.at + hours.len, text.len - hours.len};

	/* "030" may have lost a digit at either end. */
	if (text.len == 3 && *text.at == '0')
		return false;
	*minute = 0;
	return text.len > 0 && text.len <= 4 && roster_take_digits(&hours, 1, 2, hour) &&
	       (minutes.len == 0 || roster_take_digits(&minutes, 2, 2, minute)) && hours.len == 0 &&
	       minutes.len == 0;
}

/* "9:30", "09.30", "09h30", "9h"; the seconds may be :00, and 23:59:59 is how some programs write midnight. */
static bool
read_marked(struct slice text, int *hour, int *minute, int *second)
{
	struct slice whole = text;
	char mark;

	*minute = *second = 0;
	if (!roster_take_digits(&text, 1, 2, hour) || !roster_take_mark(&text, ":.hH", &mark))
		return false;
	if (text.len == 0)
		return mark == 'h' || mark == 'H';
	/* "0.25" may be the fourth part of a day. */
	if (mark == '.' && whole.at[0] == '0' && whole.at[1] == '.')
		return false;
	if (!roster_take_digits(&text, 2, 2, minute))
		return false;
	if (text.len > 0 &&
	    (!roster_take_mark(&text, ":", &mark) || !roster_take_digits(&text, 2, 2, second)))
		return false;
	return text.len == 0;
}

/* "9am" is 9:00, "12am" is midnight. */
static bool
put_meridian(int *hour, bool pm)
{
	if (*hour < 1 || *hour > 12)
		return false;
	*hour = *hour % 12 + (pm ? 12 : 0);
	return true;
}

static bool
take_meridian(struct slice *text, bool *pm)
{
	static const char *const words[] = {"am", "a.m.", "a.m", "pm", "p.m.", "p.m"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (take_end(text, words[i])) {
			*pm = i >= 3;
			return true;
		}
	}
	return false;
}

bool
roster_clock_read(struct slice text, struct roster_clock *out)
{
	int hour;
	int minute;
	int second = 0;
	bool pm = false;

	*out = (struct roster_clock){.seconds = 0};
	text = slice_trim(text);
	if (read_word(text, out) || read_fraction(text, out))
		return true;
	out->meridian = take_meridian(&text, &pm);
	/* "0900 hrs". */
	if (!out->meridian && text.len > 4)
		(void)(take_end(&text, "hrs") || take_end(&text, "hours") || take_end(&text, "h"));
	if (!read_marked(text, &hour, &minute, &second) && !read_digits(text, &hour, &minute))
		return false;
	/* Seconds other than :00 are no time of a rota. */
	if (second != 0 && (hour != 23 || minute != 59 || second != 59))
		return false;
	if (hour > 24 || minute > 59 || (hour == 24 && minute > 0) ||
	    (out->meridian && !put_meridian(&hour, pm)))
		return false;
	out->half = !out->meridian && *text.at != '0' && hour >= 1 && hour <= 12;
	out->seconds = hour * HOUR + minute * MINUTE + second;
	return true;
}

bool
roster_time(struct slice text, int64_t *seconds)
{
	struct roster_clock clock;

	if (!roster_clock_read(text, &clock))
		return false;
	*seconds = clock.seconds;
	return true;
}

bool
roster_range_read(struct slice text, struct roster_clock *from, struct roster_clock *to)
{
	static const char *const marks[] = {
	    "-", "\xe2\x80\x93", "\xe2\x80\x94", " to ", " until ", " till "};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t len = strlen(marks[i]);

		for (size_t at = 1; at + len < text.len; at++) {
			if (!slice_is_nocase((struct slice){text.at + at, len}, marks[i]))
				continue;
			if (roster_clock_read((struct slice){text.at, at}, from) &&
			    roster_clock_read(
				(struct slice){text.at + at + len, text.len - at - len}, to))
				return true;
		}
	}
	return false;
}

bool
roster_clocks_agree(const struct roster_clock *from, const struct roster_clock *to, bool by_24)
{
	if (!from->half && !to->half)
		return true;
	/* "1 - 5pm": the mark may be of both. */
	if (from->meridian || to->meridian)
		return false;
	if (from->half && to->half)
		return by_24 && to->seconds > from->seconds;
	return true;
}
