/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/workbook/workbook.h"
#include "tests/unit/calendars/support.h"
#include "tests/unit/calendars/workbook/book_maker.h"
#include "tests/unit/calendars/workbook/book_show.h"

/* Cells as only few programs write them, and what stands around them in the parts of a workbook. What is not
 * understood is refused or marked, and is never read as if it were not there. */

#define FORMAT(code)                                                                               \
	.styles = "<numFmts><numFmt numFmtId='170' formatCode='" code                              \
		  "'/></numFmts><cellXfs><xf/><xf numFmtId='170'/></cellXfs>"
#define D(at, style, value) "<c r='" at "' t='d' s='" style "'><v>" value "</v></c>"

/* Strict Open XML has dates as text. Their cell shows them by its format all the same. */
static void
dates_that_are_written_as_dates(void **state)
{
#define WRITTEN                                                                                    \
	.rows = ROW("1", D("A1", "0", "2026-12-01T21:00Z") D("B1", "0", "next week")               \
			     D("C1", "1", "2026-12-01"))
	static const struct book_case cases[] = {
	    {{FORMAT("dd/mm/yyyy"), WRITTEN}, "1: 2026-12-01 21:00|next week|2026-12-01"},
	    {{FORMAT("General"), WRITTEN}, "1: 2026-12-01 21:00|next week|2026-12-01"},
	    {{FORMAT("dd/mm/yyyy hh:mm"), WRITTEN}, "1: 2026-12-01 21:00|next week|2026-12-01"},
	    {{FORMAT("&quot;w/e &quot;dd/mm/yyyy"), WRITTEN},
		"1: 2026-12-01 21:00|next week|w/e 2026-12-01"},
	    {{FORMAT("mmmm yyyy"), WRITTEN}, "1: 2026-12-01 21:00|next week|December 2026"},
	    /* Of a date that shows its day alone nobody sees the month, as of a number. */
	    {{FORMAT("d"), WRITTEN}, "1: 2026-12-01 21:00|next week|1"},
	    {{FORMAT("yyyy"), WRITTEN}, "1: 2026-12-01 21:00|next week|2026"},
	    {{FORMAT(";;;"), WRITTEN}, "1: 2026-12-01 21:00|next week|2026-12-01[hidden]"},
	};

	(void)state;
	CHECK(cases);
}

static void
values_that_no_program_writes(void **state)
{
	static const struct {
		const char *cell, *shown;
	} cases[] = {
	    {"<c r='A1'><v>x</v></c>", BROKEN_SHEET "a number in it is none."},
	    {"<c r='A1'><v>5x</v></c>", BROKEN_SHEET "a number in it is none."},
	    {"<c r='A1'><v>1e999</v></c>", BROKEN_SHEET "a number in it is none."},
	    {"<c r='A1'><v>nan</v></c>", BROKEN_SHEET "a number in it is none."},
	    {"<c r='A1'><v>0.10000000000000000000000000000000000000</v></c>", "1: 0.1"},
	    {"<c r='A1'><v>0.100000000000000000000000000000000000000</v></c>",
		BROKEN_SHEET "a number in it is none."},
	    {"<c r='A1' t='s'><v>x</v></c>", BROKEN_SHEET "it names a text that is not there."},
	    {"<c r='A1' t='s'><v>-1</v></c>", BROKEN_SHEET "it names a text that is not there."},
	    {"<c r='A1' t='z'><v>1</v></c>", BROKEN_SHEET "it has a cell of an unknown kind."},
	    /* Its text where other programs have a value. */
	    {"<c r='A1' t='inlineStr'><v>J Jones</v></c>", "1: J Jones"},
	    {"<c r='A1' t='str'><v>J Jones</v></c>", "1: J Jones"},
	};

	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		book_check(&(struct book_case){{.rows = arena_printf(
						    arena, "<row r='1'>%s</row>", cases[i].cell)},
			       cases[i].shown},
		    1, NULL);
	arena_free(arena);
}

/* Escapes of what XML cannot hold. */
static void
escapes(void **state)
{
	static const struct book_case cases[] = {
	    {{.rows = ROW("1", T("A1", "a_x000A_b") T("B1", "a_x0009_b") T("C1", "a_x007E_b"))},
		"1: a\nb|a b|a~b"},
	    /* None: another letter, a digit that is none, no end, no room for one, a character beyond ASCII. */
	    {{.rows = ROW("1", T("A1", "_y0041_") T("B1", "_x00g1_") T("C1", "_x0041-")
				   T("D1", "a_x004") T("E1", "_x007F_") T("F1", "_x0000_"))},
		"1: _y0041_|_x00g1_|_x0041-|a_x004|_x007F_|_x0000_"},
	};

	(void)state;
	CHECK(cases);
}

