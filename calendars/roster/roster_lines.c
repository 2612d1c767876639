/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_lines.h"

#include <string.h>

#include "calendars/asides.h"
#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_swap.h"

bool
roster_line_is_against(struct titles *titles, const char *above)
{
	return roster_any_word(titles, above, word_takes_off) ||
	       roster_only_word(titles, above) == WORD_DOUBT;
}

static bool
is_doubtful(enum word word)
{
	return word == WORD_DOUBT || word == WORD_MAYBE || word == WORD_CANCELLED;
}

/* "AL = annual leave", "* provisional": such a line explains a code or a mark. It is not about all rows; the
 * code has its effect in the rows that contain it. */
static bool
is_legend(const char *line)
{
	const char *mark = strchr("*#^", *line);

	/* Marks at both ends frame a line: "*** not yet agreed below ***". */
	return strchr(line, '=') != NULL ||
	       (mark != NULL && *mark != '\0' && line[strlen(line) - 1] != *mark);
}

static bool
is_word(const struct tokens *tokens, size_t at, const char *const *words)
{
	return at < tokens->items.count &&
	       roster_cell_is_one_of(tokens->items.items[at].text, words);
}

/* "Ring switchboard if no answer": what to do, and no doubt about the rota. "Ring to check if it is right" is one. */
static bool
is_instruction(const struct tokens *tokens, size_t at)
{
	static const char *const verbs[] = {
	    "ring", "call", "phone", "telephone", "contact", "bleep", "text", "email", NULL};
	static const char *const doubts[] = {
	    "check", "confirm", "ask", "see", "know", "sure", "only", "not", NULL};
	static const char *const ifs[] = {"if", NULL}, *const stuck[] = {"if", "stuck", NULL},
				 *const no[] = {"no", NULL},
				 *const answers[] = {"answer", "reply", NULL};
	bool verb = false, some = false;

	for (size_t i = 0; i < tokens->items.count; i++) {
		/* Any such word in the line: what is to be asked is then not certain. */
		if (is_word(tokens, i, doubts))
			return false;
		verb = verb || is_word(tokens, i, verbs);
		some = some || (i <= at && verb && is_word(tokens, i, ifs));
	}
	return some && (is_word(tokens, at, stuck) ||
			   (is_word(tokens, at, no) && is_word(tokens, at + 1, answers)));
}

/* Whether ${line} has a word of doubt or of cancellation. */
static bool
has_doubt(struct titles *titles, const char *line)
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, line);
	for (size_t at = 0; at < tokens.items.count;) {
		size_t from = at;

		if (is_doubtful(lexicon_next(&titles->lexicon, &tokens, &at)) &&
		    !is_instruction(&tokens, from))
			return true;
	}
	return false;
}

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
says_now(const struct tokens *tokens)
{
	static const char *const words[] = {"now", "instead", NULL};

	for (size_t i = 0; i < tokens->items.count; i++) {
		if (is_word(tokens, i, words))
			return true;
	}
	return false;
}

bool
roster_line_corrects(struct titles *titles, const char *line)
{
	struct tokens tokens;
	size_t at = 0;

	tokens_make(&tokens, titles->arena, line);
	return !is_legend(line) && next_person(titles, &tokens, &at) != NULL &&
	       (says_now(&tokens) || roster_tells_of_swap(line) ||
		   roster_any_word(titles, line, is_change));
}

bool
roster_line_has_force(struct titles *titles, const char *line)
{
	return !is_legend(line) &&
	       (has_doubt(titles, line) || roster_line_is_against(titles, line));
}

static bool
is_word_of_period(const char *word, bool *period)
{
	static const char *const words[] = {
	    "week", "weeks", "wk", "page", "commencing", "beginning", "starting", NULL};
	static const char *const others[] = {
	    "of", "to", "and", "w", "c", "b", "st", "nd", "rd", "th", NULL};

	if (roster_cell_is_one_of(word, words) || roster_weekday(word) >= 0 ||
	    roster_month(slice_of(word)) != 0)
		return *period = true;
	return word[strspn(word, "0123456789")] == '\0' || roster_cell_is_one_of(word, others);
}

bool
roster_line_is_period(const char *line)
{
	static const char marks[] = " ,.:;/-()";
	bool period = false;
	char word[16];

	while (*(line += strspn(line, marks)) != '\0') {
		size_t len = strcspn(line, marks);

		/* No word of this kind is so long. */
		if (len >= sizeof word)
			return false;
		memcpy(word, line, len);
		word[len] = '\0';
		if (!is_word_of_period(word, &period))
			return false;
		line += len;
	}
	return period;
}

