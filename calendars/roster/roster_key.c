/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_key.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_text.h"
#include "calendars/titles/characters.h"
#include "calendars/titles/shift_codes.h"

#define INITIALS_MAX 6

struct finder {
	struct roster_key *out;
	struct titles *titles;
	struct arena *arena;
};

/* ---- One entry. */

/* The person whom this rota knows by ${initials}, one short word; NULL: nobody, or not for certain. */
static const struct reading_person *
known_by(const struct finder *f, const char *initials, const char **token)
{
	struct people_found found;
	struct tokens tokens;

	if (*initials == '\0' || strlen(initials) > INITIALS_MAX)
		return NULL;
	tokens_make(&tokens, f->arena, initials);
	/* A key has initials, one word. "Dr Jones = on leave" explains nobody's name. */
	if (tokens.items.count != 1 || tokens.items.items[0].kind != TOKEN_WORD)
		return NULL;
	found = people_match(&f->titles->people, &tokens, 0);
	*token = tokens.items.items[0].text;
	return found.len == 1 ? found.person : NULL;
}

/* Whether ${text} names ${person} and says nothing against that: no "(left)", nobody else. */
static bool
agrees(const struct finder *f, const struct reading_person *person, const char *text)
{
	const struct title *title = title_read(f->titles, text);

	return title->nparts == 1 && title->parts[0].class == READING_NAMED &&
	       strcmp(title->parts[0].person, person->id) == 0;
}

static bool
has_letter(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z')
			return true;
	}
	return false;
}

static bool
is_date(const char *text)
{
	struct roster_date date;

	return roster_date_read(slice_of(text), &date);
}

static bool
is_against_shift(enum word word)
{
	return word_takes_off(word) || word == WORD_DOUBT || word == WORD_NOISE;
}

/* "LD = Leave Day", where LD is a shift of this rota. */
static void
take_code(struct finder *f, const char *code, const char *text)
{
	const struct reading_shift_code *known = shift_codes_find(f->titles, code);

	if (known != NULL && known->kind == READING_CODE_HOURS &&
	    roster_any_word(f->titles, text, is_against_shift))
		*VEC_PUSH(f->arena, &f->out->codes) =
		    (struct roster_key_entry){known->code, code, text};
}

static void
take(struct finder *f, const char *initials, const char *text)
{
	const char *token = NULL;
	const struct reading_person *person = known_by(f, initials, &token);
	const struct roster_key_entry *entry;

	take_code(f, initials, text);
	if (person == NULL || !has_letter(text) || is_date(text) || agrees(f, person, text))
		return;
	/* The first meaning is told. A second one for the same initials changes nothing more. */
	VEC_EACH (entry, &f->out->others) {
		if (strcmp(entry->initials, token) == 0)
			return;
	}
	*VEC_PUSH(f->arena, &f->out->others) = (struct roster_key_entry){token, initials, text};
}

/* ---- Entries within a cell: "JJ = Jane Jackson", several of them by commas or lines. */

static const char *
trimmed(const struct finder *f, const char *at, size_t len)
{
	struct slice text = slice_trim((struct slice){at, len});

	return arena_strndup(f->arena, text.at, text.len);
}

/* Below a heading of keys "JJ - Jane Jackson" and "JJ: Jane Jackson" are entries, too. */
static void
take_one(struct finder *f, const char *at, size_t len, bool keyed)
{
	const char *text = trimmed(f, at, len), *mark = strchr(text, '=');

	if (mark == NULL && keyed)
		/* Only below such a heading: elsewhere "JJ - Jane" is a note, and "9:00" a
		 * time. */
		mark = strpbrk(text, ":-");
	if (mark == NULL && keyed)
		mark = strstr(text, "\xe2\x80\x93");
	if (mark == NULL)
		return;
	len = (size_t)(mark - text);
	mark += (*mark & 0x80) != 0 ? 3 : 1;
	take(f, trimmed(f, text, len), trimmed(f, mark, strlen(mark)));
}

/* "N: night off", "N - not working": only codes are written so without a heading. */
static void
take_code_line(struct finder *f, const char *text)
{
	const char *mark = strpbrk(text, ":-");

	if (mark != NULL && mark > text && mark - text <= INITIALS_MAX)
		take_code(f, trimmed(f, text, (size_t)(mark - text)),
		    trimmed(f, mark + 1, strlen(mark + 1)));
}

static void
take_cell(struct finder *f, const char *text, bool keyed)
{
	while (*text != '\0') {
		size_t len = strcspn(text, ",;\r\n");

		take_one(f, text, len, keyed);
		text += len + (text[len] != '\0');
	}
}

/* ---- Entries of two cells. */

static bool
is_key_heading(const char *text)
{
	static const char *const names[] = {"key", "key:", "staff key", "key to initials",
	    "key to names", "key to staff", "initials", "initials:", "initial", "abbreviations",
	    "abbreviation", "abbr", "abbr.", "code", "codes", "legend", "who is who", "who's who",
	    "staff list", NULL};

	return roster_cell_is_one_of(text, names);
}

static bool
is_name_heading(const char *text)
{
	static const char *const names[] = {"name", "names", "full name", "staff", "staff name",
	    "person", "who", "meaning", "means", "", NULL};

	return *text == '\0' || roster_cell_is_one_of(text, names);
}

static const char *
cell_at(const struct finder *f, const struct sheet_row *row, size_t at)
{
	return at < sheet_kept(row) ? roster_one_line(f->arena, row->cells[at].text) : "";
}

