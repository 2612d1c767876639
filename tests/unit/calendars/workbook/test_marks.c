/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"
#include "tests/unit/calendars/workbook/book_maker.h"

/* Rosters in workbooks, and what their rows count as by what cells show beside their texts. The cells of row 2
 * are what each case changes; row 3 and 4 are plain, and count. */

#define T(at, style, text) "<c r='" at "' s='" style "' t='inlineStr'><is><t>" text "</t></is></c>"
#define N(at, style, value) "<c r='" at "' s='" style "'><v>" value "</v></c>"
#define HEAD                                                                                       \
	"<row r='1'>" T("A1", "8", "Staff Name") T("B1", "8", "Date") T("C1", "8", "Start")        \
	    T("D1", "8", "End") T("E1", "8", "Notes") "</row>"
#define PLAIN(row, day)                                                                            \
	"<row r='" row "'>" T("A" row, "0", "Kay Lee") N("B" row, "1", day)                        \
	    N("C" row, "2", "0.375") N("D" row, "2", "0.875") "</row>"
/* 46024 is 2 January 2026. */
#define ROWS(cells) HEAD "<row r='2'>" cells "</row>" PLAIN("3", "46025") PLAIN("4", "46026")
#define TIMES N("B2", "1", "46024") N("C2", "2", "0.375") N("D2", "2", "0.875")
#define OTHERS ";0103T0900 named;0104T0900 named"

struct want {
	struct book_want book;
	const char *classes, *finding;
};

static void
check_with(const struct want *wants, size_t count, const struct reading_options *options)
{
	const struct reading_tools tools = {support_zones()};

	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct buf bytes = book_make(&wants[i].book);
		struct reading reading;
		const char *got;

		reading_make(&tools, options, (struct slice){bytes.at, bytes.len}, arena, &reading);
		got = reading.refused ? "refused" : support_classes(arena, &reading);
		if (strcmp(got, wants[i].classes) != 0)
			fail_msg("%zu gives %s (finding: %s)\nwants %s", i, got,
			    reading.nfindings > 0 ? reading.findings[0].text : "none",
			    wants[i].classes);
		if (wants[i].finding != NULL ? !support_finding(&reading, NULL, wants[i].finding)
					     : reading.nfindings > 0)
			fail_msg("%zu wants the finding %s, has %s", i, wants[i].finding,
			    reading.nfindings > 0 ? reading.findings[0].text : "none");
		buf_free(&bytes);
		arena_free(arena);
	}
}

static void
check(const struct want *wants, size_t count)
{
	struct reading_options options = support_roster_options();

	check_with(wants, count, &options);
}
#define CHECK(wants) check(wants, sizeof(wants) / sizeof *(wants))

static void
what_is_struck_out_is_off_duty(void **state)
{
	static const struct want wants[] = {
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES)}, "0102T0900 named" OTHERS, NULL},
	    {{.rows = ROWS(T("A2", "3", "J Jones") TIMES)}, "0102T0900 nobody" OTHERS,
		"under \"Staff Name\" is struck out"},
	    /* The date alone, or a note: what that says of the name is not known. */
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES T("E2", "3", "on call"))},
		"0102T0900 tentative" OTHERS, "under \"Notes\" is struck out"},
	    /* "Vacant" struck out is not known to be vacant. */
	    {{.rows = ROWS(T("A2", "3", "Vacant") TIMES)}, "0102T0900 undecided" OTHERS,
		"under \"Staff Name\" is struck out"},
	    /* The note may name who comes instead. */
	    {{.rows = ROWS(T("A2", "3", "J Jones") TIMES T("E2", "0", "S Ahmed covering"))},
		"0102T0900 tentative" OTHERS, "column \"Notes\" casts doubt"},
	};

	(void)state;
	CHECK(wants);
}

