/* SPDX-License-Identifier: MIT */
#include "clients/cli/sheet_pdf.h"

#include <hpdf.h>
#include <stdint.h>
#include <string.h>

#include "clients/cli/sheet_page.h"
#include "clients/cli/show.h"

#define FONTS "/usr/share/fonts/truetype/dejavu/"
#define MEASURED_AT 1000

/* The library reports a fault to on_fault() and goes on, or returns 0; the first is kept. */
struct pdf {
	HPDF_Doc document;
	HPDF_Font plain, bold;
	HPDF_STATUS fault;
	struct arena *arena;
};

static void
on_fault(HPDF_STATUS fault, HPDF_STATUS detail, void *ctx)
{
	struct pdf *pdf = ctx;

	(void)detail;
	if (pdf->fault == HPDF_OK)
		pdf->fault = fault;
}

/* Letters of other alphabets than ours need a font of Unicode, and paper takes it to where no font is
 * installed: so the font is in the file. */
static HPDF_Font
load(struct pdf *pdf, const char *path)
{
	const char *name = HPDF_LoadTTFontFromFile(pdf->document, path, HPDF_TRUE);

	return name == NULL ? NULL : HPDF_GetFont(pdf->document, name, "UTF-8");
}

static double
measure(void *ctx, const char *text, size_t len, bool bold)
{
	const struct pdf *pdf = ctx;
	HPDF_TextWidth width = HPDF_Font_TextWidth(
	    bold ? pdf->bold : pdf->plain, (const HPDF_BYTE *)text, (HPDF_UINT)len);

	return (double)width.width / MEASURED_AT;
}

static void
draw(struct pdf *pdf, HPDF_Page page, const struct sheet_line *line, double points)
{
	HPDF_Page_SetFontAndSize(page, line->bold ? pdf->bold : pdf->plain, (HPDF_REAL)points);
	HPDF_Page_TextOut(page, (HPDF_REAL)line->x, (HPDF_REAL)line->y, line->text);
}

/* "St Oswin's Hospital (ZED01), Mon 30 Nov 2026 17:00 GMT: 1 of 2": pages that were separated are
 * still known. */
static void
draw_page(struct pdf *pdf, const struct sheet_pages *pages, size_t index, const json_t *answer)
{
	HPDF_Page page = HPDF_AddPage(pdf->document);
	const json_t *place = json_object_get(answer, "place");
	struct sheet_line foot = {
	    .x = SHEET_MARGIN,
	    .y = SHEET_MARGIN - pages->points / 2,
	    .text = arena_printf(pdf->arena, "%s (%s), %s: page %zu of %zu",
		show_text(place, "name"), show_text(place, "code"), show_text(answer, "local"),
		index + 1, pages->items.count),
	};

	HPDF_Page_SetSize(page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
	HPDF_Page_BeginText(page);
	for (size_t i = 0; i < pages->items.items[index].lines.count; i++)
		draw(pdf, page, &pages->items.items[index].lines.items[i], pages->points);
	draw(pdf, page, &foot, SHEET_POINTS_LEAST);
	HPDF_Page_EndText(page);
}

static void
take(struct pdf *pdf, struct buf *out)
{
	HPDF_BYTE bytes[4096];
	HPDF_UINT32 len;

	HPDF_SaveToStream(pdf->document);
	HPDF_ResetStream(pdf->document);
	do {
		len = sizeof bytes;
		HPDF_ReadFromStream(pdf->document, bytes, &len);
		buf_add(out, bytes, len);
	} while (len > 0);
}

static const char *
make(struct pdf *pdf, struct buf *out, const json_t *answer)
{
	struct sheet_font font = {measure, pdf};
	struct sheet_pages pages;

	HPDF_SetCompressionMode(pdf->document, HPDF_COMP_ALL);
	HPDF_UseUTFEncodings(pdf->document);
	HPDF_SetCurrentEncoder(pdf->document, "UTF-8");
	pdf->plain = load(pdf, FONTS "DejaVuSans.ttf");
	pdf->bold = load(pdf, FONTS "DejaVuSans-Bold.ttf");
	if (pdf->plain == NULL || pdf->bold == NULL)
		return "there are no letters for a PDF: install fonts-dejavu-core, or say --text";
	sheet_lay_out(pdf->arena, answer, &font, &pages);
	for (size_t i = 0; i < pages.items.count; i++)
		draw_page(pdf, &pages, i, answer);
	/* That the stream is at its end is told as a fault, too: what comes after this is not asked. */
	if (pdf->fault != HPDF_OK)
		return "the PDF could not be made: say --text";
	take(pdf, out);
	return out->len > 0 ? NULL : "the PDF could not be made: say --text";
}

const char *
sheet_pdf(struct buf *out, const json_t *answer)
{
	struct pdf pdf = {.fault = HPDF_OK, .arena = arena_new(0)};
	const char *fault = "there is no memory for a PDF";

	pdf.document = HPDF_New(on_fault, &pdf);
	if (pdf.document != NULL) {
		fault = make(&pdf, out, answer);
		HPDF_Free(pdf.document);
	}
	arena_free(pdf.arena);
	return fault;
}
