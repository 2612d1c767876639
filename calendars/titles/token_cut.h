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

/* Adds the token of ${len} bytes at ${from}; what is after it is to be cut next. */
struct token *token_push(struct cutter *c, enum token_kind kind, const char *from, size_t len);

/* Cuts a time (21:00, 21.00, 9pm, 9.30 am, 2100hrs, 24:00); false if there is none. */
bool token_cut_time(struct cutter *c);
void token_cut_number(struct cutter *c);