static void
what_is_struck_out_in_part_is_read_so(void **state)
{
#define RICH(at, struck, plain)                                                                    \
	"<c r='" at "' t='inlineStr'><is><r><rPr><strike/></rPr><t>" struck                        \
	"</t></r><r><rPr/><t>" plain "</t></r></is></c>"
	static const struct want wants[] = {
	    {{.rows = ROWS(RICH("A2", "J Jones", " S Ahmed") TIMES)}, "0102T0900 tentative" OTHERS,
		"under \"Staff Name\" is struck out in part"},
	    /* A stroke that has slipped: through blanks, or a dot. */
	    {{.rows = ROWS(RICH("A2", "  ", "J Jones") TIMES)}, "0102T0900 tentative" OTHERS,
		"struck out in part"},
	    {{.rows = ROWS(RICH("A2", ".", "J Jones") TIMES)}, "0102T0900 tentative" OTHERS,
		"struck out in part"},
	    {{.rows = ROWS(RICH("A2", "J Jones", "  ") TIMES)}, "0102T0900 nobody" OTHERS,
		"is struck out"},
	    {{.rows = ROWS(T("A2", "0", "J Jones \xcc\xb6") TIMES)}, "0102T0900 tentative" OTHERS,
		"struck out in part"},
	    {{.rows = ROWS(T("A2", "0", "J\xcc\xb7 Jones") TIMES)}, "0102T0900 tentative" OTHERS,
		"struck out in part"},
	    {{.rows = ROWS(RICH("A2", "J Jones", " TBC") TIMES)}, "0102T0900 undecided" OTHERS,
		"struck out in part"},
	    {{.styles = "<dxfs><dxf><font><strike/></font></dxf></dxfs>",
		 .rows = "<row r='1'>" T("A1", "0", "Name") T("B1", "0", "Date")
		     T("C1", "0", "Start") T("D1", "0", "End") "</row><row r='2'>" T(
			 "A2", "0", "J Jones") T("B2", "0", "02/01/2026") T("C2", "0", "09:00")
			 T("D2", "0", "17:00") "</row>",
		 .after =
		     "<conditionalFormatting sqref='A2'><cfRule dxfId='0'/></conditionalFormatting>"},
		"0102T0900 tentative", "or by a rule"},
	    {{.rows = ROWS(RICH("A2", "Jones", ", J") TIMES)}, "0102T0900 undecided" OTHERS,
		"struck out in part"},
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES RICH("E2", "on", " call"))},
		"0102T0900 tentative" OTHERS, "column \"Notes\" casts doubt"},
	};

	(void)state;
	CHECK(wants);
}

static const struct want marked[] = {
    {{.rows = ROWS(T("A2", "4", "J Jones") TIMES)}, "0102T0900 tentative" OTHERS,
	"has a colour that others of its column lack"},
    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES), .comments = "<comment ref='C2'/>"},
	"0102T0900 tentative" OTHERS, "under \"Start\" has a comment"},
    {{.rows = HEAD "<row r='2' hidden='1'>" T("A2", "0", "J Jones") TIMES
	 "</row>" PLAIN("3", "46025") PLAIN("4", "46026")},
	"0102T0900 tentative" OTHERS, "is hidden"},
};

static void
colours_comments_and_hidden_rows_are_undecided(void **state)
{
	static const struct want more[] = {
	    /* An empty cell says nothing by its colour; a hidden column does, in each row. */
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES "<c r='E2' s='4'/>")},
		"0102T0900 named" OTHERS, NULL},
	    /* Who is away is not known to be there. */
	    {{.rows = ROWS(T("A2", "4", "J Jones") TIMES T("E2", "0", "sick"))},
		"0102T0900 absence" OTHERS, NULL},
	    {{.before = "<cols><col min='5' max='5' hidden='1'/></cols>",
		 .rows = ROWS(T("A2", "0", "J Jones") TIMES T("E2", "0", "on call"))},
		"0102T0900 tentative" OTHERS, "under \"Notes\" is hidden"},
	};

	(void)state;
	CHECK(marked);
	CHECK(more);
}

