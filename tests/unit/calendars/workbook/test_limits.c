/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/workbook/workbook.h"
#include "server/base/fatal.h"
#include "tests/unit/calendars/support.h"
#include "tests/unit/calendars/workbook/book_maker.h"
#include "tests/unit/calendars/workbook/book_show.h"

/* How much a workbook may have: as many are read, and one more refuses it with what there is too much of. */

/* Reads ${bytes} with at most ${memory} bytes (0: any); NULL: it is read. */
static const char *
refusal_of(struct arena *words, struct slice bytes, size_t memory)
{
	const struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(memory);
	struct faults faults = {.arena = arena};
	const char *why = NULL;
	struct sheet sheet;

	if (!workbook_read(&sheet, &options, bytes, arena, &faults))
		why = arena_strdup(words, faults.findings.items[faults.findings.count - 1].text);
	arena_free(arena);
	return why;
}

/* ${words}: of the refusal; NULL: it is read. */
static void
expect(const struct book_want *want, size_t memory, const char *words)
{
	struct arena *arena = arena_new(0);
	struct buf bytes = book_make(want);
	const char *why = refusal_of(arena, (struct slice){bytes.at, bytes.len}, memory);

	if (words == NULL ? why != NULL : why == NULL || strstr(why, words) == NULL)
		fail_msg(
		    "is %s, wants %s", why != NULL ? why : "read", words != NULL ? words : "read");
	buf_free(&bytes);
	arena_free(arena);
}

/* What is packed too well is refused for that: so with much that packs badly. */
static void
add_noise(struct buf *buf)
{
	uint32_t noise = 1;

	buf_add_text(buf, "<!--");
	for (size_t i = 0; i < 10000; i++) {
		noise = noise * 1664525 + 1013904223;
		buf_printf(buf, "%08x", noise);
	}
	buf_add_text(buf, "-->");
}

/* One of the elements of struct book_want, made of parts. */
struct many {
	size_t field; /* of struct book_want */
	const char *begin, *each, *end;
	size_t most;
	const char *words;
};
#define OF(field) offsetof(struct book_want, field)

static void
expect_many(const struct many *many, size_t times, size_t memory, const char *words)
{
	struct book_want want = {.rows = ROW("1", T("A1", "a")),
	    .styles = "<dxfs><dxf><font><strike/></font></dxf></dxfs>"};
	struct buf text = {0};

	if (times >= 100000)
		add_noise(&text);
	buf_add_text(&text, many->begin);
	for (size_t i = 0; i < times; i++)
		buf_add_text(&text, many->each);
	buf_add_text(&text, many->end);
	*(const char **)((char *)&want + many->field) = text.at;
	expect(&want, memory, words);
	buf_free(&text);
}

