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

/* A sheet as a table of cells: what each kind of cell is read as, and what marks it has. */

static void
kinds_of_cells(void **state)
{
	static const struct book_case wants[] = {
	    {{.rows = ROW("1", T("A1", " Name ") T("B1", "Date"))
		     ROW("3", T("A3", "J &amp; J") N("B3", "1", "46357"))},
		"1: Name|Date\n3: J & J|2026-12-01"},
	    {{.rows = ROW("1", N("A1", "0", "46357") N("B1", "2", "0.875") N("C1", "5", "46357.875")
				   N("D1", "0", "1.5E3"))},
		"1: 46357|21:00|2026-12-01 21:00|1500"},
	    {{.rows = ROW("1",
		  "<c r='A1' t='b'><v>1</v></c><c r='B1' t='b'><v>0</v></c><c r='C1' t='e'><v>#REF!</v></c>"
		  "<c r='D1' t='d'><v>2026-12-01T21:00:00</v></c><c r='E1' t='d'><v>2026-12-01T00:00:00Z</v></c>"
		  "<c r='F1' t='d'><v>2026-12-01</v></c><c r='G1' t='d'><v>2026-12-01T21:00:30.000</v></c>")},
		"1: TRUE|FALSE|#REF![novalue]|2026-12-01 21:00|2026-12-01|2026-12-01|2026-12-01 21:00:30"},
	    /* No numbers of cells and rows: one after the other. Rows without a text are none. */
	    {{.rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c s='4'/></row>"
		      "<row><c><v>3</v></c></row>"},
		"1: 1|2\n4: 3|"},
	    /* All rows are as wide as the widest one with a text. */
	    {{.rows = ROW("1", T("B1", "b") "<c r='F1' s='0'/>") ROW("2", T("D2", "d"))},
		"1: |b||\n2: |||d"},
	    {{.rows = ROW("1", T("A1", "a_x000D_\nb_x0041__x005F_x0041_ _xD83D_"))},
		"1: a \nbA_x0041_ _xD83D_"},
	    /* Elements of other programs are passed over, whatever their names. */
	    {{.rows = "<row r='1'><x:c xmlns:x='urn:x' r='A1'><x:v>9</x:v></x:c>" T(
		  "A1", "a") "</row>"},
		"1: a"},
	};

	(void)state;
	CHECK(wants);
}

static void
shared_and_rich_texts(void **state)
{
	static const char texts[] =
	    "<si><t>plain</t></si>"
	    "<si><r><t>J </t></r><r><rPr><b/></rPr><t>Jones</t></r></si>"
	    "<si><r><rPr><strike/></rPr><t>J Jones</t></r><r><rPr><b/></rPr><t xml:space='preserve'> S Ahmed</t></r></si>"
	    "<si><r><rPr><strike val='1'/></rPr><t>J </t></r><r><rPr><strike val='true'/><b/></rPr><t>Jones</t></r></si>"
	    "<si><r><rPr><strike val='0'/></rPr><t>J Jones</t></r></si>"
	    "<si><r><t>J Jones</t></r><r><rPr><b/></rPr><t xml:space='preserve'> on</t></r></si>"
	    "<si><t>J Jones</t><rPh sb='0' eb='1'><t>spoken</t></rPh></si>"
	    "<si/>";
#define S(at, style, number) "<c r='" at "' t='s' s='" style "'><v>" number "</v></c>"
	static const struct book_case wants[] = {
	    {{.texts = texts,
		 .rows = ROW("1",
		     S("A1", "0", "0") S("B1", "0", "1") S("C1", "0", "2") S("D1", "0", "3")
			 S("E1", "0", "4") S("F1", "0", "6") S("G1", "0", "7") S("H1", "0", "0"))},
		"1: plain|J Jones|~~J Jones~~ S Ahmed[part]|J Jones[struck]|J Jones|J Jones||plain"},
	    /* In a cell whose font is struck out: what says nothing of itself is struck out. */
	    {{.texts = texts,
		 .rows = ROW("1", S("A1", "3", "0") S("B1", "3", "1") S("C1", "3", "2") S("D1", "3",
				      "4") S("E1", "3", "5") S("F1", "3", "7") S("G1", "3", "0"))},
		"1: plain[struck]|~~J ~~Jones[part]|~~J Jones~~ S Ahmed[part]|J Jones|~~J Jones~~ on[part]||plain[struck]"},
	    {{.rows = ROW("1", N("A1", "3", "12") T("B1",
				   "x") "<c r='C1' s='3' t='inlineStr'><is><t>y</t></is></c>")},
		"1: 12[struck]|x|y[struck]"},
	    {{.texts = texts, .rows = ROW("1", S("A1", "0", "8"))},
		"refused: The workbook cannot be read: xl/worksheets/sheet1.xml: it names a text that is not there."},
	};

	(void)state;
	CHECK(wants);
}

