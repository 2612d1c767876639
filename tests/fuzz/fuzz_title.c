/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unicode/utf8.h>

#include "calendars/titles/title.h"
#include "server/base/fatal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/readings.h"

/* Titles reach the title reader as UTF-8 without NUL. */
static bool
is_text(const uint8_t *bytes, size_t len)
{
	int32_t at = 0;

	while (at < (int32_t)len) {
		UChar32 letter;

		U8_NEXT(bytes, at, (int32_t)len, letter);
		if (letter <= 0)
			return false;
	}
	return true;
}

static void
check_part(const struct reading_options *options, const struct title_part *part)
{
	bool found = part->person == NULL;

	for (size_t i = 0; i < options->npeople; i++)
		found |= part->person != NULL && strcmp(options->people[i].id, part->person) == 0;
	if (!found)
		fatal("a person who is not in the directory");
	if (part->class == READING_NAMED && part->person == NULL)
		fatal("named without a person");
}

static void
read_title(const struct reading_options *options, const char *text)
{
	struct arena *arena = arena_new(0);
	struct titles titles;
	const struct title *title;

	titles_init(&titles, arena, options);
	title = title_read(&titles, text);
	if (title->summary == NULL)
		fatal("a title without a summary");
	for (size_t i = 0; i < title->nparts; i++)
		check_part(options, &title->parts[i]);
	arena_free(arena);
}

/* A title, with a directory and with one that knows nobody: then nobody may count. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct reading_options options = readings_options(READING_ICALENDAR, 32);
	struct arena *arena;
	const char *text;

	if (!is_text(bytes, len))
		return 0;
	arena = arena_new(0);
	text = arena_strndup(arena, (const char *)bytes, len);
	read_title(&options, text);
	options.npeople = options.nrules = 0;
	read_title(&options, text);
	arena_free(arena);
	return 0;
}
