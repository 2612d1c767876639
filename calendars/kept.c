/* SPDX-License-Identifier: MIT */
#include "calendars/kept.h"

#include <string.h>

#include "calendars/collection.h"
#include "calendars/kept_leave.h"
#include "calendars/kept_note.h"
#include "calendars/latin1.h"
#include "calendars/prescan_property.h"
#include "calendars/titles/lexicon.h"

static const char too_long_for_an_answer[] = "withheldwithheldwithheldwithheld";
_Static_assert(sizeof too_long_for_an_answer - 1 > SCAN_FLAG_BYTES_MAX, "it is no answer");
_Static_assert(KEPT_MAX_BYTES == SCAN_FILE_MAX_BYTES, "what is kept is read");

struct keeper_of_rows {
	struct buf *out;
	struct arena *row;        /* of the row that is looked at; NULL: not needed yet */
	struct arena *names;      /* of open components, and of titles */
	struct kept_leave *leave; /* NULL: it is no calendar of absences */
	struct buf decoded;
	struct components components;
	uint32_t rows; /* that ${out} has */
	bool calendars, broken;
};

static void
end_row(struct keeper_of_rows *k)
{
	buf_add(k->out, "\n", 1);
	k->rows++;
	if (k->row != NULL)
		arena_free(k->row);
	k->row = NULL;
}

/* Most rows need no memory; a row that does asks once. */
static struct arena *
row_arena(struct keeper_of_rows *k)
{
	k->row = arena_new(0);
	return k->row;
}

static void
put(struct keeper_of_rows *k, struct slice text)
{
	buf_add(k->out, text.at, text.len);
}

/* A row that is not UTF-8 stays such a row, since a finding names the first one. ${text} is decoded. */
static void
put_text(struct keeper_of_rows *k, const char *text, bool is_latin1)
{
	size_t len = strlen(text), step;

	if (!is_latin1) {
		put(k, slice_of(text));
		return;
	}
	for (size_t i = 0; i < len; i += step) {
		const unsigned char *at = (const unsigned char *)text + i;
		char byte = (char)at[0];

		step = text_utf8_len(text + i, len - i);
		if (step == 2 && at[0] <= 0xc3)
			byte = (char)((at[0] & 3) << 6 | (at[1] & 0x3f));
		else if (step != 1)
			byte = '-';
		step += step == 0;
		buf_add(k->out, &byte, 1);
	}
}

/* What precedes the value. The parameter makes of the row what it was, and is not read. */
static void
put_name(struct keeper_of_rows *k, const struct content_line *line, bool is_latin1)
{
	put(k, line->name);
	if (is_latin1)
		put(k, SLICE(";X=\xe9"));
}

static void
put_note(struct keeper_of_rows *k, const struct content_line *line, bool is_latin1)
{
	struct slice value = line->value;
	struct lexicon lexicon;

	put_name(k, line, is_latin1);
	put(k, SLICE(":"));
	/* An empty one is as good as none. */
	if (value.len == 0)
		return;
	if (value.len > SCAN_ASIDE_BYTES_MAX)
		value.len = SCAN_ASIDE_BYTES_MAX;
	lexicon_init(&lexicon, row_arena(k));
	put_text(k,
	    (k->leave == NULL ? kept_note : kept_note_or_anything)(
		&lexicon, scan_unescaped(k->row, slice_trim(value))),
	    is_latin1);
}

/* RFC 5545 3.3.11. ${text} is not empty. */
static const char *
escaped(struct arena *arena, const char *text)
{
	struct buf out = {0};
	const char *copy;

	for (; *text != '\0'; text++) {
		if (strchr("\\;,", *text) != NULL)
			buf_add_text(&out, "\\");
		buf_add(&out, text, 1);
	}
	copy = arena_strndup(arena, out.at, out.len);
	buf_free(&out);
	return copy;
}

static const char *
words_kept(struct keeper_of_rows *k, enum scan_kind kind, const char *words)
{
	struct lexicon lexicon;

	lexicon_init(&lexicon, k->row);
	if (k->leave == NULL)
		return kept_without_reasons(&lexicon, words);
	if (kind != SCAN_TITLE)
		return kept_note_or_anything(&lexicon, words);
	return kept_leave_title(k->leave, kept_without_reasons(&lexicon, words));
}

/* A list has commas of its own: CATEGORIES. */
static void
put_words(struct keeper_of_rows *k, const struct content_line *line, struct slice text,
    enum scan_kind kind, bool is_latin1)
{
	struct arena *arena = row_arena(k);
	struct slice value = kept_without_addresses(arena, line->value, "x@x.org");
	const char *words, *kept;

	words = kind == SCAN_LIST ? arena_strndup(arena, value.at, value.len)
				  : scan_unescaped(arena, value);
	kept = words_kept(k, kind, words);
	if (kept == words && value.len == line->value.len &&
	    memcmp(value.at, line->value.at, value.len) == 0) {
		put(k, text);
		return;
	}
	put_name(k, line, is_latin1);
	put(k, SLICE(":"));
	put_text(k, kind == SCAN_LIST ? kept : escaped(arena, kept), is_latin1);
}