static void
formulas(void **state)
{
	static const struct book_case wants[] = {
	    {{.rows = ROW("1",
		  "<c r='A1'><f>1+1</f><v>2</v></c><c r='B1' t='str'><f>A1</f><v>J Jones</v></c>"
		  "<c r='C1' t='str'><f>A1</f><v></v></c><c r='D1'><f>A1</f></c><c r='E1'><f>A1</f><v/></c>"
		  "<c r='F1' t='str'><f>A1</f></c><c r='G1' t='e'><f>1/0</f><v>#DIV/0!</v></c>"
		  "<c r='H1'><v>5</v></c>")},
		"1: 2|J Jones||[novalue]|[novalue]|[novalue]|#DIV/0![novalue]|5"},
	    /* A program that cannot calculate writes 0, and asks Excel to. */
	    {{.workbook =
		     "<sheets><sheet name='Rota' r:id='s1'/></sheets><calcPr fullCalcOnLoad='1'/>",
		 .rows = ROW("1", "<c r='A1'><f>1+1</f><v>0</v></c><c r='B1'><v>5</v></c>")},
		"1: [novalue]|5"},
	    /* A row of nothing but such formulas is there. */
	    {{.rows = ROW("1", T("A1", "a")) ROW("2", "<c r='B2'><f>A1</f></c>")},
		"1: a|\n2: |[novalue]"},
	};

	(void)state;
	CHECK(wants);
}

static void
dates_since_1904(void **state)
{
	static const struct book_case wants[] = {
	    {{.workbook =
		     "<workbookPr date1904='1'/><sheets><sheet name='Rota' r:id='s1'/></sheets>",
		 .rows = ROW("1", N("A1", "1", "44895") N("B1", "5", "44895.5"))},
		"1: 2026-12-01|2026-12-01 12:00"},
	    {{.workbook =
		     "<workbookPr date1904='false'/><sheets><sheet name='Rota' r:id='s1'/></sheets>",
		 .rows = ROW("1", N("A1", "1", "46357"))},
		"1: 2026-12-01"},
	};

	(void)state;
	CHECK(wants);
}

static void
merged_cells(void **state)
{
#define MERGED(ranges) "<mergeCells>" ranges "</mergeCells>"
#define M(range) "<mergeCell ref='" range "'/>"
	static const struct book_case wants[] = {
	    /* Down: each row with a text of its own has it. */
	    {{.rows = ROW("1", T("A1", "J Jones") T("B1", "1")) ROW("2", T("B2", "2"))
		     ROW("3", T("B3", "3")),
		 .after = MERGED(M("A1:A2"))},
		"1: J Jones|1\n2: J Jones|2\n3: |3"},
	    {{.rows = ROW("1", T("A1", "J Jones") T("B1", "1")) ROW("2", "<c r='A2'/>"),
		 .after = MERGED(M("A1:A2"))},
		"1: J Jones|1"},
	    /* Across: each day of it. What stands under it is not shown, and is not read. */
	    {{.rows = ROW(
		  "2", T("A2", "J Jones") T("B2", "N") T("C2", "old") "<c r='D2'/>" T("E2", "LD")),
		 .after = MERGED(M("B2:D2"))},
		"2: J Jones|N|N|N|LD"},
	    {{.rows = ROW("2", T("A2", "J Jones") T("B2", "N")), .after = MERGED(M("B2:D2"))},
		"2: J Jones|N|N|N"},
	    /* A line over the table is one text. */
	    {{.rows = ROW("1", T("A1", "DRAFT") "<c r='B1'/>") ROW("3", T("A3", "a") T("B3", "b")),
		 .after = MERGED(M("A1:B2"))},
		"1: DRAFT|\n3: a|b"},
	    {{.rows = ROW("1", T("A1", "a")) ROW("2", T("A2", "b")), .after = MERGED(M("B1:C9"))},
		"1: a\n2: b"},
	    {{.rows = ROW("1", T("A1", "a")), .after = MERGED(M("A2:A1"))},
		"refused: The workbook cannot be read: xl/worksheets/sheet1.xml: its merged cells cannot be found."},
	};

	(void)state;
	CHECK(wants);
}

