/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_lines.h"

#include <string.h>

#include "calendars/asides.h"
#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_told.h"

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
bool
roster_line_is_legend(const char *line)
{
	const char *mark = strchr("*#^", *line);

	/* Marks at both ends frame a line: "*** not yet agreed below ***". */
	return strchr(line, '=') != NULL ||
	       (mark != NULL && *mark != '\0' && line[strlen(line) - 1] != *mark);
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
		if (roster_token_is_one_of(tokens, i, doubts))
			return false;
		verb = verb || roster_token_is_one_of(tokens, i, verbs);
		some = some || (i <= at && verb && roster_token_is_one_of(tokens, i, ifs));
	}
	return some && (roster_token_is_one_of(tokens, at, stuck) ||
			   (roster_token_is_one_of(tokens, at, no) &&
			       roster_token_is_one_of(tokens, at + 1, answers)));
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

bool
roster_line_has_force(struct titles *titles, const char *line)
{
	return !roster_line_is_legend(line) &&
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

bool
roster_line_is_note(const char *line)
{
	static const char *const begins[] = {"please note", "please remember", "note:", "note ",
	    "notes:", "nb ", "nb:", "n.b.", "remember ", "remember:", "reminder ",
	    "reminder:", "reminders:"};

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		if (strncasecmp(line, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return false;
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
		if ((!roster_line_is_legend(row->above) && has_doubt(titles, row->above)) ||
		    (*row->cells[0].text != '\0' && roster_line_corrects(titles, row->above)))
			return row->above;
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
	const char *above = entry->row->above, *away = roster_told_away(entry, name);

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
