/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_stood_in.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"

static bool
has_any(const char *text, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		if (strcasestr(text, words[i]) != NULL)
			return true;
	}
	return false;
}

/* Below "Cover for" and "Instead of" stands who is not there, and below "Cover" and "Covered by" who is. */
static bool
is_of_absent(const struct roster_heading *heading)
{
	static const char *const stems[] = {"covering", "cover for", "covers", "being covered",
	    "person covered", "instead of", "place of", "lieu of", "behalf of", "replacing",
	    "replaces", "person replaced", "origin", "previous", "swapped from", "taken from",
	    "took from", "taken over from", "backfill for", "back fill for", "back-fill for",
	    "standing in for", "stand in for", "stand-in for", "acting for", "absent", "absence of",
	    "shift of", "duty of", NULL};
	static const char *const words[] = {"was", "for", "sick", "off", "off sick", "away",
	    "on leave", "leave", "a/l", "al", "annual leave", "not working", "not in",
	    "unavailable", NULL};
	const char *says = heading->says;
	const char *last = strrchr(says, ' ');

	return has_any(says, stems) || roster_cell_is_one_of(says, words) ||
	       (last != NULL && strcasecmp(last, " for") == 0);
}

/* Whether the words beside the name say that its person is not there: "for J Jones", "instead of J Jones"; "J Jones off",
 * "J Jones's shift". */
static bool
is_absent_at(const struct tokens *tokens, size_t at, size_t len)
{
	static const char *const before[] = {"for", "of", "covering", "covers", "replacing",
	    "replaces", "doing", "taking", "takes", "was", "originally", NULL};
	static const char *const after[] = {"off", "away", "sick", "absent", "leave", "al", "a/l",
	    "lve", "ill", "unwell", "poorly", "shift", "shifts", "duty", "slot", NULL};

	return (at > 0 && roster_token_is_one_of(tokens, at - 1, before)) ||
	       roster_token_is_one_of(tokens, at + len, after);
}

static bool
is_part(const struct title *title, const char *person)
{
	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].class == READING_NAMED && title->parts[i].person != NULL &&
		    strcmp(title->parts[i].person, person) == 0)
			return true;
	}
	return false;
}

static void
add(struct roster_stood_in *in, struct arena *arena, const char *person,
    const struct row_times *times)
{
	uint32_t first = table_get(&in->first, person);
	struct roster_absent *absent = VEC_PUSH(arena, &in->list);

	*absent =
	    (struct roster_absent){.person = person, .start = times->start, .end = times->end};
	if (first == TABLE_NONE) {
		table_put(&in->first, arena, person, (uint32_t)in->list.count);
		return;
	}
	absent->next = in->list.items[first - 1].next;
	in->list.items[first - 1].next = (uint32_t)in->list.count;
}

/* A row that says something about others. */
struct teller {
	const struct roster_entry *entry;
	const struct title *title;
	const struct row_times *times;
};

/* ${whole}: all whom the cell names are meant, by its heading. */
static void
note_people(struct roster_stood_in *in, const struct teller *by, const char *text, bool whole)
{
	struct titles *titles = by->entry->titles;
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, text);
	for (size_t at = 0; at < tokens.items.count;) {
		struct people_found found = people_match(&titles->people, &tokens, at);

		if (found.person != NULL && !is_part(by->title, found.person->id) &&
		    (whole || is_absent_at(&tokens, at, found.len)))
			add(in, titles->arena, found.person->id, by->times);
		at += found.len > 0 ? found.len : 1;
	}
}

void
roster_stood_in_note(struct roster_stood_in *in, const struct roster_entry *entry,
    const struct title *title, const struct row_times *times)
{
	const struct teller by = {entry, title, times};
	const struct rows *rows = entry->rows;

	for (size_t i = 0; i < rows->nheadings; i++) {
		const struct roster_heading *heading = &rows->headings[i];
		const char *text = entry->row->cells[i].text;

		/* As of swaps: a cell of another day, or of another duty, tells nothing of this one. */
		if (*text == '\0' || (heading->of_grid && i + 1 != entry->row->grid.at &&
					 (rows->across || heading->column == ROSTER_NAME)))
			continue;
		note_people(
		    in, &by, text, heading->column == ROSTER_COLUMNS && is_of_absent(heading));
	}
}

/* Whether a row says that somebody else has ${person}'s shift in the hours of ${event}. */
static bool
is_told(const struct roster_stood_in *in, const struct event *event, const char *person)
{
	uint32_t first = table_get(&in->first, person);

	if (first == TABLE_NONE)
		return false;
	for (uint32_t at = first; at != 0; at = in->list.items[at - 1].next) {
		const struct roster_absent *absent = &in->list.items[at - 1];

		if (absent->start < event->start.local + event->lasting.wall &&
		    event->start.local < absent->end)
			return true;
	}
	return false;
}

void
roster_stood_in_settle(const struct roster_stood_in *in, const struct roster_pairs *pairs,
    struct arena *arena, struct faults *faults)
{
	const struct roster_pair *pair;

	VEC_EACH (pair, &pairs->list) {
		const struct title *title = pair->event->title;
		bool told = false;

		for (size_t i = 0; i < title->nparts && !told; i++)
			told = title->parts[i].class == READING_NAMED &&
			       is_told(in, pair->event, title->parts[i].person);
		if (!told)
			continue;
		pair->event->title = roster_pair_undecided(arena, title);
		fault_note(faults, FAULT_ROW_STOOD_IN,
		    FAULT_EVENT(pair->event->uid, pair->event->line), NULL, NULL);
	}
}