/* The line of ${row} that casts doubt on all rows of the file: "DRAFT - not yet agreed". */
static const char *
doubt_in(struct titles *titles, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = row->cells[i].text;

		if (roster_line_has_force(titles, text))
			return text;
	}
	return NULL;
}

const char *
roster_line_top(struct titles *titles, const struct sheet *sheet, size_t count)
{
	const char *found = NULL;

	for (size_t i = 0; i < count && found == NULL; i++)
		found = doubt_in(titles, &sheet->rows.items[i]);
	return found;
}

const char *
roster_line_around(const struct titles *titles, const struct sheet *sheet)
{
	const char *const *text;

	if (aside_calendar_is_against(titles, sheet->name, NULL))
		return sheet->name;
	VEC_EACH (text, &sheet->around)
		if (aside_calendar_is_against(titles, NULL, *text))
			return *text;
	return NULL;
}

const char *
roster_line_below(struct titles *titles, const struct rows *rows)
{
	for (size_t i = rows->list.count; i-- > 0;) {
		const struct roster_row *row = &rows->list.items[i];

		/* Totals may stand below such a line, and are no shifts either. */
		if (row->total)
			continue;
		/* Lines above the last row are about the rows below them only. */
		if (!row->alone)
			return NULL;
		/* The text of a line of one cell is kept as its own ${above} (sheet.c). */
		/* In another than the first column it is about the cell above it. */
		if ((!is_legend(row->above) && has_doubt(titles, row->above)) ||
		    (*row->cells[0].text != '\0' && roster_line_corrects(titles, row->above)))
			return row->above;
	}
	return NULL;
}

static bool
is_of_absence(enum word word)
{
	return word == WORD_ABSENCE || word == WORD_SICK || word == WORD_NOT;
}

/* Of everybody whom such a line names it is undecided what she has in the file: "J Jones off from the 7th". */
void
roster_lines_find_people(struct titles *titles, struct rows *rows)
{
	const struct roster_row *row;

	table_init(&rows->told_away, titles->arena, 16);
	VEC_EACH (row, &rows->list) {
		struct tokens tokens;
		const char *person;
		size_t at = 0;

		if (!row->alone || is_legend(row->above) ||
		    !roster_any_word(titles, row->above, is_of_absence))
			continue;
		tokens_make(&tokens, titles->arena, row->above);
		while ((person = next_person(titles, &tokens, &at)) != NULL)
			table_put(&rows->told_away, titles->arena, person, row->line);
	}
}

/* The line that says so of somebody whom the row names; NULL: none. */
static const char *
told_away(const struct roster_entry *entry, const struct title *name)
{
	const struct rows *rows = entry->rows;
	const struct roster_row *row;

	for (size_t i = 0; rows->told_away.count > 0 && i < name->nparts; i++) {
		uint32_t line = name->parts[i].person == NULL
				    ? TABLE_NONE
				    : table_get(&rows->told_away, name->parts[i].person);

		if (line == TABLE_NONE)
			continue;
		VEC_EACH (row, &rows->list) {
			if (row->line == line)
				return row->above;
		}
	}
	return NULL;
}

static void
note(const struct roster_entry *entry, enum fault fault, const char *line)
{
	fault_note(entry->faults, fault, FAULT_EVENT(entry->uid, entry->row->line), line, NULL);
}

/* "Cancelled shifts" is about the rows below it; "DRAFT - not yet agreed", below the last row, above the heading line
 * or beside the cells, about all of them. */
void
roster_lines_say(const struct roster_entry *entry, const struct title *name, struct slot *slot)
{
	const struct rows *rows = entry->rows;
	const char *above = entry->row->above, *away = told_away(entry, name);

	if (slot->state >= SLOT_OPEN)
		return;
	/* Above a table of a grid may stand that it is a draft. */
	if (above != NULL &&
	    (entry->row->grid.at != 0 ? roster_line_has_force(entry->titles, above)
				      : roster_line_is_against(entry->titles, above)))
		note(entry, FAULT_ROW_ABOVE, above);
	else if (away != NULL)
		note(entry, FAULT_ROW_AWAY, away);
	else if (rows->below != NULL)
		note(entry, FAULT_ROW_BELOW, rows->below);
	else if (rows->top != NULL)
		note(entry, FAULT_ROW_TOP, rows->top);
	else if (rows->around != NULL)
		note(entry, FAULT_ROW_AROUND, rows->around);
	else
		return;
	/* Never more than undecided: a line does not say of whom it speaks. */
	slot->state = SLOT_OPEN;
}
