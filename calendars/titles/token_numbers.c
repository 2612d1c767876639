/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/characters.h"
#include "calendars/titles/token_cut.h"

/* Reads "am" or "pm" after a time, and corrects the hour. Returns its length. */
static size_t
half_day(const char *at, int *hour)
{
	size_t blank = *at == ' ', dot = at[blank] != '\0' && at[blank + 1] == '.';
	const char *second = at + blank + 1 + dot;
	char first = (char)(at[blank] | 0x20);

	/* "13pm" and "0am" are typing slips of times that nobody can know. */
	if ((first != 'a' && first != 'p') || (*second | 0x20) != 'm' ||
	    char_is_letter(second[1]) || *hour > 12 || *hour == 0)
		return 0;
	*hour = *hour % 12 + (first == 'p' ? 12 : 0);
	/* "9 a.m." */
	return blank + 2 + dot + (dot && second[1] == '.');
}

static bool
is_terse_half(const char *at)
{
	return ((*at | 0x20) == 'a' || (*at | 0x20) == 'p') &&
	       !char_is_letter(at[1 + ((at[1] | 0x20) == 'm')]);
}

/* Reads "a" or "p" after a time, as in "9a-5p", "8:30a - 4p"; "8a" alone is a grade. */
static size_t
terse_half_day(struct cutter *c, const char *at, int *hour)
{
	const char *next = at + 1;
	size_t digits;
	bool second = c->terse;

	c->terse = false;
	if (!is_terse_half(at) || (at[1] | 0x20) == 'm' || *hour > 12 || *hour == 0)
		return 0;
	next += strspn(next, " ");
	if (!second && *next == '-') {
		next += strspn(next, "-");
		next += strspn(next, " ");
		digits = digits_count(next);
		next += digits;
		if (*next == ':' && digits_count(next + 1) == 2)
			next += 3;
		c->terse = digits > 0 && digits <= 2 && is_terse_half(next);
	}
	if (!second && !c->terse)
		return 0;
	*hour = *hour % 12 + ((*at | 0x20) == 'p' ? 12 : 0);
	return 1;
}

/* The length of "h", "hr" or "hrs"; 0: none of them. */
static size_t
hours_word_len(const char *at)
{
	size_t len = strncmp(at, "hrs", 3) == 0 ? 3 : strncmp(at, "hr", 2) == 0 ? 2 : *at == 'h';

	return char_is_letter(at[len]) ? 0 : len;
}

/* ":00" of "09:00:00". */
static size_t
seconds_len(const char *at)
{
	return *at == ':' && digits_count(at + 1) == 2 ? 3 : 0;
}

bool
token_cut_time(struct cutter *c)
{
	const char *at = c->at;
	size_t digits = digits_count(at);
	size_t len = digits;
	int hour = digits_value(at, digits < 4 ? digits : 2);
	int minute = 0;
	size_t suffix;
	bool clear = false;

	/* Four digits alone may be a bleep. With "h" they can only be a time. */
	if (digits == 4) {
		hour = digits_value(at, 2);
		minute = digits_value(at + 2, 2);
		clear = hours_word_len(at + 4) > 0;
	} else if (digits <= 2 && (at[digits] == ':' || at[digits] == '.') &&
		   digits_count(at + digits + 1) == 2) {
		minute = digits_value(at + digits + 1, 2);
		len = digits + 3 + seconds_len(at + digits + 3);
		clear = true;
	} else if (digits > 2)
		return false;
	suffix = half_day(at + len, &hour);
	if (suffix == 0)
		suffix = terse_half_day(c, at + len, &hour);
	if (suffix == 0 && hours_word_len(at + len) > 0)
		suffix = hours_word_len(at + len);
	else if (suffix == 0 && !clear)
		return false;
	/* 24:00 is the end of a day; 24:30 is nothing. */
	if (hour > 24 || minute > 59 || (hour == 24 && minute > 0))
		return false;
	token_push(c, TOKEN_TIME, at, len + suffix)->minutes = hour * 60 + minute;
	return true;
}

void
token_cut_number(struct cutter *c)
{
	size_t digits = digits_count(c->at);
	const char *at = c->at;
	struct token *token = token_push(c, TOKEN_NUMBER, at, digits);
	int value = digits <= 4 ? digits_value(at, digits) : -1;

	token->text = arena_strndup(c->arena, at, digits);
	if (digits <= 2 && value <= 24)
		token->minutes = value * 60;
	else if (digits == 4 && value / 100 <= 24 && value % 100 < 60)
		token->minutes = value / 100 * 60 + value % 100;
	/* "09" and "17" are written by the clock of 24 hours; "9" and "11" may be in the
	 * evening. */
	token->vague = digits == 1 || (digits == 2 && *at != '0' && value <= 12);
}
