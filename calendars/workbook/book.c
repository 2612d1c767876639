/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/book.h"

#include <string.h>

#include "calendars/workbook/xml.h"

#define SHEETS_MAX 500

struct reading_main {
	struct book *book;
	struct book_relations relations;
};

static void
add_sheet(struct reading_main *reading, const char *const *names)
{
	struct book *book = reading->book;
	const char *name = xml_value(names, "name"), *id = xml_value(names, "id");
	const char *state = xml_value(names, "state");
	const struct book_relation *one;
	struct book_sheet *sheet;

	if (book->sheets.count == SHEETS_MAX) {
		fault_note(book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE, "500 sheets", NULL);
		return;
	}
	sheet = VEC_PUSH(book->arena, &book->sheets);
	sheet->name = arena_strdup(book->arena, name != NULL ? name : "");
	/* "hidden" and "veryHidden", which only a program can show. */
	sheet->visible = state == NULL || strcmp(state, "visible") == 0;
	VEC_EACH (one, &reading->relations.list) {
		if (id == NULL || strcmp(one->id, id) != 0)
			continue;
		/* Other types are charts, dialogs and macros of old versions: they are listed, and never read. */
		sheet->part = one->target;
		sheet->table = strcmp(one->type, "worksheet") == 0;
	}
}

static void
on_start(void *ctx, const char *element, const char *const *names)
{
	struct reading_main *reading = ctx;

	if (strcmp(element, "sheet") == 0)
		add_sheet(reading, names);
	else if (strcmp(element, "workbookPr") == 0)
		reading->book->since_1904 = xml_is_true(names, "date1904", false);
	else if (strcmp(element, "calcPr") == 0)
		/* Programs that cannot calculate write so, with 0 or nothing as the value of each
		 * formula. */
		reading->book->stale = xml_is_true(names, "fullCalcOnLoad", false);
}

bool
book_main_read(struct book *book)
{
	struct reading_main reading = {.book = book};
	struct book_relations top;
	const char *main;

	if (!book_relations_read(book, "", &top))
		return false;
	main = book_related(&top, "officeDocument");
	/* Some programs do not say which part it is, and use the name that Excel uses. */
	if (main == NULL)
		main = "xl/workbook.xml";
	if (!book_relations_read(book, main, &reading.relations) ||
	    !xml_read(book->archive, book->faults, main,
		&(struct xml_reader){.on_start = on_start, .ctx = &reading}))
		return false;
	return book_texts_read(book, book_related(&reading.relations, "sharedStrings")) &&
	       book_styles_read(book, book_related(&reading.relations, "styles"));
}
