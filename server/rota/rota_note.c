/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_note.h"

#include "calendars/asides.h"
#include "calendars/titles/place_said.h"
#include "calendars/titles/title.h"
#include "calendars/titles/uncertain.h"

/* Without the people and the words of a rota: no decision on a title makes "TBC" certain, and a name in a note is
 * somebody else's. */
static void
begin(struct titles *titles)
{
	/* Without a directory an absence alone would be undecided, as nobody is known whose it is. */
	static const struct reading_options nothing = {.directory = true};

	titles_init(titles, arena_new(0), &nothing);
}

static struct rota_note
read(struct titles *titles, const char *note)
{
	const char *words = uncertain_phrase(titles, note);

	if (words != NULL)
		return (struct rota_note){ROTA_NOTE_UNCERTAIN, words};
	if (note_takes_off(titles, note))
		return (struct rota_note){ROTA_NOTE_OFF, note};
	words = aside_comment_against(titles, note);
	return (struct rota_note){words != NULL ? ROTA_NOTE_DOUBT : ROTA_NOTE_NOTHING, words};
}

/* The words outlive the arena in which they were found. */
static const char *
keep(struct arena *arena, const struct titles *titles, const char *words)
{
	const char *kept = words != NULL ? arena_strdup(arena, words) : NULL;

	arena_free(titles->arena);
	return kept;
}

struct rota_note
rota_note_read(struct arena *arena, const char *note)
{
	struct titles titles;
	struct rota_note found;

	begin(&titles);
	found = read(&titles, note);
	found.words = keep(arena, &titles, found.words);
	return found;
}

const char *
rota_reason_uncertain(struct arena *arena, const char *reason)
{
	struct titles titles;

	begin(&titles);
	return keep(arena, &titles, uncertain_phrase(&titles, reason));
}
