/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_hours.h"

#include <string.h>

#include "calendars/roster/roster_clock.h"
#include "calendars/titles/shift_codes.h"

#define DAY 86400

static bool
hours_of_text(const struct titles *titles, struct slice text, struct reading_hours *out)
{
	const struct reading_shift_code *code =
	    shift_codes_find(titles, arena_strndup(titles->arena, text.at, text.len));
	struct roster_clock from, to;

	if (code != NULL && code->kind == READING_CODE_HOURS) {
		*out = (struct reading_hours){true, code->from, code->to};
		return true;
	}
	/* "9-5" may be of either half of the day. */
	if (!roster_range_read(text, &from, &to) || !roster_clocks_agree(&from, &to, false) ||
	    from.seconds == DAY)
		return false;
	*out = (struct reading_hours){true, (int32_t)from.seconds, (int32_t)to.seconds};
	return true;
}

static struct slice
without_brackets(struct slice text)
{
	if (text.len > 2 && text.at[0] == '(' && text.at[text.len - 1] == ')')
		return (struct slice){text.at + 1, text.len - 2};
	return text;
}

/* "Out of hours (not 09:00-17:00)": such times are those of others. */
static bool
is_of_others(const char *heading)
{
	static const char *const words[] = {"not", "outside", "except", "excluding", "excl", "non",
	    "after", "before", "until", "from", "no", "without", NULL};

	for (size_t at = 0; heading[at] != '\0';) {
		size_t len = 0;

		while ((heading[at + len] | 0x20) >= 'a' && (heading[at + len] | 0x20) <= 'z')
			len++;
		for (size_t i = 0; words[i] != NULL; i++) {
			if (slice_is_nocase((struct slice){heading + at, len}, words[i]))
				return true;
		}
		at += len > 0 ? len : 1;
	}
	return false;
}

/* In all of the text, or in its last words: "AMHP Night", "AMHP (09:00 - 17:00)". */
static bool
hours_of_end(const struct titles *titles, struct slice text, struct reading_hours *out)
{
	for (size_t at = 0; at < text.len; at++) {
		if (at > 0 && text.at[at - 1] != ' ')
			continue;
		if (hours_of_text(
			titles, without_brackets((struct slice){text.at + at, text.len - at}), out))
			return true;
	}
	return false;
}

/* Of "Day (09:00-17:00) / AMHP" in one of its parts; two that differ say none. */
static bool
hours_of_heading(const struct titles *titles, const char *heading, struct reading_hours *out)
{
	const char *part = heading;
	bool found = false;

	/* One word of exclusion in any part makes all times of the heading doubtful. */
	while (part != NULL && !is_of_others(heading)) {
		const char *end = strstr(part, " / ");
		struct slice text = {part, end != NULL ? (size_t)(end - part) : strlen(part)};
		struct reading_hours hours;

		part = end != NULL ? end + 3 : NULL;
		if (!hours_of_end(titles, text, &hours))
			continue;
		if (found && (hours.from != out->from || hours.to != out->to))
			return false;
		*out = hours;
		found = true;
	}
	return found;
}

bool
roster_grid_says_hours(const struct titles *titles, const char *heading)
{
	struct reading_hours hours;

	return hours_of_heading(titles, heading, &hours);
}

bool
roster_grid_hours(const struct titles *titles, const char *heading, struct roster_cell_shift *out)
{
	const struct reading_options *options = titles->options;

	out->timed = true;
	/* Hours in a heading are those of every day; "weekend" and "bank_holiday" of the rota do
	 * not change them. */
	out->weekend = out->bank_holiday = (struct reading_hours){.set = false};
	if (hours_of_heading(titles, heading, &out->hours))
		return true;
	if (options->grid.hours.set) {
		out->hours = options->grid.hours;
		out->weekend = options->grid.weekend;
		out->bank_holiday = options->grid.bank_holiday;
		return true;
	}
	/* A rule of several days on end would count each day of the grid several times. */
	if (options->all_day_rule && options->all_day_hours <= 24) {
		out->hours = (struct reading_hours){true, options->all_day_start,
		    (options->all_day_start + options->all_day_hours * 3600) % DAY};
		return true;
	}
	/* The whole day, so that what is undecided is seen on the day that it is about. */
	out->hours = (struct reading_hours){true, 0, DAY};
	return false;
}

bool
roster_grid_says_other_hours(const struct titles *titles, const char *upper)
{
	struct roster_cell_shift shift = {.timed = false};
	struct reading_hours hours;

	return hours_of_heading(titles, upper, &hours) && roster_grid_hours(titles, "", &shift) &&
	       (hours.from != shift.hours.from || hours.to != shift.hours.to);
}