static void
until_the_manager_says_what_they_mean(void **state)
{
	struct reading_options options = support_roster_options();
	enum reading_mark_means *const means[] = {
	    &options.marks.fill, &options.marks.comment, &options.marks.hidden};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct want want = marked[i];

		*means[i] = READING_MARK_OFF;
		want.classes = "0102T0900 nobody" OTHERS;
		check_with(&want, 1, &options);
		*means[i] = READING_MARK_NOTHING;
		want.classes = "0102T0900 named" OTHERS;
		want.finding = NULL;
		check_with(&want, 1, &options);
		*means[i] = READING_MARK_UNDECIDED;
		check_with(&marked[i], 1, &options);
	}
}

static void
formulas_without_a_value_are_undecided(void **state)
{
	static const struct want wants[] = {
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES "<c r='E2'><f>A9</f></c>")},
		"0102T0900 tentative" OTHERS, "under \"Notes\" is a formula without a value"},
	    {{.rows = ROWS("<c r='A2'><f>A9</f></c>" TIMES)}, "0102T0900 undecided" OTHERS,
		"under \"Staff Name\""},
	    /* More columns than are read: what the last one says is not known. */
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES T("SS2", "0", "cancelled"))},
		"0103T0900 named;0104T0900 named", "513 fields"},
	    {{.rows = ROWS(T("SS2", "0", "J Jones"))}, "0103T0900 named;0104T0900 named",
		"513 fields"},
	    /* A row of formulas alone is there, and cannot be read. */
	    {{.rows = ROWS("<c r='A2'><f>A9</f></c><c r='B2'><f>A9</f></c>")},
		"0103T0900 named;0104T0900 named", "date"},
	    {{.rows = ROWS("<c r='A2' t='e'><v>#N/A</v></c>" TIMES)}, "0102T0900 undecided" OTHERS,
		"or an error"},
	};

	(void)state;
	CHECK(wants);
}

/* Numbers that no format makes a date: days since 1900 where the whole column is so, but not in a workbook that
 * counts from 1904. */
static void
numbers_without_a_format_are_days_since_1900(void **state)
{
#define ROW(row, day)                                                                              \
	"<row r='" row "'>" T("A" row, "0", "J Jones") N("B" row, "0", day)                        \
	    N("C" row, "2", "0.375") N("D" row, "2", "0.875") "</row>"
#define SINCE(flag)                                                                                \
	"<workbookPr date1904='" flag "'/><sheets><sheet name='Rota' r:id='s1'/></sheets>"
	static const struct want wants[] = {
	    {{.workbook = SINCE("0"), .rows = HEAD ROW("2", "46024") ROW("3", "46025")},
		"0102T0900 named;0103T0900 named", NULL},
	    {{.workbook = SINCE("1"), .rows = HEAD ROW("2", "46024") ROW("3", "46025")}, "",
		"The date \"46024\""},
	};

	(void)state;
	CHECK(wants);
}

/* As where a file of dd/mm/yyyy was opened by a program that expects mm/dd/yyyy: 46024 is 2 January. */
static void
dates_beside_texts_may_be_swapped(void **state)
{
#define ON(row, date)                                                                              \
	"<row r='" row "'>" T("A" row, "0", "J Jones") date N("C" row, "2", "0.375")               \
	    N("D" row, "2", "0.875") "</row>"
	static const struct want wants[] = {
	    {{.rows = HEAD ON("2", N("B2", "1", "46024")) ON("3", T("B3", "0", "13/01/2026"))},
		"0102T0900 tentative;0113T0900 named", "day and month may have changed places"},
	    /* A later day, or a text that is in no such form, says nothing against them. */
	    {{.rows = HEAD ON("2", N("B2", "1", "46024")) ON("3", T("B3", "0", "13/01/2026"))
		     ON("4", N("B4", "1", "46038"))},
		"0102T0900 named;0113T0900 named;0116T0900 named", NULL},
	    {{.rows = HEAD ON("2", N("B2", "1", "46024")) ON("3", T("B3", "0", "13 Jan 2026"))},
		"0102T0900 named;0113T0900 named", NULL},
	};

	(void)state;
	CHECK(wants);
}

