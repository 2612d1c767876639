/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_duty.h"

#include "calendars/roster/roster_cell.h"
#include "calendars/titles/named_parts.h"
#include "server/base/civil.h"

#define WORKING_WEEK 0x1fu
#define FRIDAY 4
#define EVENING (16 * 3600)

bool
roster_is_bank_holiday(const struct reading_options *options, int64_t day)
{
	for (size_t i = 0; i < options->nholidays; i++) {
		if (options->holidays[i] == day)
			return true;
	}
	return false;
}

static bool
has_word(const struct tokens *tokens, const char *const *words)
{
	for (size_t at = 0; at < tokens->items.count; at++) {
		if (roster_token_is_one_of(tokens, at, words))
			return true;
	}
	return false;
}

/* "M-F", which in a title would be somebody's initials. */
static bool
is_short_week(const struct tokens *tokens)
{
	static const char *const first[] = {"m", "mo", NULL}, *const last[] = {"f", "fr", NULL};

	for (size_t at = 0; at + 1 < tokens->items.count; at++) {
		/* "M-F" is divided into three tokens or, where the hyphen joins two words, into two that are glued. */
		size_t next = at + 1 + (tokens->items.items[at + 1].mark == '-');

		if (roster_token_is_one_of(tokens, at, first) &&
		    (next > at + 1 || tokens->items.items[next].glued) &&
		    roster_token_is_one_of(tokens, next, last))
			return true;
	}
	return false;
}

/* "Bank holidays", "BH", "B/H". */
static bool
says_holidays(const struct tokens *tokens)
{
	static const char *const bank[] = {"bank", "public", NULL};
	static const char *const holiday[] = {"hol", "hols", "holiday", "holidays", NULL};
	static const char *const in_short[] = {
	    "bh", "bhs", "b/h", "b/hs", "bankhol", "bankhols", "bankholiday", "bankholidays", NULL};

	for (size_t at = 0; at + 1 < tokens->items.count; at++) {
		if (roster_token_is_one_of(tokens, at, bank) &&
		    roster_token_is_one_of(tokens, at + 1, holiday))
			return true;
	}
	return has_word(tokens, in_short);
}

static bool
excludes(const struct tokens *tokens)
{
	static const char *const words[] = {"not", "except", "excepting", "excluding", "excludes",
	    "excl", "exc", "ex", "non", "without", "no", "outside", "other", "bar", NULL};

	return has_word(tokens, words);
}

/* "From 14 Dec", "until Fri", "wef 12/01": the heading holds for a time, of which nobody knows where it ends. */
static bool
is_for_a_time(const struct tokens *tokens, const struct named_days *days)
{
	static const char *const words[] = {"from", "until", "till", "til", "wef", "effective",
	    "starting", "starts", "ending", "ends", "since", "before", "after", NULL};
	static const char *const up[] = {"up", NULL}, *const to[] = {"to", NULL};

	if (days->weekdays == 0 && days->dates.count == 0)
		return false;
	for (size_t at = 0; at + 1 < tokens->items.count; at++) {
		if (roster_token_is_one_of(tokens, at, up) &&
		    roster_token_is_one_of(tokens, at + 1, to))
			return true;
	}
	return has_word(tokens, words);
}

/* Of the title that the heading is: it has the spellings of days that titles have. */
static unsigned
weekdays_of(struct titles *titles, const char *duty, const struct tokens *tokens)
{
	unsigned weekdays = title_read(titles, duty)->when.days.weekdays;

	return weekdays | (is_short_week(tokens) ? WORKING_WEEK : 0);
}

bool
roster_duty_names_days(struct titles *titles, const char *duty)
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, duty);
	return weekdays_of(titles, duty, &tokens) != 0 || says_holidays(&tokens) ||
	       is_for_a_time(&tokens, &title_read(titles, duty)->when.days);
}

/* A Friday may be meant by "weekend": from its evening on. */
static bool
is_perhaps_weekend(const struct tokens *tokens, unsigned weekdays, int64_t day)
{
	static const char *const words[] = {"fri", "fris", "friday", "fridays", NULL};

	return weekdays == NAMED_WEEKEND && civil_weekday(day) == FRIDAY &&
	       !has_word(tokens, words);
}

enum duty_day
roster_duty_day(struct titles *titles, const char *duty, int64_t start, bool written)
{
	int64_t day = civil_day_of(start);
	const struct reading_options *options = titles->options;
	bool holiday = roster_is_bank_holiday(options, day), holidays, named;
	struct tokens tokens;
	unsigned weekdays;

	tokens_make(&tokens, titles->arena, duty);
	weekdays = weekdays_of(titles, duty, &tokens);
	holidays = says_holidays(&tokens);
	named = (weekdays & 1u << civil_weekday(day)) != 0;
	if (is_for_a_time(&tokens, &title_read(titles, duty)->when.days))
		return DUTY_OPEN;
	if (weekdays == 0 && !holidays)
		return DUTY_EVERY_DAY;
	if (excludes(&tokens))
		return DUTY_OPEN;
	if (is_perhaps_weekend(&tokens, weekdays, day))
		return written && civil_second_of_day(start) >= EVENING ? DUTY_ON : DUTY_OPEN;
	/* The weekend's duty may have it, if nobody has said that this one does. */
	if (named && holiday && !holidays && !written && !options->grid.bank_holiday.set)
		return DUTY_OPEN;
	return named || (holidays && holiday) ? DUTY_ON : DUTY_OFF;
}
