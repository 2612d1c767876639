/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Characters of a title in one spelling (plain.h), which do not depend on the locale. */

static inline bool
char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
char_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Every byte of a character beyond ASCII counts as a letter: "José" is one word. */
static inline bool
char_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* How many digits there are at ${at}. */
static inline size_t
digits_count(const char *at)
{
	size_t n = 0;

	while (char_is_digit(at[n]))
		n++;
	return n;
}

/* The number that the first ${digits} digits are: at most nine, or it does not fit. */
static inline int
digits_value(const char *at, size_t digits)
{
	int value = 0;

	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (at[i] - '0');
	return value;
}