/* Numbers that are no times or dates of a workbook, and formats with words. */
static void
numbers_that_are_no_times(void **state)
{
#define PLACED(start, end) T("A2", "0", "J Jones") N("B2", "1", "46024") start end
	static const struct want wants[] = {
	    {{.rows = ROWS(PLACED(N("C2", "0", "0.375"), N("D2", "0", "0.875")))},
		"0102T0900 named" OTHERS, NULL},
	    {{.rows = ROWS(PLACED(N("C2", "0", "9"), N("D2", "0", "21")))},
		"0102T0900 tentative" OTHERS, "under \"Start\" is a plain number"},
	    {{.rows = ROWS(PLACED(N("C2", "2", "0.375"), N("D2", "0", "21")))},
		"0102T0900 tentative" OTHERS, "under \"End\" is a plain number"},
	    {{.rows = ROWS(PLACED(N("C2", "0", "9.15"), N("D2", "2", "0.875")))},
		"0102T0915 tentative" OTHERS, "under \"Start\" is a plain number"},
	    {{.rows = ROWS(PLACED(N("C2", "0", "900"), N("D2", "0", "2100")))},
		"0102T0900 tentative" OTHERS, "under \"Start\" is a plain number"},
	    /* As text somebody wrote it. */
	    {{.rows = ROWS(PLACED(T("C2", "0", "0900"), T("D2", "0", "2100")))},
		"0102T0900 named" OTHERS, NULL},
	    /* A number in another column is a number. */
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES N("F2", "0", "667"))},
		"0102T0900 named" OTHERS, NULL},
	};
#define DATE_AS(code)                                                                              \
	{                                                                                          \
		.styles = "<numFmts><numFmt numFmtId='170' formatCode='" code                      \
			  "'/></numFmts><cellXfs><xf/>"                                            \
			  "<xf numFmtId='14'/><xf numFmtId='20'/><xf numFmtId='170'/></cellXfs>",  \
		.rows = "<row r='1'>" T("A1", "0", "Staff Name") T("B1", "0", "Date")              \
		    T("C1", "0", "Start") T("D1", "0", "End") "</row><row r='2'>" T(               \
			"A2", "0", "J Jones") N("B2", "3", "46024") N("C2", "2", "0.375")          \
			N("D2", "2", "0.875") "</row>" PLAIN("3", "46025") PLAIN("4", "46026")     \
	}
	static const struct want formats[] = {
	    {DATE_AS("ddd d mmm"), "0102T0900 named" OTHERS, NULL},
	    {DATE_AS("&quot;w/e &quot;dd/mm/yyyy"), "0103T0900 named;0104T0900 named", "The date"},
	    {DATE_AS("dd/mm/yyyy&quot; ?&quot;"), "0103T0900 named;0104T0900 named", "The date"},
	    {DATE_AS("&quot;from &quot;dd/mm/yyyy"), "0103T0900 named;0104T0900 named", "The date"},
	    {DATE_AS("d"), "0103T0900 named;0104T0900 named", "The date"},
	    {DATE_AS("[&gt;9]\\?dd/mm/yyyy"), "0103T0900 named;0104T0900 named", "The date"},
	};

	(void)state;
	CHECK(wants);
	CHECK(formats);
}

