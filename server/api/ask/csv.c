/* SPDX-License-Identifier: MIT */
#include "server/api/ask/csv.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/breath.h"

#define NAME_MAX_BYTES 64

/* ------------------------------------------------------------------------------------ cells */

/* Also the wide forms of East Asian keyboards, which some spreadsheets take for the same. */
static const char *const dangerous[] = {
    "=", "+", "-", "@", "\t", "\r", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

static bool
begins_formula(struct slice text)
{
	for (size_t i = 0; i < sizeof dangerous / sizeof *dangerous; i++) {
		size_t len = strlen(dangerous[i]);

		if (text.len >= len && memcmp(text.at, dangerous[i], len) == 0)
			return true;
	}
	return false;
}

static bool
needs_apostrophe(struct slice text)
{
	while (text.len > 0 && *text.at == '\'')
		text = (struct slice){text.at + 1, text.len - 1};
	return begins_formula(text);
}

static bool
needs_quotes(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(",\"\r\n", text.at[i]) != NULL)
			return true;
	return text.len > 0 && (text.at[0] == ' ' || text.at[text.len - 1] == ' ');
}

static void
add_checked(struct buf *out, struct slice text)
{
	bool quotes = needs_quotes(text);

	if (quotes)
		buf_add(out, "\"", 1);
	if (needs_apostrophe(text))
		buf_add(out, "'", 1);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_add(out, "\"", 1);
		buf_add(out, &text.at[i], 1);
	}
	if (quotes)
		buf_add(out, "\"", 1);
}

void
csv_cell(struct buf *out, struct slice text)
{
	struct buf shown = {0};

	buf_add_text(&shown, "");
	buf_add_lines(&shown, text);
	add_checked(out, (struct slice){shown.at, shown.len});
	buf_free(&shown);
}

/* ----------------------------------------------------------------------------------- values */

static void
add_json(struct buf *text, const json_t *value)
{
	char *dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	buf_add_text(text, dumped);
	free(dumped);
}

static bool
is_plain(const json_t *value)
{
	return !json_is_object(value) && !json_is_array(value);
}

static void
add_plain(struct buf *text, const json_t *value)
{
	if (json_is_string(value))
		buf_add(text, json_string_value(value), json_string_length(value));
	else if (value != NULL && !json_is_null(value))
		add_json(text, value);
}

/* A list of plain values: one after the other. Anything deeper stays JSON. */
static void
add_value(struct buf *text, const json_t *value)
{
	bool plain = json_is_array(value);
	size_t i;
	json_t *item;

	json_array_foreach(value, i, item) plain &= is_plain(item);
	if (is_plain(value)) {
		add_plain(text, value);
	} else if (!plain) {
		add_json(text, value);
	} else {
		json_array_foreach(value, i, item)
		{
			buf_add_text(text, i > 0 ? "; " : "");
			add_plain(text, item);
		}
	}
}

/* A number is written as it is: what begins with a minus is no formula. */
static void
add_cell(struct buf *out, const json_t *value)
{
	struct buf text = {0};

	buf_add_text(&text, "");
	add_value(&text, value);
	if (json_is_number(value))
		buf_add(out, text.at, text.len);
	else
		csv_cell(out, (struct slice){text.at, text.len});
	buf_free(&text);
}

/* The member at ${path}, "source.rota". */
static const json_t *
member(const json_t *row, struct slice path)
{
	while (row != NULL && path.len > 0) {
		const char *dot = memchr(path.at, '.', path.len);
		size_t len = dot == NULL ? path.len : (size_t)(dot - path.at);
		char name[NAME_MAX_BYTES];

		if (len >= sizeof name)
			return NULL;
		memcpy(name, path.at, len);
		name[len] = '\0';
		row = json_object_get(row, name);
		path.at += len + (dot != NULL);
		path.len -= len + (dot != NULL);
	}
	return row;
}

/* ------------------------------------------------------------------------------------ lines */

static bool
next_column(const char **columns, struct slice *column)
{
	*column = (struct slice){*columns, strcspn(*columns, " ")};
	*columns += column->len + strspn(*columns + column->len, " ");
	return column->len > 0;
}

static void
add_line(struct buf *out, const struct csv_list *list, const json_t *row, const char *note)
{
	const char *columns = list->columns;
	struct slice column;

	breath();
	for (bool first = true; next_column(&columns, &column); first = false) {
		if (!first)
			buf_add(out, ",", 1);
		/* The heading has the names of the members. */
		if (row == NULL)
			csv_cell(out, column);
		else
			add_cell(out, member(row, column));
	}
	if (note != NULL) {
		buf_add(out, ",", 1);
		csv_cell(out, row == NULL ? SLICE("note") : slice_of(note));
	}
	buf_add(out, "\r\n", 2);
}

/* A line for each of the rows within ${row}. */
static void
add_within(struct buf *out, const struct csv_list *list, const json_t *row, const char *note)
{
	size_t i;
	json_t *inner;

	json_array_foreach(json_object_get(row, list->within), i, inner)
	{
		json_t *both = json_copy((json_t *)(uintptr_t)row);

		json_object_set(both, list->as, inner);
		add_line(out, list, both, note);
		json_decref(both);
	}
}

bool
csv_write(struct buf *out, const struct csv_list *list, const json_t *answer, const char *note)
{
	const json_t *rows = json_object_get(answer, list->rows);
	size_t i;
	json_t *row;

	if (!json_is_array(rows))
		return false;
	add_line(out, list, NULL, note);
	json_array_foreach(rows, i, row) if (list->within == NULL) add_line(out, list, row, note);
	else add_within(out, list, row, note);
	return true;
}
