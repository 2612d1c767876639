/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_told.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_swap.h"

static bool
is_change(enum word word)
{
	return word == WORD_TAKING || word == WORD_BY;
}

/* Who of those whom the rota knows is named in ${line}, from the token ${at} on, which is moved past the name; NULL:
 * nobody more. */
static const char *
next_person(struct titles *titles, const struct tokens *tokens, size_t *at)
{
	while (*at < tokens->items.count) {
		struct people_found found = people_match(&titles->people, tokens, *at);

		*at += found.len > 0 ? found.len : 1;
		if (found.person != NULL)
			return found.person->id;
	}
	return NULL;
}

static bool
has_one_of(const struct tokens *tokens, const char *const *words)
{
	for (size_t i = 0; i < tokens->items.count; i++) {
		if (roster_token_is_one_of(tokens, i, words))
			return true;
	}
	return false;
}

/* Whether a day stands in ${line}, however it is written: "7/12", "7th", "Mon", "Dec". */
static bool
has_day(const struct tokens *tokens, const char *line)
{
	static const char digits[] = "0123456789";
	static const char *const ordinals[] = {"st", "nd", "rd", "th", NULL};

	for (const char *at = line; (at = strpbrk(at, digits)) != NULL;) {
		at += strspn(at, digits);
		if (*at == '/' && at[1] != '\0' && strchr(digits, at[1]) != NULL)
			return true;
		for (const char *const *ordinal = ordinals; *ordinal != NULL; ordinal++) {
			if (strncasecmp(at, *ordinal, 2) == 0)
				return true;
		}
	}
	for (size_t i = 0; i < tokens->items.count; i++) {
		const char *word = tokens->items.items[i].text;

		if (roster_weekday(word) >= 0 || roster_month(slice_of(word)) != 0)
			return true;
	}
	return false;
}

/* "Changes to Kay Lee please" says whom to tell; "Changes: 7/12 Kay Lee" is one. */
static bool
tells_of_change(const struct tokens *tokens, const char *line)
{
	static const char *const words[] = {"now", "instead", "amendment", "amendments", "amended",
	    "correction", "corrections", "corrected", "changed", "revised", "replaces", "replaced",
	    "replacing", NULL};
	static const char *const of_a_day[] = {"change", "changes", "update", "updates", NULL};

	return has_one_of(tokens, words) || (has_one_of(tokens, of_a_day) && has_day(tokens, line));
}

bool
roster_line_names_somebody(struct titles *titles, const char *line)
{
	struct tokens tokens;
	size_t at = 0;

	tokens_make(&tokens, titles->arena, line);
	return next_person(titles, &tokens, &at) != NULL;
}

bool
roster_line_corrects(struct titles *titles, const char *line)
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, line);
	return !roster_line_is_legend(line) && roster_line_names_somebody(titles, line) &&
	       (tells_of_change(&tokens, line) || roster_tells_of_swap(line) ||
		   roster_any_word(titles, line, is_change));
}

static bool
is_of_absence(enum word word)
{
	return word == WORD_ABSENCE || word == WORD_SICK || word == WORD_NOT;
}

bool
roster_line_tells_of_absence(struct titles *titles, const char *line)
{
	return !roster_line_is_legend(line) && roster_any_word(titles, line, is_of_absence);
}

static bool
is_number(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Whether the first name of ${person} stands in ${tokens}: "Jan on AL", of Jan Jones. "1 Jan" is a day. */
static bool
has_first_name(const struct tokens *tokens, const struct reading_person *person)
{
	struct slice first = {person->name, strcspn(person->name, " ")};

	/* An initial is no name by itself. */
	if (first.len < 3)
		return false;
	for (size_t i = 0; i < tokens->items.count; i++) {
		if (slice_is_nocase(first, tokens->items.items[i].text) &&
		    (i == 0 || !is_number(tokens->items.items[i - 1].text)))
			return true;
	}
	return false;
}

/* Notes everybody whom ${row}, a line that tells of absence, names: their shifts in the file are undecided. "J Jones off
 * from the 7th". If nobody is named in full or by an alias, everybody with that first name. Answers whether somebody
 * is named. */
static bool
find_people(struct titles *titles, struct rows *rows, const struct roster_row *row)
{
	uint32_t told = (uint32_t)(row - rows->list.items);
	struct tokens tokens;
	const char *person;
	size_t at = 0, count = 0;

	tokens_make(&tokens, titles->arena, row->above);
	for (; (person = next_person(titles, &tokens, &at)) != NULL; count++)
		table_put(&rows->told_away, titles->arena, person, told);
	if (count > 0)
		return true;
	for (size_t i = 0; i < titles->people.npeople; i++) {
		const struct reading_person *known = &titles->people.people[i];

		if (has_first_name(&tokens, known)) {
			table_put(&rows->told_away, titles->arena, known->id, told);
			count++;
		}
	}
	return count > 0;
}

void
roster_lines_find_people(struct titles *titles, struct rows *rows)
{
	const struct roster_row *row;
	bool listed = false;

	table_init(&rows->told_away, titles->arena, 16);
	VEC_EACH (row, &rows->list) {
		bool absence;

		if (!row->alone) {
			listed = false;
			continue;
		}
		/* "Absences", and in the lines below it who and when. */
		absence = roster_line_tells_of_absence(titles, row->above);
		if ((absence || listed) && !find_people(titles, rows, row))
			listed = absence;
	}
}

const char *
roster_told_away(const struct roster_entry *entry, const struct title *name)
{
	const struct rows *rows = entry->rows;

	for (size_t i = 0; rows->told_away.count > 0 && i < name->nparts; i++) {
		uint32_t told = name->parts[i].person == NULL
				    ? TABLE_NONE
				    : table_get(&rows->told_away, name->parts[i].person);

		if (told != TABLE_NONE)
			return rows->list.items[told].above;
	}
	return NULL;
}
