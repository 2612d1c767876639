/* SPDX-License-Identifier: MIT */
#include "calendars/kept_leave.h"

#include <string.h>

#include "calendars/kept_note.h"
#include "server/base/fatal.h"

void
kept_leave_init(
    struct kept_leave *leave, struct arena *arena, const struct reading_options *options)
{
	leave->options = *options;
	leave->options.absences = false;
	titles_init(&leave->away, arena, options);
	titles_init(&leave->on, arena, &leave->options);
}

/* A title that tells times or days is held against its event. */
static bool
tells_no_time(const struct title_when *when)
{
	return when->days.weekdays == 0 && when->days.dates.count == 0 &&
	       when->days.first_year == 0 && when->most_hours == 0 &&
	       when->part.from == when->part.to && when->clock == TITLE_NO_CLOCK && when->time == 0;
}

/* Whether it says that people of the directory are away, for as long as the event lasts, and nothing else. */
static bool
is_leave(const struct title *title)
{
	for (size_t i = 0; i < title->nparts; i++) {
		const struct title_part *part = &title->parts[i];

		if (part->class != READING_ABSENCE || part->span != TITLE_WHOLE)
			return false;
		/* Without a directory nobody is away, and no title is without parts (title.h). */
		INVARIANT(part->person != NULL);
	}
	INVARIANT(title->nparts > 0);
	return title->warning == FAULT_NONE && tells_no_time(&title->when);
}

static bool
puts_on(const struct title *title)
{
	for (size_t i = 0; i < title->nparts; i++)
		if (title->parts[i].class == READING_NAMED || title->parts[i].class == READING_TEAM)
			return true;
	return false;
}

static bool
is_of_the_same(const struct title *a, const struct title *b)
{
	if (!is_leave(b) || a->nparts != b->nparts)
		return false;
	for (size_t i = 0; i < a->nparts; i++)
		if (strcmp(a->parts[i].person, b->parts[i].person) != 0)
			return false;
	return true;
}

static const char *
directory_name(const struct reading_options *options, const char *id)
{
	for (size_t i = 0; i < options->npeople; i++)
		if (strcmp(options->people[i].id, id) == 0)
			return options->people[i].name;
	return id;
}

/* As written: whom that names may be decided otherwise later. Of a title that was decided as a whole there are only the
 * names of the directory. */
static const char *
names_alone(const struct kept_leave *leave, const struct title *title)
{
	struct arena *arena = leave->away.arena;
	const char *names = "";

	for (size_t i = 0; i < title->nparts; i++) {
		const struct title_part *part = &title->parts[i];

		names = arena_printf(arena, "%s%s%s", names, i == 0 ? "" : ", ",
		    part->shown != NULL ? part->shown
					: directory_name(leave->away.options, part->person));
	}
	return arena_printf(arena, "%s " KEPT_REASON, names);
}

const char *
kept_leave_title(struct kept_leave *leave, const char *words)
{
	const struct title *title = title_read(&leave->away, words);
	const char *names;

	if (!is_leave(title) || puts_on(title_read(&leave->on, words)))
		return words;
	names = names_alone(leave, title);
	return is_of_the_same(title, title_read(&leave->away, names)) ? names : words;
}
