/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/people.h"

#define FORM_TOKENS_MAX 6

/* One form of a person's name. */
struct name_form {
	const char *words[FORM_TOKENS_MAX];
	size_t nwords;
	const struct reading_person *person; /* NULL: a person who has left */
	enum people_rank rank;
};

/* Whether ${word} is a form of address, as "dr". Internal to people*.c. */
bool people_is_honorific(const char *word);
