/* SPDX-License-Identifier: MIT */
#include "tests/unit/calendars/workbook/book_show.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/workbook/workbook.h"
#include "server/base/fatal.h"
#include "tests/unit/calendars/support.h"

static void
show_marks(struct buf *buf, unsigned marks)
{
	static const struct {
		unsigned mark;
		const char *name;
	} all[] = {{CELL_STRUCK, "struck"}, {CELL_PART_STRUCK, "part"}, {CELL_FILLED, "filled"},
	    {CELL_NOTED, "noted"}, {CELL_HIDDEN, "hidden"}, {CELL_NO_VALUE, "novalue"},
	    {CELL_SWAPPED, "swapped"}};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if ((marks & all[i].mark) != 0)
			buf_printf(buf, "[%s]", all[i].name);
}

static void
show_row(struct buf *buf, const struct sheet_row *row)
{
	buf_printf(buf, "%s%u: ", buf->len > 0 ? "\n" : "", row->line);
	for (size_t i = 0; i < sheet_kept(row); i++) {
		buf_printf(buf, "%s%s", i > 0 ? "|" : "", row->cells[i].text);
		show_marks(buf, row->cells[i].marks);
	}
}

const char *
book_show(struct arena *arena, struct slice bytes, const struct reading_options *options)
{
	const struct reading_options plain = support_roster_options();
	struct faults faults = {.arena = arena};
	struct buf buf = {0};
	struct sheet sheet;
	const char *shown;

	if (!workbook_read(&sheet, options != NULL ? options : &plain, bytes, arena, &faults)) {
		INVARIANT(faults.refused && faults.findings.count > 0);
		return arena_printf(
		    arena, "refused: %s", faults.findings.items[faults.findings.count - 1].text);
	}
	for (size_t i = 0; i < sheet.rows.count; i++)
		show_row(&buf, &sheet.rows.items[i]);
	for (size_t i = 0; i < faults.findings.count; i++)
		buf_printf(&buf, "\nwarning: %s", faults.findings.items[i].text);
	shown = arena_strndup(arena, buf.at != NULL ? buf.at : "", buf.len);
	buf_free(&buf);
	return shown;
}

const char *
book_show_others(struct arena *arena, struct slice bytes)
{
	const struct reading_options plain = support_roster_options();
	struct faults faults = {.arena = arena};
	struct buf buf = {0};
	struct sheet sheet;
	const char *shown;

	INVARIANT(workbook_read(&sheet, &plain, bytes, arena, &faults));
	for (size_t i = 0; i < sheet.others.rows.count; i++)
		show_row(&buf, &sheet.others.rows.items[i]);
	buf_add_text(&buf, sheet.others.cut ? " cut" : "");
	shown = arena_strndup(arena, buf.at != NULL ? buf.at : "", buf.len);
	buf_free(&buf);
	return shown;
}

void
book_check(const struct book_case *cases, size_t count, const struct reading_options *options)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct buf bytes = book_make(&cases[i].book);
		const char *got = book_show(arena, (struct slice){bytes.at, bytes.len}, options);

		if (strcmp(got, cases[i].shown) != 0)
			fail_msg("%zu gives\n%s\nwants\n%s", i, got, cases[i].shown);
		buf_free(&bytes);
		arena_free(arena);
	}
}