static void
what_is_hidden(void **state)
{
	static const struct book_case wants[] = {
	    {{.rows = ROW("1", T("A1", "a") T("B1", "b")) "<row r='2' hidden='1'>" T(
		  "A2", "c") "</row>"
			     "<row r='3' ht='0' customHeight='1'>" T("A3", "d") "</row>"},
		"1: a|b\n2: c[hidden]|\n3: d[hidden]|"},
	    {{.before = "<cols><col min='2' max='3' hidden='1'/><col min='4' max='4' width='0'/>"
			"<col min='5' max='16384' width='9'/></cols>",
		 .rows =
		     ROW("1", T("A1", "a") T("B1", "b") T("C1", "c") T("D1", "d") T("E1", "e"))},
		"1: a|b[hidden]|c[hidden]|d[hidden]|e"},
	    /* So thin that nobody sees what is in them. */
	    {{.before =
		     "<cols><col min='1' max='1' width='0.5'/><col min='2' max='2' width='0.1'/></cols>",
		 .rows = ROW("1", T("A1", "a") T("B1", "b")) "<row r='2' ht='2'>" T(
		     "A2", "c") "</row><row r='3' ht='1.5'>" T("A3", "d") "</row>"},
		"1: a|b[hidden]\n2: c|\n3: d[hidden]|"},
	    {{.before = "<sheetFormatPr zeroHeight='1'/>",
		 .rows = ROW("1", T("A1", "a")) "<row r='2' hidden='0'>" T("A2", "b") "</row>"},
		"1: a[hidden]\n2: b"},
	    {{.rows = ROW("1", N("A1", "6", "5") N("B1", "0", "5"))}, "1: 5[hidden]|5"},
	    /* White letters on white. */
	    {{.styles =
		     "<fonts><font><color theme='1'/></font><font><color theme='0'/></font><font><color rgb='FFFFFFFF'/></font></fonts>"
		     "<fills><fill/><fill><patternFill patternType='solid'><fgColor rgb='FF000080'/></patternFill></fill></fills>"
		     "<cellXfs><xf fontId='0'/><xf fontId='1'/><xf fontId='2'/><xf fontId='2' fillId='1'/></cellXfs>",
		 .rows = ROW("1", T("A1", "a") N("B1", "1", "5") N("C1", "2", "5"))},
		"1: a|5[hidden]|5[hidden]"},
	    {{.styles =
		     "<fonts><font><color rgb='FFFFFFFF'/></font></fonts>"
		     "<fills><fill><patternFill patternType='solid'><fgColor rgb='FF000080'/></patternFill></fill></fills>"
		     "<cellXfs><xf fontId='0' fillId='0'/></cellXfs>",
		 .rows = ROW("1", N("A1", "0", "5"))},
		"1: 5"},
	};

	(void)state;
	CHECK(wants);
}