/* The pairs below the heading in the cell ${at} of the row ${top}: initials there and what they mean after them, or
 * before them if the heading of names is there. */
static void
take_below(struct finder *f, const struct sheet_row *rows, size_t count, size_t top, size_t at)
{
	bool after = is_name_heading(cell_at(f, &rows[top], at + 1));
	bool before = at > 0 && *cell_at(f, &rows[top], at - 1) != '\0' &&
		      is_name_heading(cell_at(f, &rows[top], at - 1));

	for (size_t i = top; i < count; i++) {
		const char *initials = cell_at(f, &rows[i], at);

		take_cell(f, initials, true);
		if (i > top && after)
			/* All rows to the end of the sheet: a key has no line that ends it, and
			 * other texts name nobody. */
			take(f, initials, cell_at(f, &rows[i], at + 1));
		if (i > top && before)
			take(f, initials, cell_at(f, &rows[i], at - 1));
	}
	/* "Key:", and its entries on the same line. */
	for (size_t i = at + 1; i < sheet_kept(&rows[top]); i++)
		take_cell(f, cell_at(f, &rows[top], i), true);
}

/* "JJ,Jane Jackson" with nothing else on the line, where rows begin with a day. "JJ,LD" is a person with a shift. */
static void
take_alone(struct finder *f, const struct sheet_row *row)
{
	size_t filled = 0;

	for (size_t i = 0; i < sheet_kept(row); i++)
		filled += *row->cells[i].text != '\0';
	if (filled == 2 && shift_codes_find(f->titles, cell_at(f, row, 1)) == NULL)
		take(f, cell_at(f, row, 0), cell_at(f, row, 1));
}

static void
look_at(struct finder *f, const struct sheet_row *rows, size_t count, bool alone)
{
	for (size_t i = 0; i < count; i++) {
		if (alone)
			take_alone(f, &rows[i]);
		for (size_t c = 0; c < sheet_kept(&rows[i]); c++) {
			const char *text = cell_at(f, &rows[i], c);

			if (strchr(text, '=') != NULL)
				take_cell(f, rows[i].cells[c].text, false);
			else
				take_code_line(f, text);
			if (is_key_heading(text))
				take_below(f, rows, count, i, c);
		}
	}
}

/* Whether rows begin with people: two cells may then be a person and a shift. */
static bool
begins_with_people(enum reading_layout layout)
{
	return layout == READING_NAMES_BY_DATES || layout == READING_NO_GRID;
}

void
roster_key_find(struct roster_key *out, struct titles *titles, const struct sheet *sheet)
{
	struct finder f = {out, titles, titles->arena};
	const struct sheet_others *others = &sheet->others;

	look_at(&f, sheet->rows.items, sheet->rows.count,
	    !begins_with_people(titles->options->grid.layout));
	look_at(&f, others->rows.items, others->rows.count, true);
	/* What could not be read may have been a key; then no initials count (ask()). */
	out->cut = others->cut;
}

/* ---- Its force. */

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Whether a word of ${name} is two or three capital letters: "JJ", "RFW". */
static bool
has_initials(const char *name)
{
	for (const char *at = name; *at != '\0';) {
		const char *from = at;

		while (char_is_letter(*at))
			at++;
		if (at - from >= 2 && at - from <= 3 && is_upper(from[0]) && is_upper(from[1]) &&
		    is_upper(at[-1]))
			return true;
		at += at == from;
	}
	return false;
}

static void
ask(const struct roster_entry *entry, struct slot *slot)
{
	const char *name = entry->row->field[ROSTER_NAME];

	if (slot->state >= SLOT_OPEN || !has_initials(name))
		return;
	slot->state = SLOT_OPEN;
	fault_note(entry->faults, FAULT_ROW_KEY_UNREAD, FAULT_EVENT(entry->uid, entry->row->line),
	    name, NULL);
}

static void
say_of_code(const struct roster_entry *entry, const struct roster_key *key, struct slot *slot)
{
	const struct roster_key_entry *one;

	if (entry->code == NULL)
		return;
	VEC_EACH (one, &key->codes) {
		if (strcmp(one->initials, entry->code->code) != 0)
			continue;
		if (slot->state < SLOT_OPEN)
			slot->state = SLOT_OPEN;
		fault_note(entry->faults, FAULT_ROW_KEY, FAULT_EVENT(entry->uid, entry->row->line),
		    one->written, one->means);
		return;
	}
}

void
roster_key_says(const struct roster_entry *entry, struct slot *slot)
{
	const struct roster_key *key = entry->rows->key;
	struct tokens tokens;

	if (key->cut)
		ask(entry, slot);
	say_of_code(entry, key, slot);
	tokens_make(&tokens, entry->titles->arena, entry->row->field[ROSTER_NAME]);
	for (size_t i = 0; i < tokens.items.count; i++) {
		const struct roster_key_entry *one;

		VEC_EACH (one, &key->others) {
			if (strcmp(one->initials, tokens.items.items[i].text) != 0)
				continue;
			if (slot->state < SLOT_OPEN)
				slot->state = SLOT_OPEN;
			/* Noted also where the row is undecided for another reason: correcting
			 * that alone would not help. */
			fault_note(entry->faults, FAULT_ROW_KEY,
			    FAULT_EVENT(entry->uid, entry->row->line), one->written, one->means);
			return;
		}
	}
}