/* The name as it is compared. A quote would end the parameter, and scan_attendee() leaves none. */
static void
put_invited(struct keeper_of_rows *k, const struct content_line *line, bool is_latin1)
{
	const char *who = scan_attendee(row_arena(k), line);

	if (who == NULL && !is_latin1)
		return;
	put_name(k, line, is_latin1);
	if (who != NULL) {
		put(k, SLICE(";PARTSTAT="));
		put(k, lines_param(line, "PARTSTAT"));
	}
	if (who != NULL && *who != '\0') {
		put(k, SLICE(";CN=\""));
		put_text(k, who, is_latin1);
		put(k, SLICE("\""));
	}
	put(k, SLICE(":"));
}

/* What is not read is not kept, but that the row is not UTF-8: then ${in_place}, which is not read either. */
static void
put_unread(
    struct keeper_of_rows *k, const struct content_line *line, bool is_latin1, const char *in_place)
{
	if (!is_latin1)
		return;
	put_name(k, line, true);
	put(k, SLICE(":"));
	put(k, slice_of(in_place));
}

static void
put_property(struct keeper_of_rows *k, const struct scan_property *property, struct slice text,
    struct content_line *line)
{
	bool is_latin1 = !text_utf8_valid(text.at, text.len);

	if (is_latin1) {
		buf_reset(&k->decoded);
		latin1_to_utf8(text, &k->decoded);
		lines_split((struct slice){k->decoded.at, k->decoded.len}, line);
	}
	switch (scan_property_kind(property)) {
	case SCAN_NOTE:
		put_note(k, line, is_latin1);
		return;
	case SCAN_INVITED:
		put_invited(k, line, is_latin1);
		return;
	case SCAN_ANSWER:
		if (line->value.len <= SCAN_FLAG_BYTES_MAX)
			put(k, text);
		else
			put_unread(k, line, is_latin1, too_long_for_an_answer);
		return;
	case SCAN_NAME:
		if (!kept_is_address(line->value))
			put(k, text);
		else
			put_unread(k, line, is_latin1, "");
		return;
	case SCAN_REMARK:
	case SCAN_TITLE:
	case SCAN_LIST:
		put_words(k, line, text, scan_property_kind(property), is_latin1);
		return;
	case SCAN_AS_IT_IS:
		put(k, text);
		return;
	}
}

static void
on_row(struct keeper_of_rows *k, struct slice text)
{
	const struct scan_property *property;
	bool outside = k->components.depth == 0;
	struct content_line line;
	struct slice name;

	switch (components_row(&k->components, &text, &line, &name)) {
	case ROW_BEGIN:
		put(k, outside ? SLICE("BEGIN:VCALENDAR") : text);
		k->broken = !components_begin(&k->components, k->names, name, 0);
		k->calendars = true;
		return;
	case ROW_END:
		put(k, text);
		k->broken = !components_end(&k->components, name);
		return;
	case ROW_BARE:
		k->broken = true;
		return;
	case ROW_OUTSIDE:
		k->broken = !k->calendars;
		put(k, SLICE("?"));
		return;
	case ROW_JUNK:
		put(k, SLICE("?"));
		return;
	case ROW_PROPERTY:
		property = scan_find_property(components_place(&k->components), line.name);
		if (property != NULL)
			put_property(k, property, text, &line);
		return;
	case ROW_NOTHING:
	case ROW_SKIPPED:
		return;
	}
}

/* What prescan.c refuses before it looks at rows, and would begin with BEGIN:VCALENDAR all the same. */
static bool
is_text(struct slice bytes)
{
	return bytes.len <= SCAN_FILE_MAX_BYTES && memchr(bytes.at, '\0', bytes.len) == NULL;
}

static bool
keep_rows(struct buf *out, const struct reading_options *options, struct slice bytes)
{
	struct keeper_of_rows k = {.out = out, .names = arena_new(0)};
	struct kept_leave leave;
	struct lines lines;
	struct slice text;
	uint32_t row;

	if (bytes.len >= 3 && memcmp(bytes.at, "\xef\xbb\xbf", 3) == 0)
		bytes = (struct slice){bytes.at + 3, bytes.len - 3};
	if (options->absences) {
		kept_leave_init(&leave, k.names, options);
		k.leave = &leave;
	}
	lines = lines_of(bytes);
	while (!k.broken && lines_next(&lines, &text, &row)) {
		while (k.rows + 1 < row)
			end_row(&k);
		on_row(&k, text);
		end_row(&k);
	}
	lines_free(&lines);
	buf_free(&k.decoded);
	arena_free(k.names);
	return !k.broken && k.calendars && k.components.depth == 0;
}

bool
kept_make(struct buf *out, const struct reading_options *options, struct slice bytes)
{
	struct buf calendars = {0};
	size_t before = out->len;
	bool whole = is_text(bytes);

	if (whole && collection_is(bytes)) {
		struct faults faults = {.arena = arena_new(0)};

		whole = collection_unwrap(&calendars, &faults, bytes) &&
			keep_rows(out, options, (struct slice){calendars.at, calendars.len});
		arena_free(faults.arena);
	} else if (whole) {
		whole = keep_rows(out, options, bytes);
	}
	buf_free(&calendars);
	whole = whole && out->len - before <= KEPT_MAX_BYTES;
	if (!whole && out->at != NULL) {
		out->len = before;
		out->at[before] = '\0';
	}
	return whole;
}