static void
colours_that_others_lack(void **state)
{
#define C(at, style) "<c r='" at "' s='" style "' t='inlineStr'><is><t>x</t></is></c>"
	static const struct book_case wants[] = {
	    {{.rows = ROW("1", C("A1", "0")) ROW("2", C("A2", "4")) ROW("3", C("A3", "0"))},
		"1: x\n2: x[filled]\n3: x"},
	    /* White is none, and so is a cell that is not there. */
	    {{.rows = ROW("1", C("A1", "7")) ROW("2", C("A2", "0")) ROW("3", C("A3", "7"))},
		"1: x\n2: x\n3: x"},
	    {{.rows = ROW("1", C("A1", "0")) ROW("2", C("A2", "0"))
		     ROW("3", C("A3", "0") C("B3", "4"))},
		"1: x|\n2: x|\n3: x|x[filled]"},
	    /* A column of one colour but for a cell. */
	    {{.rows = ROW("1", C("A1", "4")) ROW("2", C("A2", "4")) ROW("3", C("A3", "0"))
		     ROW("4", C("A4", "8"))},
		"1: x\n2: x\n3: x[filled]\n4: x[filled]"},
	    /* As many of either: neither is the rule, unless it is no colour. */
	    {{.rows = ROW("1", C("A1", "4")) ROW("2", C("A2", "8"))}, "1: x[filled]\n2: x[filled]"},
	    {{.rows = ROW("1", C("A1", "4")) ROW("2", C("A2", "0"))}, "1: x[filled]\n2: x"},
	    /* Cells that are not there are coloured as their row or column. */
	    {{.before = "<cols><col min='2' max='2' style='4'/></cols>",
		 .rows = ROW("1", C("A1", "0")) ROW("2", C("A2", "0"))
		     ROW("3", C("A3", "0") C("B3", "4"))},
		"1: x|\n2: x|\n3: x|x"},
	    {{.rows = ROW("1", C("A1", "0")) "<row r='2' s='4' customFormat='1'>" C(
		  "A2", "4") "</row>" ROW("3", C("A3", "0") C("C3", "0")) ROW("4", C("A4", "0"))},
		"1: x||\n2: x[filled]||\n3: x||x\n4: x||"},
	};

	(void)state;
	CHECK(wants);
}

/* Which cells a rule strikes out only Excel knows; colours by rules are not looked at. */
static void
rules_that_strike_out(void **state)
{
#define RULES                                                                                      \
	"<dxfs><dxf><fill><patternFill><bgColor rgb='FFFF0000'/></patternFill></fill></dxf>"       \
	"<dxf><font><strike/></font></dxf><dxf><font><strike val='0'/></font></dxf></dxfs>"
#define RULE(cells, style)                                                                         \
	"<conditionalFormatting sqref='" cells "'><cfRule type='expression' dxfId='" style         \
	"'><formula>E1=1</formula></cfRule></conditionalFormatting>"
	static const struct book_case wants[] = {
	    {{.styles = RULES,
		 .rows = ROW("1", T("A1", "a") T("B1", "b")) ROW("2", T("A2", "c") T("B2", "d")),
		 .after = RULE("A1:XFD1048576", "0") RULE("A2 B1:B9", "1") RULE("A1", "2")
		     RULE("A1", "9")},
		"1: a|b[part]\n2: c[part]|d[part]"},
	    {{.styles = RULES, .rows = ROW("1", T("A1", "a")), .after = RULE("A0", "1")},
		"refused: The workbook cannot be read: xl/worksheets/sheet1.xml: the cells of a rule cannot be found."},
	};

	(void)state;
	CHECK(wants);
}

static void
comments(void **state)
{
	static const struct book_case wants[] = {
	    {{.rows = ROW("1", T("A1", "a") T("B1", "b")) ROW("2", T("A2", "c")),
		 .comments =
		     "<authors><author>me</author></authors><commentList><comment ref='B1'><text><t>sick</t></text></comment>"
		     "<comment ref='A9'/><comment ref='ZZ1'/></commentList>",
		 .threads =
		     "<threadedComment ref='A2' id='{1}'><text>swap?</text></threadedComment>"},
		"1: a|b[noted]\n2: c[noted]|"},
	    /* On a merged cell it is on all of it. */
	    {{.rows = ROW("1", T("A1", "a") T("B1", "b")) ROW("2", T("B2", "c")),
		 .comments = "<commentList><comment ref='A1'/></commentList>",
		 .after = MERGED(M("A1:A2"))},
		"1: a[noted]|b\n2: a[noted]|c"},
	};

	(void)state;
	CHECK(wants);
}

