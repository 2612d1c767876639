/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/around.h"

#include <ctype.h>
#include <string.h>

#include "calendars/workbook/rich_text.h"
#include "calendars/workbook/xml.h"

#define TEXTS_MAX 500
#define COLOUR_DIGITS 6

static void
keep(struct book *book, struct sheet *out, const struct buf *text)
{
	const char *plain = rich_text_plain(book->arena, (struct slice){text->at, text->len});

	if (*plain == '\0')
		return;
	if (out->around.count == TEXTS_MAX)
		fault_note(book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE,
		    "500 texts round one sheet", NULL);
	else
		*VEC_PUSH(book->arena, &out->around) = plain;
}

/* ---- Drawings. */

struct reading_drawing {
	struct book *book;
	struct sheet *out;
	struct buf text;
	bool taking;
};

static void
on_start(void *ctx, const char *element, const char *const *names)
{
	struct reading_drawing *reading = ctx;

	(void)names;
	reading->taking = strcmp(element, "t") == 0;
}

static void
on_end(void *ctx, const char *element)
{
	struct reading_drawing *reading = ctx;

	reading->taking = false;
	/* A paragraph has a <t> for each font, so that one word may be in two of them. */
	if (strcmp(element, "p") != 0)
		return;
	keep(reading->book, reading->out, &reading->text);
	buf_reset(&reading->text);
}

static void
on_text(void *ctx, struct slice text)
{
	struct reading_drawing *reading = ctx;

	if (reading->taking)
		buf_add(&reading->text, text.at, text.len);
}

bool
around_read_drawing(struct book *book, const char *part, struct sheet *out)
{
	struct reading_drawing reading = {.book = book, .out = out};
	size_t before = out->around.count;
	bool done;

	/* A paragraph without a text is an empty text, and not NULL. */
	buf_add_text(&reading.text, "");
	done = xml_read(book->archive, book->faults, part,
	    &(struct xml_reader){
		.on_start = on_start, .on_end = on_end, .on_text = on_text, .ctx = &reading});
	buf_free(&reading.text);
	/* One finding for each drawing: the first text is enough to recognise it. */
	if (done && out->around.count > before)
		fault_note(
		    book->faults, FAULT_BOOK_TEXT, FAULT_ANYWHERE, out->around.items[before], NULL);
	return done;
}

/* ---- What is printed above and below each page. */

/* After "&": a font in quotes, a size, a colour, or a letter; "&&" is an ampersand. What follows a quote that
 * does not end is kept as text: it may be the word that casts doubt. */
static const char *
skip_code(const char *at, struct buf *text)
{
	const char *end;

	if (*at == '"') {
		end = strchr(at + 1, '"');
		return end == NULL ? at + 1 : end + 1;
	}
	if (isdigit((unsigned char)*at))
		return at + strspn(at, "0123456789");
	if (*at == 'K')
		return at + 1 + strnlen(at + 1, COLOUR_DIGITS);
	if (*at == '&')
		buf_add_text(text, "&");
	return *at == '\0' ? at : at + 1;
}

void
around_add_page_text(struct book *book, struct slice written, struct sheet *out)
{
	const char *at = arena_strndup(book->arena, written.at, written.len);
	struct buf text = {0};

	buf_add_text(&text, "");
	while (*at != '\0') {
		if (*at != '&') {
			buf_add(&text, at++, 1);
			continue;
		}
		/* Left, middle and right are texts of their own. */
		if (at[1] != '\0' && strchr("LCR", at[1]) != NULL) {
			keep(book, out, &text);
			buf_reset(&text);
		}
		at = skip_code(at + 1, &text);
	}
	keep(book, out, &text);
	buf_free(&text);
}
