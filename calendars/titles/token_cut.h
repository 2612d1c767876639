/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/tokens.h"

/* What is left to cut of a title. Internal to tokens.c and token_numbers.c. */
struct cutter {
	struct tokens *out;
	struct arena *arena;
	const char *at;
	bool mail;  /* there is an "@" in the title */
	bool glue;  /* a hyphen is between the last token and this one */
	bool terse; /* the last time was the first part of "9a-5p" */
};

static inline bool
token_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
token_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Adds the token of ${len} bytes at ${from}; what is after it is to be cut next. */
struct token *token_push(struct cutter *c, enum token_kind kind, const char *from, size_t len);

size_t token_count_digits(const char *at);

/* Cuts a time (21:00, 21.00, 9pm, 9.30 am, 2100hrs, 24:00); false if there is none. */
bool token_cut_time(struct cutter *c);
void token_cut_number(struct cutter *c);