#define TWO "<sheet name='Rota' r:id='s1'/><sheet name='Key' r:id='s2'/>"

static void
which_sheet(void **state)
{
	static const struct book_case first[] = {
	    {{.workbook = "<sheets>" TWO "<sheet name='Chart' r:id='s3'/></sheets>",
		 .rows = ROW("1", T("A1", "first"))},
		"1: first\nwarning: Only the sheet \"Rota\" of the workbook was read, and not: \"Key\"."},
	    {{.workbook =
		     "<sheets><sheet name='Rota' state='hidden' r:id='s1'/><sheet name='Key' state='visible' r:id='s2'/></sheets>"},
		"1: second\nwarning: Only the sheet \"Key\" of the workbook was read, and not: \"Rota\"."},
	    {{.workbook =
		     "<sheets><sheet name='Rota' state='veryHidden' r:id='s1'/><sheet name='Chart' r:id='s3'/></sheets>"},
		"refused: The workbook has no visible sheet of cells; it has: \"Rota\"."},
	    {{.workbook = "<sheets><sheet name='Rota' r:id='s9'/></sheets>"},
		"refused: The workbook has no visible sheet of cells; it has: none."},
	};
	static const struct book_case named[] = {
	    {{.workbook = "<sheets>" TWO "</sheets>"},
		"1: second\nwarning: Only the sheet \"Key\" of the workbook was read, and not: \"Rota\"."},
	    {{.workbook =
		     "<sheets><sheet name='Rota' r:id='s1'/><sheet name=' KEY ' state='hidden' r:id='s2'/></sheets>"},
		"1: second\nwarning: Only the sheet \" KEY \" of the workbook was read, and not: \"Rota\"."},
	    {{.workbook = "<sheets><sheet name='Rota' r:id='s1'/></sheets>"},
		"refused: The workbook has no sheet \"Key\", which this rota is to be read from; it has: \"Rota\"."},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	CHECK(first);
	options.sheet = "Key";
	book_check(named, sizeof named / sizeof *named, &options);
}

/* "Strict Open XML", parts of any name, names with a prefix. */
static void
other_spellings(void **state)
{
	static const struct book_part strict[] = {
	    {"_rels/.rels",
		"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
		"<Relationship Id='a' Type='http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument' Target='/book/main.xml'/>"
		"</Relationships>",
		0},
	    {"book/main.xml",
		"<s:workbook xmlns:s='http://purl.oclc.org/ooxml/spreadsheetml/main' xmlns:o='http://purl.oclc.org/ooxml/officeDocument/relationships'>"
		"<s:sheets><s:sheet name='A' o:id='x'/></s:sheets></s:workbook>",
		0},
	    {"book/_rels/main.xml.rels",
		"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
		"<Relationship Id='x' Type='http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet' Target='./Sheets/../SHEETS/a.xml'/>"
		"</Relationships>",
		0},
	    {"book/sheets/A.xml",
		"<s:worksheet xmlns:s='http://purl.oclc.org/ooxml/spreadsheetml/main'><s:sheetData><s:row r='1'>"
		"<s:c r='A1' t='d'><s:v>2026-12-01</s:v></s:c></s:row></s:sheetData></s:worksheet>",
		0},
	    {NULL, NULL, 0},
	};
	struct arena *arena = arena_new(0);
	struct buf bytes = book_archive(strict);

	(void)state;
	assert_string_equal(
	    book_show(arena, (struct slice){bytes.at, bytes.len}, NULL), "1: 2026-12-01");
	buf_free(&bytes);
	arena_free(arena);
}

/* Rows of the other sheets, to look for keys in. Whatever is wrong with them, the sheet of the rota is read. */
static void
other_sheets(void **state)
{
#define HIDDEN_TOO                                                                                 \
	"<sheets><sheet name='Rota' r:id='s1'/><sheet name='Key' state='veryHidden' r:id='s2'/></sheets>"
#define KEY(rows)                                                                                   \
	(const struct book_part[])                                                                  \
	{                                                                                           \
		{"xl/worksheets/sheet2.xml",                                                        \
		    "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" \
		    "<sheetData>" rows "</sheetData></worksheet>",                                  \
		    0},                                                                             \
		    {NULL, NULL, 0},                                                                \
	}
	const struct book_case wants[] = {
	    {{.rows = ROW("1", T("A1", "KL"))}, ""},
	    {{.workbook = HIDDEN_TOO,
		 .rows = ROW("1", T("A1", "KL")),
		 .more = KEY("<row r='2' hidden='1'>" T("B2", "KL")
			 T("C2", "Karen Long") "<c r='D2' s='4'/>"
					       "</row>" ROW("3", "<c r='A3'/>"))},
		"2: |KL|Karen Long"},
	    /* Refused, each of them, if it were the sheet that is read. */
	    {{.workbook = HIDDEN_TOO,
		 .rows = ROW("1", T("A1", "KL")),
		 .more = KEY(ROW("2", T("A2", "a")) ROW("1", T("A1", "b")))},
		" cut"},
	    {{.workbook = HIDDEN_TOO, .rows = ROW("1", T("A1", "KL")), .more = KEY("<row")},
		" cut"},
	    {{.workbook =
		     "<sheets><sheet name='Rota' r:id='s1'/><sheet name='Key' r:id='s4'/></sheets>",
		 .rows = ROW("1", T("A1", "KL"))},
		""},
	    {{.workbook = HIDDEN_TOO,
		 .rows = ROW("1", T("A1", "KL")),
		 .more = (const struct book_part[]){{"xl/worksheets/sheet2.xml", "", 1},
		     {NULL, NULL, 0}}},
		" cut"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct arena *arena = arena_new(0);
		struct buf bytes = book_make(&wants[i].book);
		const char *got = book_show_others(arena, (struct slice){bytes.at, bytes.len});

		if (strcmp(got, wants[i].shown) != 0)
			fail_msg("%zu gives\n%s\nwants\n%s", i, got, wants[i].shown);
		buf_free(&bytes);
		arena_free(arena);
	}
}

/* Of one sheet after another until there are too many cells. */
static void
too_many_cells_in_other_sheets(void **state)
{
	struct arena *arena = arena_new(0);
	struct buf rows = {0}, bytes;
	struct book_part more[] = {{"xl/worksheets/sheet2.xml", NULL, 0}, {NULL, NULL, 0}};
	const struct reading_options options = support_roster_options();
	struct faults faults = {.arena = arena};
	struct sheet sheet;

	(void)state;
	buf_add_text(&rows, "<worksheet><sheetData>");
	/* 500 rows of 401 cells are 200,500. */
	for (int i = 1; i <= 500; i++)
		buf_printf(&rows, "<row r='%d'><c r='OK%d'><v>%d</v></c></row>", i, i, i);
	buf_add_text(&rows, "</sheetData></worksheet>");
	more[0].text = rows.at;
	bytes = book_make(&(struct book_want){
	    .workbook = HIDDEN_TOO, .rows = ROW("1", T("A1", "KL")), .more = more});
	assert_true(
	    workbook_read(&sheet, &options, (struct slice){bytes.at, bytes.len}, arena, &faults));
	assert_int_equal(sheet.rows.count, 1);
	assert_int_equal(sheet.others.rows.count, 498);
	assert_true(sheet.others.cut);
	buf_free(&bytes);
	buf_free(&rows);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds_of_cells),
	    cmocka_unit_test(shared_and_rich_texts),
	    cmocka_unit_test(formulas),
	    cmocka_unit_test(dates_since_1904),
	    cmocka_unit_test(merged_cells),
	    cmocka_unit_test(what_is_hidden),
	    cmocka_unit_test(colours_that_others_lack),
	    cmocka_unit_test(rules_that_strike_out),
	    cmocka_unit_test(comments),
	    cmocka_unit_test(which_sheet),
	    cmocka_unit_test(other_sheets),
	    cmocka_unit_test(too_many_cells_in_other_sheets),
	    cmocka_unit_test(other_spellings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
