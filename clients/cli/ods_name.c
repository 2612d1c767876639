/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "clients/cli/ods_read.h"

/* The words that stay in capitals, and those that stay small unless they come first. */
static const char *const capitals[] = {"NHS", "ICB", "ICS", "CIC", "UK", "LLP", "CAMHS", "NE", "NW",
    "SE", "SW", "II", "III", "IV", "A&E", "GP", "CCG", "PCT", "MH", "HMP", NULL};
static const char *const small[] = {
    "and", "of", "the", "for", "in", "on", "at", "upon", "with", "by", "to", NULL};

static bool
stands_in(const char *const *list, struct slice word)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (slice_is_nocase(word, list[i]))
			return true;
	return false;
}

static bool
is_part(char c)
{
	/* "A&E" and "OSWIN'S" are one word each; letters beyond ASCII are part of one. */
	return isalnum((unsigned char)c) || c == '\'' || c == '&' || (unsigned char)c >= 0x80;
}

/* The letter after an apostrophe is a capital in O'Neill and none in Oswin's. */
static void
write_word(char *word, size_t len, bool first)
{
	struct slice slice = {word, len};

	/* Codes within a name ("00Z") are no words. */
	if (isdigit((unsigned char)word[0]) || stands_in(capitals, slice))
		return;
	for (size_t i = 0; i < len; i++)
		word[i] = (char)tolower((unsigned char)word[i]);
	if (!first && stands_in(small, slice))
		return;
	word[0] = (char)toupper((unsigned char)word[0]);
	if (len > 3 && word[1] == '\'')
		word[2] = (char)toupper((unsigned char)word[2]);
}

static bool
is_written(const char *name)
{
	for (; *name != '\0'; name++)
		if (islower((unsigned char)*name))
			return true;
	return false;
}

const char *
ods_name(struct arena *arena, const char *name)
{
	char *text = arena_strdup(arena, name);

	/* FHIR has some names as people write them. */
	if (is_written(name))
		return text;
	for (size_t at = 0; text[at] != '\0';) {
		size_t len = 0;

		while (is_part(text[at + len]) && text[at + len] != '\0')
			len++;
		if (len > 0)
			write_word(text + at, len, at == 0);
		at += len > 0 ? len : 1;
	}
	return text;
}
