/* SPDX-License-Identifier: MIT */
#include "tests/unit/calendars/workbook/book_maker.h"

#include <string.h>
#include <zip.h>

#include "server/base/arena.h"
#include "server/base/fatal.h"

#define MAIN_SPACE "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE_SPACE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE_SPACE "http://schemas.openxmlformats.org/package/2006/relationships"
#define RELATION(id, type, target)                                                                 \
	"<Relationship Id='" id "' Type='" OFFICE_SPACE "/" type "' Target='" target "'/>"

const char book_styles[] =
    "<numFmts><numFmt numFmtId='165' formatCode='dd/mm/yyyy\\ hh:mm'/>"
    "<numFmt numFmtId='166' formatCode=';;;'/></numFmts>"
    "<fonts><font/><font><strike/></font></fonts>"
    "<fills><fill><patternFill patternType='none'/></fill><fill><patternFill patternType='gray125'/></fill>"
    "<fill><patternFill patternType='solid'><fgColor rgb='FFFFFF00'/></patternFill></fill>"
    "<fill><patternFill patternType='solid'><fgColor rgb='FFFFFFFF'/></patternFill></fill>"
    "<fill><patternFill patternType='solid'><fgColor theme='0' tint='-0.15'/></patternFill></fill></fills>"
    "<cellStyleXfs><xf numFmtId='9' fontId='1' fillId='2'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0' fontId='0' fillId='0'/><xf numFmtId='14' fontId='0' fillId='0'/>"
    "<xf numFmtId='20' fontId='0' fillId='0'/><xf numFmtId='0' fontId='1' fillId='0'/>"
    "<xf numFmtId='0' fontId='0' fillId='2'/><xf numFmtId='165' fontId='0' fillId='0'/>"
    "<xf numFmtId='166' fontId='0' fillId='0'/><xf numFmtId='0' fontId='0' fillId='3'/>"
    "<xf numFmtId='0' fontId='0' fillId='4'/></cellXfs>";

static void
add_part(zip_t *zip, const struct book_part *part)
{
	size_t len = part->len > 0 ? part->len : strlen(part->text);
	zip_source_t *source = zip_source_buffer(zip, part->text, len, 0);

	INVARIANT(source != NULL && zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8) >= 0);
}

struct buf
book_archive(const struct book_part *parts)
{
	zip_error_t error;
	zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
	struct buf out = {0};
	char piece[4096];
	zip_int64_t got;

	INVARIANT(zip != NULL);
	zip_source_keep(whole);
	for (; parts->name != NULL; parts++)
		add_part(zip, parts);
	INVARIANT(zip_close(zip) == 0 && zip_source_open(whole) == 0);
	while ((got = zip_source_read(whole, piece, sizeof piece)) > 0)
		buf_add(&out, piece, (size_t)got);
	zip_source_close(whole);
	zip_source_free(whole);
	return out;
}

static const char *
or_else(const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

struct buf
book_make(const struct book_want *want)
{
	struct arena *arena = arena_new(0);
	struct book_part parts[32] = {
	    {"_rels/.rels",
		"<Relationships xmlns='" PACKAGE_SPACE
		"'>" RELATION("r1", "officeDocument", "xl/workbook.xml") "</Relationships>",
		0},
	    {"xl/workbook.xml",
		arena_printf(arena,
		    "<?xml version='1.0'?><workbook xmlns='" MAIN_SPACE "' xmlns:r='" OFFICE_SPACE
		    "'>%s</workbook>",
		    or_else(want->workbook,
			"<sheets><sheet name='Rota' sheetId='1' r:id='s1'/></sheets>")),
		0},
	    {"xl/_rels/workbook.xml.rels",
		"<Relationships xmlns='" PACKAGE_SPACE
		"'>" RELATION("s1", "worksheet", "worksheets/sheet1.xml")
		    RELATION("s2", "worksheet", "/xl/worksheets/sheet2.xml")
			RELATION("s3", "chartsheet", "chartsheets/sheet3.xml")
			    RELATION("t", "sharedStrings", "sharedStrings.xml")
				RELATION("y", "styles", "../xl/styles.xml") "</Relationships>",
		0},
	    {"xl/worksheets/sheet1.xml",
		arena_printf(arena,
		    "<worksheet xmlns='" MAIN_SPACE "'>%s<sheetData>%s</sheetData>%s</worksheet>",
		    or_else(want->before, ""), or_else(want->rows, ""), or_else(want->after, "")),
		0},
	    {"xl/worksheets/sheet2.xml",
		"<worksheet xmlns='" MAIN_SPACE
		"'><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>second</t></is></c></row></sheetData></worksheet>",
		0},
	    {"xl/worksheets/_rels/sheet1.xml.rels",
		"<Relationships xmlns='" PACKAGE_SPACE
		"'>" RELATION("c", "comments", "../comments1.xml") RELATION(
		    "d", "threadedComment", "../threads1.xml") RELATION("w", "drawing",
		    "../drawings/drawing1.xml") "<Relationship Id='h' Type='" OFFICE_SPACE
						"/hyperlink' Target='https://www.example' TargetMode='External'/></Relationships>",
		0},
	    {"xl/comments1.xml",
		arena_printf(arena, "<comments xmlns='" MAIN_SPACE "'>%s</comments>",
		    or_else(want->comments, "")),
		0},
	    {"xl/threads1.xml",
		arena_printf(arena,
		    "<ThreadedComments xmlns='http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments'>%s</ThreadedComments>",
		    or_else(want->threads, "")),
		0},
	    {"xl/drawings/drawing1.xml",
		arena_printf(arena,
		    "<x:wsDr xmlns:x='urn:sheetDrawing' xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'>"
		    "<x:from><x:col>1</x:col></x:from><x:txBody>%s</x:txBody></x:wsDr>",
		    or_else(want->drawing, "")),
		0},
	    {"xl/sharedStrings.xml",
		arena_printf(
		    arena, "<sst xmlns='" MAIN_SPACE "'>%s</sst>", or_else(want->texts, "")),
		0},
	    {"xl/styles.xml",
		arena_printf(arena, "<styleSheet xmlns='" MAIN_SPACE "'>%s</styleSheet>",
		    or_else(want->styles, book_styles)),
		0},
	};
	size_t count = 11;
	struct buf out;

	for (size_t i = 0; want->more != NULL && want->more[i].name != NULL; i++) {
		size_t at = 0;

		/* In place of the one of that name, if there is one. */
		while (at < count && strcmp(parts[at].name, want->more[i].name) != 0)
			at++;
		parts[at] = want->more[i];
		count += at == count;
	}
	out = book_archive(parts);
	arena_free(arena);
	return out;
}