/* The name of a sheet, a text box and what is printed with each page are about all rows. */
static void
texts_round_the_sheet(void **state)
{
#define NAMED(name) "<sheets><sheet name='" name "' r:id='s1'/></sheets>"
#define BOX(text) "<a:p><a:r><a:t>" text "</a:t></a:r></a:p>"
#define ALL_OPEN "0102T0900 tentative;0103T0900 tentative;0104T0900 tentative"
#define PRINTED(text) "<headerFooter><oddHeader>" text "</oddHeader></headerFooter>"
	static const struct want wants[] = {
	    {{.workbook = NAMED("DRAFT v2"), .rows = ROWS(T("A2", "0", "J Jones") TIMES)}, ALL_OPEN,
		"\"DRAFT v2\", which says that it is a draft"},
	    {{.workbook = NAMED("January"), .rows = ROWS(T("A2", "0", "J Jones") TIMES)},
		"0102T0900 named" OTHERS, NULL},
	    {{.drawing = BOX("Fenmere") BOX("Cancelled - see new rota"),
		 .rows = ROWS(T("A2", "0", "J Jones") TIMES)},
		ALL_OPEN, "\"Cancelled - see new rota\""},
	    {{.drawing = BOX("Fenmere"), .rows = ROWS(T("A2", "0", "J Jones") TIMES)},
		"0102T0900 named" OTHERS, "The first is \"Fenmere\""},
	    {{.after =
		     PRINTED("&amp;L&amp;\"Arial,Bold\"&amp;14&amp;KFF0000DRAFT&amp;RPage &amp;P"),
		 .rows = ROWS(T("A2", "0", "J Jones") TIMES)},
		ALL_OPEN, "\"DRAFT\""},
	    /* A font whose name does not end. */
	    {{.after = PRINTED("&amp;L&amp;\"&amp;14DRAFT"),
		 .rows = ROWS(T("A2", "0", "J Jones") TIMES)},
		ALL_OPEN, "DRAFT"},
	    {{.after = PRINTED("&amp;LFenmere &amp;&amp; Alder&amp;"),
		 .rows = ROWS(T("A2", "0", "J Jones") TIMES)},
		"0102T0900 named" OTHERS, NULL},
	};

	(void)state;
	CHECK(wants);
}

