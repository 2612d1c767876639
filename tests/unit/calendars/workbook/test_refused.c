/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"
#include "tests/unit/calendars/workbook/book_maker.h"
#include "tests/unit/calendars/workbook/book_show.h"

/* What is refused, in words: files of other kinds, damaged ones, and bombs, which must cost little. */

#define SHEET(rows)                                                                                     \
	"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>" rows \
	"</sheetData></worksheet>"
#define ONE SHEET("<row r='1'><c r='A1'><v>1</v></c></row>")
#define BOOK(sheets)                                                                                                                                                        \
	"<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>" sheets \
	"</workbook>"

static void
expect_bytes(const char *bytes, size_t len, const char *words)
{
	const struct reading_tools tools = {support_zones()};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new((size_t)192 << 20);
	struct reading reading;

	reading_make(&tools, &options, (struct slice){bytes, len}, arena, &reading);
	if (!reading.refused || !support_finding(&reading, NULL, words))
		fail_msg("%.40s is not refused with \"%s\": %s", bytes, words,
		    reading.nfindings > 0 ? reading.findings[0].text : "read");
	for (size_t i = 0; i < reading.nfindings; i++)
		assert_true(*reading.findings[i].remedy != '\0');
	arena_free(arena);
}

/* The workbook with ${part} in place of its own. */
static void
expect_part(struct book_part part, const char *words)
{
	const struct book_part more[] = {part, {NULL, NULL, 0}};
	struct buf bytes = book_make(
	    &(struct book_want){.rows = "<row r='1'><c r='A1'><v>1</v></c></row>", .more = more});

	expect_bytes(bytes.at, bytes.len, words);
	buf_free(&bytes);
}

static void
other_kinds_of_files(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *words;
	} wants[] = {
	    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....W\0o\0r\0k\0b\0o\0o\0k\0", 28,
		"before 2007 (.xls"},
	    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
		44, "has a password"},
	    {"\x09\x08\x08\x00\x00\x05\x05\x00", 8, "before 2007 (.xls"},
	    {"\x1f\x8b\x08\x00zzzz", 8, "packed file"},
	    {"PK\x05\x06zzzz", 8, "packed file"},
	    {"PK\x03\x04zzzz", 8, "damaged, or breaks off"},
	    {"%PDF-1.4 zz", 11, "PDF"},
#define TEXT(text) text, sizeof text - 1
	    {TEXT("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><form>"),
		"table in a web page"},
	    {TEXT("\n<TABLE><TR><TD>Name</TD></TR></TABLE>"), "table in a web page"},
	    {TEXT("<!DOCTYPE html><html><table></table><form action=/sign-in>"), "a web page, not"},
	    {TEXT("<!DOCTYPE html><html><table></table><input name=user>"), "a web page, not"},
	    {TEXT("<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>"
		  "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"),
		"one XML file"},
	    {TEXT(
		 "<?xml version='1.0'?><office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'>"),
		"one XML file"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		expect_bytes(wants[i].bytes, wants[i].len, wants[i].words);
}

