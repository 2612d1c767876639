/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_patient.h"

#include <ctype.h>
#include <string.h>

#include "calendars/titles/items.h"
#include "calendars/titles/title.h"
#include "server/base/text.h"

/* The reader of titles itself, with no rota's own words: a list of words kept here would differ from
 * it sooner or later. */
static bool
title_speaks(const char *text)
{
	static const struct reading_options nothing;
	struct arena *arena = arena_new(0);
	struct titles titles;
	struct tokens tokens;
	struct items items;
	bool patient;

	titles_init(&titles, arena, &nothing);
	tokens_make(&tokens, arena, text);
	items_make(&items, &titles, &tokens);
	patient = items.patient;
	arena_free(arena);
	return patient;
}

static size_t
digits_at(const char *at)
{
	return strspn(at, "0123456789");
}

static bool
is_mark(char at)
{
	return at != '\0' && strchr("./_,:", at) != NULL;
}

/* "943.476.5919": the groups of an NHS number, which a title has with blanks or hyphens. */
static bool
is_grouped(const char *at)
{
	return digits_at(at) == 3 && is_mark(at[3]) && digits_at(at + 4) == 3 && is_mark(at[7]) &&
	       digits_at(at + 8) == 4;
}

/* With blanks where an NHS number is joined to a word or its groups to each other. */
static void
add_apart(struct buf *out, const char *text)
{
	bool after_digit = false, grouped = false;

	buf_reset(out);
	for (const char *at = text; *at != '\0'; at++) {
		bool digit = isdigit((unsigned char)*at);

		if (digit && !after_digit) {
			grouped = grouped || is_grouped(at);
			buf_add(out, " ", 1);
		}
		if (!digit && !is_mark(*at))
			grouped = false;
		buf_add(out, grouped && is_mark(*at) ? " " : at, 1);
		after_digit = digit;
	}
}

bool
rota_speaks_of_patient(const char *text)
{
	struct buf apart = {0};
	bool speaks = title_speaks(text);

	if (speaks)
		return true;
	add_apart(&apart, text);
	speaks = apart.at != NULL && title_speaks(apart.at);
	buf_free(&apart);
	return speaks;
}