/* In a grid a mark is about the shift of its cell; on the name, the date or a note, about those of its row. */
static void
cells_of_grids(void **state)
{
#define GRID_HEAD                                                                                  \
	"<row r='1'>" T("A1", "0", "Date") T("B1", "0", "AMHP") T("C1", "0", "EDT")                \
	    T("D1", "0", "Notes") "</row>"
#define DAY(row, day, mine, others, note)                                                          \
	"<row r='" row "'>" N("A" row, day, "4602" row) T("B" row, mine, "J Jones")                \
	    T("C" row, others, "Kay Lee") T("D" row, note, "on call") "</row>"
	static const char *const own[] = {"AMHP", NULL};
	static const struct want down[] = {
	    {{.rows = GRID_HEAD DAY("4", "1", "0", "0", "0") DAY("5", "1", "0", "0", "0")},
		"0102T0900 named;0103T0900 named", NULL},
	    {{.rows = GRID_HEAD DAY("4", "1", "3", "0", "0") DAY("5", "1", "0", "0", "0")},
		"0102T0900 nobody;0103T0900 named", "under \"AMHP\" is struck out"},
	    {{.rows = GRID_HEAD DAY("4", "1", "4", "0", "0") DAY("5", "1", "0", "0", "0")},
		"0102T0900 tentative;0103T0900 named", "has a colour"},
	    /* Those of another duty are another rota's. */
	    {{.rows = GRID_HEAD DAY("4", "1", "0", "3", "0") DAY("5", "1", "0", "4", "0")},
		"0102T0900 named;0103T0900 named", NULL},
	    {{.rows = GRID_HEAD DAY("4", "1", "0", "0", "4") DAY("5", "1", "0", "0", "0")},
		"0102T0900 tentative;0103T0900 named", "under \"Notes\" has a colour"},
	    {{.rows = GRID_HEAD "<row r='4'>" N("A4", "1", "46024")
		     RICH("B4", "Kay Lee", " J Jones") "</row>"},
		"0102T0900 tentative", "struck out in part"},
	    {{.rows = GRID_HEAD "<row r='4'>" N("A4", "1", "46024")
		     T("B4", "0", "J Jones") "</row><row r='5'>" N("A5", "1", "46025")
			 T("C5", "0", "Kay Lee") "</row>",
		 .after = "<mergeCells><mergeCell ref='B4:B5'/></mergeCells>"},
		"0102T0900 named;0103T0900 named", NULL},
	    /* A duty, and below a day, that is struck out. */
	    {{.rows = "<row r='1'>" T("A1", "0", "Date") T("B1", "3", "AMHP")
		     T("C1", "0", "EDT") "</row><row r='4'>" N("A4", "1", "46024")
			 T("B4", "0", "J Jones") "</row>"},
		"0102T0900 tentative", "under \"AMHP\" is struck out"},
	};
	static const struct reading_shift_code codes[] = {
	    {"N", NULL, READING_CODE_HOURS, 20 * 3600, 8 * 3600}};
#define ACROSS(name, first, second)                                                                \
	"<row r='1'>" T("A1", "0", "Name") N("B1", "1", "46024")                                   \
	    N("C1", "1", "46025") "</row><row r='2'>" T("A2", name, "J Jones") T("B2", first, "N") \
		T("C2", second, "N") "</row><row r='3'>" T("A3", "0", "Kay Lee") "</row>"
	static const struct want across[] = {
	    {{.rows = ACROSS("0", "0", "0")}, "0102T2000 named;0103T2000 named", NULL},
	    {{.rows = ACROSS("0", "3", "0")}, "0102T2000 nobody;0103T2000 named", "is struck out"},
	    {{.rows = ACROSS("3", "0", "0")}, "0102T2000 nobody;0103T2000 nobody",
		"under \"Name\" is struck out"},
	    {{.before = "<cols><col min='3' max='3' hidden='1'/></cols>",
		 .rows = ACROSS("0", "0", "0")},
		"0102T2000 named;0103T2000 tentative", "is hidden"},
	    {{.rows = "<row r='1'>" T("A1", "0", "Name") T("B1", "3", "2 January 2026")
		     T("C1", "0", "3 January 2026") "</row><row r='2'>" T("A2", "0", "J Jones")
			 T("B2", "0", "N") T("C2", "0", "N") "</row>"},
		"0102T2000 tentative;0103T2000 named", "is struck out"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.grid = (struct reading_grid){
	    READING_DATES_BY_ROLES, own, {true, 9 * 3600, 17 * 3600}, {false, 0, 0}, {false, 0, 0}};
	check_with(down, sizeof down / sizeof *down, &options);
	options.grid = (struct reading_grid){.layout = READING_NAMES_BY_DATES};
	options.shift_codes = codes;
	options.nshift_codes = 1;
	check_with(across, sizeof across / sizeof *across, &options);
}

/* A formula without a value may be a name once it is calculated. */
static void
a_formula_of_a_grid_without_a_value_is_no_empty_cell(void **state)
{
#define GRID(cells)                                                                                \
	"<row r='1'>" T("A1", "8", "Date") T("B1", "8", "AMHP")                                    \
	    T("C1", "8", "EDT") "</row>"                                                           \
				"<row r='2'>" N("A2", "1", "46024")                                \
				    cells T("C2", "0", "x") "</row>"                               \
							    "<row r='3'>" N("A3", "1", "46025")    \
								T("B3", "0", "Kay Lee")            \
								    T("C3", "0", "x") "</row>"
	static const char *const amhp[] = {"AMHP", NULL};
	static const struct want wants[] = {
	    {{.rows = GRID(T("B2", "0", "J Jones"))}, "0102T0900 named;0103T0900 named", NULL},
	    {{.rows = GRID("<c r='B2'><f>A9</f></c>")}, "0102T0900 undecided;0103T0900 named",
		"without a value"},
	    {{.rows = GRID(T("B2", "0", "J Jones")) "<row r='4'><c r='A4'><f>A9</f></c></row>"},
		"0102T0900 named;0103T0900 named", NULL},
	    {{.rows = GRID(T("B2", "0", "J Jones")) "<row r='4'>" N("A4", "0", "5")
		     T("B4", "0", "Jo") "</row>"},
		"0102T0900 named;0103T0900 named", "\"5\""},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.grid = (struct reading_grid){
	    .layout = READING_DATES_BY_ROLES, .own = amhp, .hours = {true, 9 * 3600, 17 * 3600}};
	check_with(wants, sizeof wants / sizeof *wants, &options);
}

/* Leave that is struck out, or coloured, may be none: it takes nobody off duty. */
static void
marked_leave_takes_nobody_off(void **state)
{
	struct reading_options options = support_roster_options();
	static const struct want wants[] = {
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES)},
		"0102T0900 absence;0103T0900 absence;0104T0900 absence", NULL},
	    {{.rows = ROWS(T("A2", "3", "J Jones") TIMES)},
		"0102T0900 undecided;0103T0900 absence;0104T0900 absence", "is struck out"},
	    {{.rows = ROWS(T("A2", "4", "J Jones") TIMES)},
		"0102T0900 undecided;0103T0900 absence;0104T0900 absence", "has a colour"},
	};

	(void)state;
	options.absences = true;
	check_with(wants, sizeof wants / sizeof *wants, &options);
}

