/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/workbook/book.h"
#include "calendars/workbook/rich_text.h"
#include "calendars/workbook/xml.h"

/* The shared strings: cells name them by number. */

#define TEXTS_MAX 1000000

struct reading_texts {
	struct book *book;
	struct rich_text rich;
	bool in_text;
};

static void
on_start(void *ctx, const char *element, const char *const *names)
{
	struct reading_texts *reading = ctx;

	if (strcmp(element, "si") == 0) {
		rich_text_begin(&reading->rich, reading->book->arena);
		reading->in_text = true;
	} else if (reading->in_text) {
		rich_text_start(&reading->rich, element, names);
	}
}

static void
on_end(void *ctx, const char *element)
{
	struct reading_texts *reading = ctx;
	struct book *book = reading->book;

	if (strcmp(element, "si") != 0) {
		rich_text_end(&reading->rich, element);
		return;
	}
	reading->in_text = false;
	*VEC_PUSH(book->arena, &book->texts) = rich_text_take(&reading->rich);
	if (book->texts.count > TEXTS_MAX)
		fault_note(
		    book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE, "a million texts", NULL);
	/* After each, as one text may be as long as the part. */
	if (arena_over(book->arena))
		fault_note(book->faults, FAULT_TOO_MUCH_MEMORY, FAULT_ANYWHERE, NULL, NULL);
}

static void
on_text(void *ctx, struct slice text)
{
	struct reading_texts *reading = ctx;

	rich_text_add(&reading->rich, text);
}

bool
book_texts_read(struct book *book, const char *part)
{
	struct reading_texts reading = {.book = book};
	bool done;

	/* Programs that write each text into its cell have no such part. */
	if (part == NULL)
		return true;
	/* What stands in no <si> is given to it, too, and is not taken. */
	rich_text_begin(&reading.rich, book->arena);
	done = xml_read(book->archive, book->faults, part,
	    &(struct xml_reader){
		.on_start = on_start, .on_end = on_end, .on_text = on_text, .ctx = &reading});
	rich_text_free(&reading.rich);
	return done;
}