static void
texts_that_their_format_hides(void **state)
{
	static const struct book_case cases[] = {
	    {{.rows = ROW("1", "<c r='A1' s='6' t='inlineStr'><is><t>x</t></is></c>" T("B1", "y"))},
		"1: x[hidden]|y"},
	    /* There is nothing to hide in a cell without a text. */
	    {{.styles =
		     "<fonts><font><color rgb='FFFFFFFF'/></font></fonts><cellXfs><xf/></cellXfs>",
		 .rows = ROW("1", "<c r='A1' s='0'/><c r='B1' s='0'><v>5</v></c>")},
		"1: |5[hidden]"},
	};

	(void)state;
	CHECK(cases);
}

/* White letters on white are hidden. */
static void
spellings_of_white(void **state)
{
	static const struct {
		const char *colour;
		bool white;
	} cases[] = {
	    {"rgb='FFFFFFFF'", true},
	    {"rgb='00FFFFFF'", true},
	    {"rgb='FFFFFFFE'", false},
	    {"rgb='FF000000' theme='0'", false},
	    {"theme='0'", true},
	    {"theme='0' tint='0'", true},
	    {"theme='0' tint='-0.15'", false},
	    {"theme='1'", false},
	    {"indexed='1'", true},
	    {"indexed='9'", true},
	    {"indexed='65'", true},
	    {"indexed='64'", false},
	    {"auto='1'", false},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		book_check(
		    &(struct book_case){
			{.styles = arena_printf(arena,
			     "<fonts><font><color %s/></font></fonts><cellXfs><xf/></cellXfs>",
			     cases[i].colour),
			    .rows = ROW("1", N("A1", "0", "5"))},
			cases[i].white ? "1: 5[hidden]" : "1: 5"},
		    1, NULL);
	arena_free(arena);
}

static void
styles_as_few_programs_write_them(void **state)
{
#define YELLOW                                                                                     \
	"<fill><patternFill patternType='solid'><fgColor rgb='FFFFFF00'/></patternFill></fill>"
#define STYLED(at, style) "<c r='" at "' s='" style "' t='inlineStr'><is><t>x</t></is></c>"
	static const struct book_case cases[] = {
	    /* One colour twice is one colour. */
	    {{.styles = "<fills><fill/>" YELLOW YELLOW "</fills>"
			"<cellXfs><xf/><xf fillId='1'/><xf fillId='2'/></cellXfs>",
		 .rows = ROW("1", STYLED("A1", "1")) ROW("2", STYLED("A2", "2"))
		     ROW("3", STYLED("A3", "0"))},
		"1: x\n2: x\n3: x[filled]"},
	    /* A number format without a code is none, and neither strikes a rule that is none. */
	    {{.styles = "<numFmts><numFmt numFmtId='170'/></numFmts>"
			"<cellXfs><xf numFmtId='170'/></cellXfs><dxfs><strike/></dxfs>",
		 .rows = ROW("1", N("A1", "0", "46357")),
		 .after =
		     "<conditionalFormatting sqref='A1'><cfRule dxfId='0'/></conditionalFormatting>"},
		"1: 46357"},
	    {{.styles = "<fonts><strike/><font><strike val='on'/></font></fonts>"
			"<cellXfs><xf fontId='0'/></cellXfs>",
		 .rows = ROW("1", STYLED("A1", "0"))},
		"1: x[struck]"},
	    /* The colour of a pattern that is none is not shown. */
	    {{.styles = "<fills><fill/><fill><patternFill patternType='none'>"
			"<fgColor rgb='FFFFFF00'/></patternFill></fill></fills>"
			"<cellXfs><xf/><xf fillId='1'/></cellXfs>",
		 .rows = ROW("1", STYLED("A1", "0")) ROW("2", STYLED("A2", "1"))
		     ROW("3", STYLED("A3", "0"))},
		"1: x\n2: x\n3: x"},
	    /* What is after the styles of cells is none of them. */
	    {{.styles = "<fonts><font/><font><strike/></font></fonts><cellXfs><xf/></cellXfs>"
			"<cellStyleXfs><xf fontId='1'/></cellStyleXfs>",
		 .rows = ROW("1", STYLED("A1", "0") STYLED("B1", "1"))},
		"1: x|x"},
	    /* A text that the parser gives in pieces is one. */
	    {{.rows = ROW("1", "<c r='A1' t='inlineStr'><is><r><t>x </t></r>"
			       "<r><rPr><strike/></rPr><t>J &amp; J</t></r></is></c>")},
		"1: x ~~J & J~~[part]"},
	};

	(void)state;
	CHECK(cases);
}

/* Which attributes are an element's own: those of other programs have another namespace. */
static void
attributes_of_other_namespaces(void **state)
{
#define FOREIGN(space)                                                                             \
	"<sheets><sheet xmlns:x='" space "' x:state='hidden' name='Rota' r:id='s1'/></sheets>"
	static const struct book_case cases[] = {
	    {{.workbook = FOREIGN("urn:x"), .rows = ROW("1", T("A1", "a"))}, "1: a"},
	    {{.workbook = FOREIGN("urn:a-name-that-is-as-long-as-those-of-office-programs"),
		 .rows = ROW("1", T("A1", "a"))},
		"1: a"},
	    {{.workbook = "<sheets><sheet r:id='s1'/></sheets>", .rows = ROW("1", T("A1", "a"))},
		"1: a"},
	};

	(void)state;
	CHECK(cases);
}

#define MERGED(range) "<mergeCells><mergeCell ref='" range "'/></mergeCells>"

static void
merged_cells_and_what_is_beside_them(void **state)
{
	static const struct book_case cases[] = {
	    /* A cell without a text beside it makes it no cell of a table; one with a text does, on either side. */
	    {{.rows = ROW("1", "<c r='A1'/>" T("B1", "DRAFT") "<c r='D1'/>") ROW("2", T("D2", "d")),
		 .after = MERGED("B1:C1")},
		"1: |DRAFT||\n2: |||d"},
	    {{.rows = ROW("1", T("B1", "N") T("D1", "d")), .after = MERGED("B1:C1")}, "1: |N|N|d"},
	    {{.rows = ROW("1", T("A1", "a") T("B1", "N")) ROW("2", T("C2", "c")),
		 .after = MERGED("B1:C1")},
		"1: a|N|N\n2: ||c"},
	    /* The first row of the range is not in the file, or ends before the range: it shows nothing. */
	    {{.rows = ROW("2", T("A2", "old") T("B2", "b")), .after = MERGED("A1:A3")}, "2: |b"},
	    {{.rows = ROW("1", T("A1", "a")) ROW("2", T("A2", "b") T("B2", "old")),
		 .after = MERGED("B1:B2")},
		"1: a\n2: b"},
	    {{.rows = ROW("1", "<c r='A1'/>") ROW("2", T("C2", "c")), .after = MERGED("B1:C1")},
		"2: ||c"},
	    /* Below all rows, and to the right of all columns that are read. */
	    {{.rows = ROW("1", T("A1", "a")), .after = MERGED("A5:B9")}, "1: a"},
	    {{.rows = ROW("1", T("A1", "a")), .after = MERGED("SS1:ST1")}, "1: a"},
	    /* Cells between the row's last one and the range look as their row, or their column. */
	    {{.rows = ROW("1", T("A1", "a") T("B1", "b")
				   T("C1", "N")) "<row r='2' s='4' customFormat='1'>" T("A2",
		  "a") "</row>" ROW("3", T("A3", "a") T("B3", "b")),
		 .after = MERGED("C1:D2")},
		"1: a|b|N|N\n2: a|[filled]|N|N\n3: a|b||"},
	    {{.before = "<cols><col min='2' max='2' style='4'/></cols>",
		 .rows = ROW("1", T("A1", "a") STYLED("B1", "4") T("C1", "N"))
		     ROW("2", T("A2", "a")) ROW("3", T("A3", "a") STYLED("B3", "4")),
		 .after = MERGED("C1:D2")},
		"1: a|x|N|N\n2: a||N|N\n3: a|x||"},
	    {{.rows = ROW("1", T("A1", "a") T("B1", "b")),
		 .after = "<mergeCells><mergeCell/></mergeCells>"},
		BROKEN_SHEET "its merged cells cannot be found."},
	};

	(void)state;
	CHECK(cases);
}

static void
rules_and_what_they_are_about(void **state)
{
#define STRIKES .styles = "<dxfs><dxf><font><strike/></font></dxf></dxfs>"
#define RULE(attribute)                                                                            \
	"<conditionalFormatting" attribute "><cfRule dxfId='0'/></conditionalFormatting>"
	static const struct book_case cases[] = {
	    {{STRIKES, .rows = ROW("1", T("A1", "a") T("B1", "b")), .after = RULE(" sqref='A1'")},
		"1: a[part]|b"},
	    {{STRIKES, .rows = ROW("1", T("A1", "a") T("B1", "b")),
		 .after = RULE(" sqref='B1:D9'")},
		"1: a|b[part]"},
	    {{STRIKES, .rows = ROW("1", T("A1", "a") T("B1", "b")),
		 .after = RULE(" sqref='A1  B1'")},
		"1: a[part]|b[part]"},
	    /* About no cell: without its ranges, and outside of what has them. */
	    {{STRIKES, .rows = ROW("1", T("A1", "a")), .after = RULE("")}, "1: a"},
	    {{STRIKES, .rows = ROW("1", T("A1", "a")), .after = "<cfRule dxfId='0'/>"}, "1: a"},
	};

	(void)state;
	CHECK(cases);
}

/* Excel writes a rule that looks at another sheet into an extension, with its style in it and its ranges after it. */
static void
rules_that_look_at_other_sheets(void **state)
{
#define EXTENSION(rules)                                                                           \
	"<extLst xmlns:n='http://schemas.microsoft.com/office/spreadsheetml/2009/9/main' "         \
	"xmlns:m='http://schemas.microsoft.com/office/excel/2006/main'><ext uri='{78C0D931}'>"     \
	"<n:conditionalFormattings>" rules "</n:conditionalFormattings></ext></extLst>"
#define STYLED_BY(font)                                                                            \
	"<n:cfRule type='expression'><m:f>Key!A1=1</m:f><n:dxf><font>" font                        \
	"</font></n:dxf></n:cfRule>"
#define ABOUT(rules, ranges)                                                                       \
	"<n:conditionalFormatting>" rules "<m:sqref>" ranges "</m:sqref></n:conditionalFormatting>"
#define BOTH .rows = ROW("1", T("A1", "a") T("B1", "b"))
	static const struct book_case cases[] = {
	    {{BOTH, .after = EXTENSION(ABOUT(STYLED_BY("<strike/>"), "B1:B9"))}, "1: a|b[part]"},
	    {{BOTH, .after = EXTENSION(
			ABOUT(STYLED_BY("<b/><strike val='1'/>") STYLED_BY("<b/>"), "A1 B1"))},
		"1: a[part]|b[part]"},
	    /* What strikes out nothing, also after what does. */
	    {{BOTH, .after = EXTENSION(ABOUT(STYLED_BY("<strike val='0'/>"), "B1"))}, "1: a|b"},
	    {{BOTH, .after = EXTENSION(
			ABOUT(STYLED_BY("<strike/>"), "A1") ABOUT(STYLED_BY("<b/>"), "B1"))},
		"1: a[part]|b"},
	    {{BOTH, .after = EXTENSION(ABOUT(STYLED_BY("<strike/>"), ""))}, "1: a|b"},
	    {{BOTH, .after = EXTENSION(ABOUT(STYLED_BY("<strike/>"), "here"))},
		BROKEN_SHEET "the cells of a rule cannot be found."},
	};

	(void)state;
	CHECK(cases);
}

static void
columns_that_are_hidden(void **state)
{
	static const struct book_case cases[] = {
	    {{.before = "<cols><col min='1' max='16384' hidden='1'/></cols>",
		 .rows = ROW("1", T("A1", "a") T("B1", "b"))},
		"1: a[hidden]|b[hidden]"},
	    {{.before = "<cols><col max='2' hidden='1'/><col min='2' max='1' hidden='1'/></cols>",
		 .rows = ROW("1", T("A1", "a") T("B1", "b"))},
		"1: a|b"},
	};

	(void)state;
	CHECK(cases);
}

static void
where_comments_stand(void **state)
{
#define ROWS ROW("1", T("A1", "a") T("B1", "b")) ROW("3", T("A3", "c"))
#define BROKEN_COMMENT                                                                             \
	"refused: The workbook cannot be read: xl/comments1.xml: the cell of a comment cannot be found."
	static const struct book_case cases[] = {
	    {{.rows = ROWS,
		 .comments = "<comment ref='A3'/><comment ref='A2'/><comment ref='A9'/>"},
		"1: a|b\n3: c[noted]|"},
	    /* Some programs name all cells of a merged one. */
	    {{.rows = ROWS, .comments = "<comment ref='A1:A2'/>"}, "1: a[noted]|b\n3: c|"},
	    {{.rows = ROWS, .comments = "<comment/>"}, BROKEN_COMMENT},
	    {{.rows = ROWS, .comments = "<comment ref='here'/>"}, BROKEN_COMMENT},
	    {{.rows = ROWS, .threads = "<threadedComment id='{1}'/>"},
		"refused: The workbook cannot be read: xl/threads1.xml: the cell of a comment cannot be found."},
	};

	(void)state;
	CHECK(cases);
}

/* Dates of days up to the 12th beside texts of later days: day and month may have changed places. */
static void
dates_that_may_be_swapped(void **state)
{
	static const struct book_case cases[] = {
	    {{.rows = ROW("1", N("A1", "1", "46357")) ROW("2", T("A2", "13/12/2026"))
		     ROW("3", T("A3", "on call")) ROW("4", T("B4", "x"))},
		"1: 2026-12-01[swapped]|\n2: 13/12/2026|\n3: on call|\n4: |x"},
	    {{.rows = ROW("1", N("B1", "1", "46357")) ROW("2", T("B2", "13/12/2026"))
		     ROW("3", T("A3", "x"))},
		"1: |2026-12-01[swapped]\n2: |13/12/2026\n3: x|"},
	    /* A month that there is not, another mark, no number, one that is a day in either order. */
	    {{.rows = ROW("1", N("A1", "1", "46357")) ROW("2", T("A2", "13/13/2026"))
		     ROW("3", T("A3", "13:12")) ROW("4", T("A4", "13/x"))
			 ROW("5", T("A5", "12/12/2026")) ROW("6", T("A6", "13/12"))},
		"1: 2026-12-01\n2: 13/13/2026\n3: 13:12\n4: 13/x\n5: 12/12/2026\n6: 13/12"},
	    {{.rows = ROW("1", N("A1", "1", "46357")) ROW("2", T("A2", "13.12.26"))},
		"1: 2026-12-01[swapped]\n2: 13.12.26"},
	    /* A later day says that the program took the day for the day. */
	    {{.rows = ROW("1", N("A1", "1", "46357")) ROW("2", T("A2", "13/12/2026"))
		     ROW("3", N("A3", "1", "46369"))},
		"1: 2026-12-01\n2: 13/12/2026\n3: 2026-12-13"},
	};

	(void)state;
	CHECK(cases);
}

/* Beyond the columns that are read. */
static void
cells_beyond_all_columns(void **state)
{
	static const struct {
		const char *cell;
		uint32_t cells;
	} cases[] = {
	    {"<c r='SS1'><v>1</v></c>", 513},
	    {"<c r='SS1'><f>A9</f></c>", 513},
	    {"<c r='SS1'/>", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct buf bytes = book_make(
		    &(struct book_want){.rows = arena_printf(arena, "<row r='1'>%s%s</row>",
					    T("A1", "a"), cases[i].cell)});
		const struct reading_options options = support_roster_options();
		struct faults faults = {.arena = arena};
		struct sheet sheet;

		assert_true(workbook_read(
		    &sheet, &options, (struct slice){bytes.at, bytes.len}, arena, &faults));
		assert_int_equal(sheet.rows.count, 1);
		assert_int_equal(sheet.rows.items[0].ncells, cases[i].cells);
		buf_free(&bytes);
		arena_free(arena);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates_that_are_written_as_dates),
	    cmocka_unit_test(values_that_no_program_writes),
	    cmocka_unit_test(escapes),
	    cmocka_unit_test(texts_that_their_format_hides),
	    cmocka_unit_test(spellings_of_white),
	    cmocka_unit_test(styles_as_few_programs_write_them),
	    cmocka_unit_test(attributes_of_other_namespaces),
	    cmocka_unit_test(merged_cells_and_what_is_beside_them),
	    cmocka_unit_test(rules_and_what_they_are_about),
	    cmocka_unit_test(rules_that_look_at_other_sheets),
	    cmocka_unit_test(columns_that_are_hidden),
	    cmocka_unit_test(where_comments_stand),
	    cmocka_unit_test(dates_that_may_be_swapped),
	    cmocka_unit_test(cells_beyond_all_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