/* What a page is is looked for at its beginning: a table far below it is one of many things on a page. */
static void
a_table_far_behind_the_beginning(void **state)
{
	static const struct {
		size_t blanks;
		const char *words;
	} cases[] = {{65535 - 6, "table in a web page"}, {65536 - 6, "a web page, not"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf buf = {0};

		buf_add_text(&buf, "<html>");
		for (size_t blank = 0; blank < cases[i].blanks; blank++)
			buf_add_text(&buf, " ");
		buf_add_text(&buf, "<table>");
		expect_bytes(buf.at, buf.len, cases[i].words);
		buf_free(&buf);
	}
}

static void
other_kinds_of_archives(void **state)
{
	static const struct {
		struct book_part parts[3];
		const char *words;
	} wants[] = {
	    {{{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0},
		 {"content.xml", "<a/>", 0}},
		".ods"},
	    {{{"Index/Document.iwa", "x", 0}}, ".numbers"},
	    {{{"Index.zip", "x", 0}}, ".numbers"},
	    {{{"_rels/.rels", "<a/>", 0}, {"xl/workbook.bin", "x", 0}}, ".xlsb"},
	    {{{"_rels/.rels", "<a/>", 0}, {"word/document.xml", "<a/>", 0}}, "word processor"},
	    {{{"rota.csv", "Name,Date", 0}}, "no workbook in it"},
	    {{{"_rels/.rels", "<a/>", 0}}, "xl/workbook.xml: it is missing"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct buf bytes = book_archive(wants[i].parts);

		expect_bytes(bytes.at, bytes.len, wants[i].words);
		buf_free(&bytes);
	}
}

static void
damaged_parts(void **state)
{
	static const struct {
		struct book_part part;
		const char *words;
	} wants[] = {
#define SHEET_PART "xl/worksheets/sheet1.xml"
	    {{SHEET_PART, "<worksheet><sheetData>", 0}, "no well-formed XML"},
	    {{SHEET_PART, "", 1}, "no well-formed XML"},
	    {{SHEET_PART, SHEET("<row r='2'/><row r='2'/>"), 0}, "rows are out of order"},
	    {{SHEET_PART, SHEET("<row r='x'/>"), 0}, "rows are out of order"},
	    {{SHEET_PART, SHEET("<row r='1048577'/>"), 0}, "rows are out of order"},
	    {{SHEET_PART, SHEET("<row r='1'><c r='B1'/><c r='A1'/></row>"), 0},
		"cells are out of order"},
	    {{SHEET_PART, SHEET("<row r='1'><c r='A2'/></row>"), 0}, "cells are out of order"},
	    {{SHEET_PART, SHEET("<row r='1'><c r='XFE1'/></row>"), 0}, "cells are out of order"},
	    {{SHEET_PART, SHEET("<row r='1'><c r='A1'><v>1x</v></c></row>"), 0},
		"number in it is none"},
	    {{SHEET_PART, SHEET("<row r='1'><c r='A1'><v>1e999</v></c></row>"), 0},
		"number in it is none"},
	    {{SHEET_PART, SHEET("<row r='1'><c r='A1' t='q'><v>1</v></c></row>"), 0},
		"unknown kind"},
	    {{"xl/workbook.xml", BOOK("<sheets/>"), 0}, "no visible sheet"},
	    {{"xl/styles.xml", "\xff\xfe<\0", 4}, "xl/styles.xml: it is no well-formed XML"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		expect_part(wants[i].part, wants[i].words);
}

/* Every cut, and every byte changed, of an archive: read as it was or refused, never anything else. */
static void
cut_and_changed_archives(void **state)
{
	struct buf bytes =
	    book_make(&(struct book_want){.rows = "<row r='1'><c r='A1'><v>1</v></c></row>"});
	const char *whole = "1: 1";

	(void)state;
	for (size_t i = 0; i < bytes.len; i++) {
		struct arena *arena = arena_new(0);
		const char *shown = book_show(arena, (struct slice){bytes.at, i}, NULL);

		assert_true(strncmp(shown, "refused: ", 9) == 0);
		bytes.at[i] ^= 0x55;
		shown = book_show(arena, (struct slice){bytes.at, bytes.len}, NULL);
		/* Parts that are not needed may be damaged, and names of parts changed. */
		assert_true(strncmp(shown, "refused: ", 9) == 0 || strcmp(shown, whole) == 0);
		bytes.at[i] ^= 0x55;
		arena_free(arena);
	}
	buf_free(&bytes);
}

static void
two_parts_of_one_name(void **state)
{
	const struct book_part parts[] = {
	    {"_rels/.rels", "<a/>", 0}, {"_rELS/.rels", "<b/>", 0}, {NULL, NULL, 0}};
	struct buf bytes = book_archive(parts);

	(void)state;
	expect_bytes(bytes.at, bytes.len, "two parts of one name");
	buf_free(&bytes);
}

/* ---- Bombs. */

static void
add_times(struct buf *buf, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_add_text(buf, text);
}

/* A sheet of ${begin}, ${times} times ${middle}, and ${end}. The time is that of a machine with other work
 * and a sanitizer: what is not stopped takes many times as long. */
static void
bomb(const char *begin, const char *middle, size_t times, const char *words)
{
	struct buf text = {0};
	clock_t before;

	buf_add_text(&text, begin);
	add_times(&text, middle, times);
	before = clock();
	expect_part((struct book_part){SHEET_PART, text.at, text.len}, words);
	if (clock() - before > 20 * CLOCKS_PER_SEC)
		fail_msg("%s took %ld s", words, (long)((clock() - before) / CLOCKS_PER_SEC));
	buf_free(&text);
}

#define OPEN                                                                                       \
	"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"

static void
bombs_are_refused(void **state)
{
	(void)state;
	bomb(OPEN, "<a>", 200000, "nested too deeply");
	bomb(OPEN, "<row>", 200000, "nested too deeply");
	bomb(OPEN "<row r='1'>", "                ", 200000, "two hundred times its size");
	bomb(OPEN "<row r='1'>", "<c/>", 600000, "has more than");
	bomb(OPEN, "<row><c r='SR1'><v>1</v></c></row>", 2000, "out of order");
	bomb(OPEN "<row r='1'><c r='", "A", 2 << 20, "");
	bomb("<!DOCTYPE a [<!ENTITY b 'bb'>]>" OPEN, "&b;", 10, "DOCTYPE");
	bomb("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" OPEN, "", 0, "DOCTYPE");
	bomb(OPEN "&lol;", "", 0, "no well-formed XML");
}

/* Each name of an element is kept by expat. */
static void
many_names_are_refused(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_add_text(&text, OPEN);
	for (unsigned i = 0; i < 800000; i++)
		buf_printf(&text, "<n%x/>", i);
	expect_part((struct book_part){SHEET_PART, text.at, text.len}, "too much memory");
	buf_free(&text);
}

static void
wide_and_overlapping_are_refused(void **state)
{
	struct buf rows = {0}, merged = {0};
	struct buf bytes;

	(void)state;
	for (unsigned i = 1; i <= 3000; i++)
		buf_printf(&rows, "<row r='%u'><c r='%s%u'><v>1</v></c></row>", i,
		    i == 3000 ? "SR" : "A", i);
	bytes = book_make(&(struct book_want){.rows = rows.at});
	expect_bytes(bytes.at, bytes.len, "a million cells");
	buf_free(&bytes);
	buf_add_text(&merged, "<mergeCells>");
	add_times(&merged, "<mergeCell ref='A1:A3000'/>", 5000);
	buf_add_text(&merged, "</mergeCells>");
	bytes = book_make(&(struct book_want){.rows = rows.at, .after = merged.at});
	expect_bytes(bytes.at, bytes.len, "a million cells");
	buf_free(&bytes);
	buf_free(&rows);
	buf_free(&merged);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(other_kinds_of_files),
	    cmocka_unit_test(a_table_far_behind_the_beginning),
	    cmocka_unit_test(other_kinds_of_archives),
	    cmocka_unit_test(damaged_parts),
	    cmocka_unit_test(cut_and_changed_archives),
	    cmocka_unit_test(two_parts_of_one_name),
	    cmocka_unit_test(bombs_are_refused),
	    cmocka_unit_test(many_names_are_refused),
	    cmocka_unit_test(wide_and_overlapping_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