/* A key on another sheet may say that initials are somebody else's. If that sheet cannot be read, they may be. */
static void
initials_and_sheets_that_cannot_be_read(void **state)
{
#define WITH(rows)                                                                                  \
	.workbook = "<sheets><sheet name='Rota' r:id='s1'/><sheet name='Key' state='hidden' "       \
		    "r:id='s2'/></sheets>",                                                         \
	.more = (const struct book_part[])                                                          \
	{                                                                                           \
		{"xl/worksheets/sheet2.xml",                                                        \
		    "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" \
		    "<sheetData>" rows "</sheetData></worksheet>",                                  \
		    0},                                                                             \
		    {NULL, NULL, 0},                                                                \
	}
#define PAIR(name) "<row r='1'>" T("A1", "0", "KL") T("B1", "0", name) "</row>"
#define ONLY "Only the sheet \"Rota\""
	const struct want wants[] = {
	    {{.rows = ROWS(T("A2", "0", "KL") TIMES)}, "0102T0900 named" OTHERS, NULL},
	    {{.rows = ROWS(T("A2", "0", "KL") TIMES), WITH(PAIR("Kay Lee"))},
		"0102T0900 named" OTHERS, ONLY},
	    {{.rows = ROWS(T("A2", "0", "KL") TIMES), WITH(PAIR("Karen Long"))},
		"0102T0900 tentative" OTHERS, "The file says that \"KL\" is \"Karen Long\""},
	    {{.rows = ROWS(T("A2", "0", "KL") TIMES), WITH("<row r='x'/>")},
		"0102T0900 tentative" OTHERS, "may say who \"KL\" is"},
	    {{.rows = ROWS(T("A2", "0", "AMHP: KL") TIMES), WITH("<row r='x'/>")},
		"0102T0900 tentative" OTHERS, "may say who \"AMHP: KL\" is"},
	    {{.rows = ROWS(T("A2", "0", "J Jones") TIMES), WITH("<row r='x'/>")},
		"0102T0900 named" OTHERS, ONLY},
	};

	(void)state;
	CHECK(wants);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_struck_out_is_off_duty),
	    cmocka_unit_test(what_is_struck_out_in_part_is_read_so),
	    cmocka_unit_test(colours_comments_and_hidden_rows_are_undecided),
	    cmocka_unit_test(until_the_manager_says_what_they_mean),
	    cmocka_unit_test(formulas_without_a_value_are_undecided),
	    cmocka_unit_test(numbers_without_a_format_are_days_since_1900),
	    cmocka_unit_test(dates_beside_texts_may_be_swapped),
	    cmocka_unit_test(numbers_that_are_no_times),
	    cmocka_unit_test(initials_and_sheets_that_cannot_be_read),
	    cmocka_unit_test(texts_round_the_sheet),
	    cmocka_unit_test(cells_of_grids),
	    cmocka_unit_test(a_formula_of_a_grid_without_a_value_is_no_empty_cell),
	    cmocka_unit_test(marked_leave_takes_nobody_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