static void
one_more_than_there_may_be(void **state)
{
	static const struct many all[] = {
	    {OF(drawing), "", "<a:p><a:r><a:t>x</a:t></a:r></a:p>", "", 500,
		"500 texts round one sheet"},
	    {OF(workbook), "<sheets><sheet name='Rota' r:id='s1'/>", "<sheet name='x'/>",
		"</sheets>", 499, "500 sheets"},
	    {OF(styles), "<fonts>", "<font/>", "</fonts>", 66000, "66,000 fonts"},
	    {OF(styles), "<cellXfs>", "<xf/>", "</cellXfs>", 66000, "66,000 styles."},
	    {OF(styles), "<dxfs>", "<dxf/>", "</dxfs>", 66000, "66,000 styles of rules"},
	    {OF(styles), "<fills>", "<fill/>", "</fills>", 4000, "4,000 colours"},
	    {OF(styles), "<numFmts>", "<numFmt numFmtId='170' formatCode='0'/>", "</numFmts>", 1000,
		"1,000 number formats"},
	    {OF(after), "<mergeCells>", "<mergeCell ref='A1'/>", "</mergeCells>", 100000,
		"100,000 merged ranges"},
	    {OF(after), "<conditionalFormatting sqref='", "A1 ",
		"'><cfRule dxfId='0'/></conditionalFormatting>", 100000, "100,000 ranges of rules"},
	    {OF(rows), "<row>", "<c/>", "</row>", 1000000, "a million cells in one sheet"},
	    {OF(texts), "", "<si/>", "", 1000000, "a million texts"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		/* A million take a second. */
		if (all[i].most < 1000000)
			expect_many(&all[i], all[i].most, 0, NULL);
		expect_many(&all[i], all[i].most + 1, 0, all[i].words);
	}
}

/* What the parts of a workbook take grows with what is in them. */
static void
more_memory_than_there_may_be(void **state)
{
#define TEXT_100                                                                                   \
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	static const struct many all[] = {
	    {OF(texts), "", "<si><t>" TEXT_100 "</t></si>", "", 2000, "too much memory"},
	    {OF(rows), "", "<row><c t='inlineStr'><is><t>" TEXT_100 "</t></is></c></row>", "", 2000,
		"too much memory"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		expect_many(&all[i], all[i].most, (size_t)2 << 20, NULL);
		expect_many(&all[i], all[i].most, (size_t)200 << 10, all[i].words);
	}
}

/* Cells within a row that have no text take room all the same, whether they are written or merged. */
static void
cells_without_texts(void **state)
{
	(void)state;
	/* 1953 rows of 512 cells are 999,936. */
	for (unsigned rows = 1953; rows <= 1954; rows++) {
		const char *words = rows == 1953 ? NULL : "a million cells in one sheet";
		struct arena *arena = arena_new(0);
		struct buf written = {0}, merged = {0};

		buf_add_text(&merged, ROW("1", T("A1", "a") T("B1", "b")));
		for (unsigned i = 1; i <= rows; i++) {
			buf_printf(&written, "<row><c r='SR%u'/></row>", i);
			buf_add_text(&merged, i < rows ? "<row/>" : "");
		}
		expect(&(struct book_want){.rows = written.at}, 0, words);
		expect(&(struct book_want){.rows = merged.at,
			   .after = arena_printf(
			       arena, "<mergeCells><mergeCell ref='B1:SR%u'/></mergeCells>", rows)},
		    0, words);
		buf_free(&written);
		buf_free(&merged);
		arena_free(arena);
	}
}

/* 2,000 rows of one cell, each of which is looked at for each range of a rule. */
static void
rules_about_the_same_cells(void **state)
{
	static const struct many rule = {OF(after), "<conditionalFormatting sqref='", "A1:A2000 ",
	    "'><cfRule dxfId='0'/></conditionalFormatting>", 2000, "a million cells in one sheet"};
	struct book_want want = {.styles = "<dxfs><dxf><font><strike/></font></dxf></dxfs>"};
	struct buf rows = {0};

	(void)state;
	for (unsigned i = 0; i < 2000; i++)
		buf_add_text(&rows, "<row><c><v>1</v></c></row>");
	want.rows = rows.at;
	for (size_t times = rule.most; times <= rule.most + 1; times++) {
		struct buf after = {0};

		buf_add_text(&after, rule.begin);
		for (size_t i = 0; i < times; i++)
			buf_add_text(&after, rule.each);
		buf_add_text(&after, rule.end);
		want.after = after.at;
		expect(&want, 0, times == rule.most ? NULL : rule.words);
		buf_free(&after);
	}
	buf_free(&rows);
}

/* A shared text stands once in the file and in many cells. */
static void
one_long_text_in_many_cells(void **state)
{
	struct buf texts = {0}, rows = {0};
	struct book_want want;

	(void)state;
	buf_add_text(&texts, "<si><t>");
	for (size_t i = 0; i < 32768; i++)
		buf_add_text(&texts, "x");
	buf_add_text(&texts, "</t></si>");
	for (size_t row = 0; row < 2; row++) {
		buf_add_text(&rows, "<row>");
		for (size_t i = 0; i < 512; i++)
			buf_add_text(&rows, "<c t='s'><v>0</v></c>");
		buf_add_text(&rows, "</row>");
	}
	want = (struct book_want){.texts = texts.at, .rows = rows.at};
	expect(&want, 0, NULL);
	buf_add_text(&rows, "<row><c><v>1</v></c></row>");
	want.rows = rows.at;
	expect(&want, 0, "32 MB of text");
	buf_free(&texts);
	buf_free(&rows);
}

#define RELATIONS "xl/worksheets/_rels/sheet1.xml.rels"
#define DRAWING "<Relationship Id='a' Type='drawing' Target='../drawings/drawing1.xml'/>"

/* ${times} times ${relation} of the sheet; ${drawing}: the part that some of them name. */
static void
expect_relations(const char *relation, size_t times, const char *drawing, const char *words)
{
	struct buf text = {0};
	struct book_part more[3] = {{RELATIONS, NULL, 0}};

	buf_add_text(&text, "<Relationships>");
	for (size_t i = 0; i < times; i++)
		buf_add_text(&text, relation);
	buf_add_text(&text, "</Relationships>");
	more[0].text = text.at;
	if (drawing != NULL)
		more[1] = (struct book_part){"xl/drawings/drawing1.xml", drawing, 0};
	expect(&(struct book_want){.rows = ROW("1", T("A1", "a")), .more = more}, 0, words);
	buf_free(&text);
}

static void
relations_of_a_sheet(void **state)
{
	static const char other[] = "<Relationship Id='a' Type='x/y' Target='z'/>";

	(void)state;
	expect_relations(other, 5000, NULL, NULL);
	expect_relations(other, 5001, NULL, "5,000 relations");
	/* A type without an address is its last word; a path that is too long is cut, and names no part. */
	expect_relations("<Relationship Id='a' Type='comments' Target='nowhere.xml'/>", 1, NULL,
	    "xl/worksheets/nowhere.xml: it is missing");
	expect_relations("<Relationship Id='a' Type='comments' "
			 "Target='/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18'/>",
	    1, NULL, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16: it is missing");
	expect_relations("<Relationship Id='a' Type='comments' Target='/./1//../../2'/>", 1, NULL,
	    "read: 2: it is missing");
}

/* No part alone unpacks to more than its size allows, and all of them do. */
static void
all_parts_together(void **state)
{
	struct buf drawing = {0};

	(void)state;
	buf_add_text(&drawing, "<a>");
	for (size_t i = 0; i < 1048000 / 100; i++)
		buf_printf(&drawing, "%100s", "");
	buf_add_text(&drawing, "</a>");
	expect_relations(DRAWING, 60, drawing.at, NULL);
	expect_relations(DRAWING, 65, drawing.at, "64 MB");
	buf_free(&drawing);
}

static void
parts_of_an_archive(void **state)
{
	struct arena *arena = arena_new(0);
	struct book_part *parts = arena_array(arena, 2002, sizeof *parts);

	(void)state;
	for (int i = 0; i <= 2000; i++)
		parts[i] = (struct book_part){arena_printf(arena, "part%d", i), "x", 0};
	for (int count = 2001; count >= 2000; count--) {
		struct buf bytes;
		const char *why;

		parts[count].name = NULL;
		bytes = book_archive(parts);
		why = refusal_of(arena, (struct slice){bytes.at, bytes.len}, 0);
		assert_non_null(why);
		assert_true((strstr(why, "2,000 parts") != NULL) == (count > 2000));
		buf_free(&bytes);
	}
	arena_free(arena);
}

static void
bytes_of_a_file(void **state)
{
	const size_t most = (size_t)10 << 20;
	struct arena *arena = arena_new(0);
	char *bytes = xcalloc(1, most + 1);

	(void)state;
	assert_non_null(strstr(refusal_of(arena, (struct slice){bytes, most}, 0), "damaged"));
	assert_non_null(strstr(refusal_of(arena, (struct slice){bytes, most + 1}, 0), "10 MB"));
	free(bytes);
	arena_free(arena);
}

/* ---- The sheets that are not read refuse nothing: what is too much of them is cut. */

/* A workbook with ${count} other sheets, each of which is ${key}. */
static struct buf
with_others(size_t count, const char *key)
{
	const struct book_part more[] = {{"xl/worksheets/sheet2.xml", key, 0}, {NULL, NULL, 0}};
	struct buf workbook = {0}, bytes;

	buf_add_text(
	    &workbook, "<sheets><sheet name='Rota' r:id='s1'/><sheet name='Chart' r:id='s3'/>");
	for (size_t i = 1; i <= count; i++)
		buf_printf(&workbook, "<sheet name='%zu' r:id='s2'/>", i);
	buf_add_text(&workbook, "</sheets>");
	bytes = book_make(&(struct book_want){
	    .workbook = workbook.at, .rows = ROW("1", T("A1", "a")), .more = more});
	buf_free(&workbook);
	return bytes;
}

static void
many_other_sheets(void **state)
{
	static const char key[] =
	    "<worksheet><sheetData>" ROW("1", T("A1", "KL")) "</sheetData></worksheet>";

	(void)state;
	for (size_t count = 50; count <= 51; count++) {
		struct arena *arena = arena_new(0);
		struct buf bytes = with_others(count, key);
		const char *got = book_show_others(arena, (struct slice){bytes.at, bytes.len});

		assert_int_equal(strncmp(got, "1: KL\n1: KL", 11), 0);
		assert_int_equal(strstr(got, " cut") != NULL, count > 50);
		/* A finding names the first 20 of them. */
		got = book_show(arena, (struct slice){bytes.at, bytes.len}, NULL);
		assert_non_null(strstr(got, "\"1\", \"2\", "));
		assert_non_null(strstr(got, "\"19\", \"20\", …."));
		assert_null(strstr(got, "\"21\""));
		buf_free(&bytes);
		arena_free(arena);
	}
}

/* Cells that are looked at, although nothing of them is kept. */
static void
wide_other_sheets(void **state)
{
	struct buf key = {0};

	(void)state;
	buf_add_text(&key, "<worksheet><sheetData>");
	for (unsigned i = 1; i <= 1953; i++)
		buf_printf(&key, "<row><c r='SR%u'/></row>", i);
	buf_add_text(&key, ROW("1954", T("A1954", "KL")) "</sheetData></worksheet>");
	for (size_t count = 2; count <= 3; count++) {
		struct arena *arena = arena_new(0);
		struct buf bytes = with_others(count, key.at);

		assert_string_equal(book_show_others(arena, (struct slice){bytes.at, bytes.len}),
		    count == 2 ? "1954: KL\n1954: KL" : "1954: KL\n1954: KL cut");
		buf_free(&bytes);
		arena_free(arena);
	}
	buf_free(&key);
}

/* The memory that is left when the sheet of the rota is read is not enough for all of a key. */
static void
little_memory_for_other_sheets(void **state)
{
	const struct reading_options options = support_roster_options();
	struct buf key = {0}, bytes;
	size_t used = 0, kept[2] = {0};

	(void)state;
	buf_add_text(&key, "<worksheet><sheetData>");
	for (unsigned i = 0; i < 1000; i++)
		buf_add_text(&key, "<row><c t='inlineStr'><is><t>" TEXT_100 "</t></is></c></row>");
	buf_add_text(&key, "</sheetData></worksheet>");
	bytes = with_others(1, key.at);
	for (size_t i = 0; i < 2; i++) {
		/* The second time with half of what the first time took. */
		struct arena *arena = arena_new(used / 2);
		struct faults faults = {.arena = arena};
		struct sheet sheet;

		assert_true(workbook_read(
		    &sheet, &options, (struct slice){bytes.at, bytes.len}, arena, &faults));
		assert_int_equal(sheet.rows.count, 1);
		assert_int_equal(sheet.others.cut, i > 0);
		kept[i] = sheet.others.rows.count;
		used = arena_used(arena);
		arena_free(arena);
	}
	assert_int_equal(kept[0], 1000);
	assert_true(kept[1] > 0 && kept[1] < 1000);
	buf_free(&bytes);
	buf_free(&key);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_more_than_there_may_be),
	    cmocka_unit_test(more_memory_than_there_may_be),
	    cmocka_unit_test(cells_without_texts),
	    cmocka_unit_test(rules_about_the_same_cells),
	    cmocka_unit_test(one_long_text_in_many_cells),
	    cmocka_unit_test(relations_of_a_sheet),
	    cmocka_unit_test(all_parts_together),
	    cmocka_unit_test(parts_of_an_archive),
	    cmocka_unit_test(bytes_of_a_file),
	    cmocka_unit_test(many_other_sheets),
	    cmocka_unit_test(wide_other_sheets),
	    cmocka_unit_test(little_memory_for_other_sheets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
