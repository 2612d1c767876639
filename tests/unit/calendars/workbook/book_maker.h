/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* Workbooks for tests: made part by part, so that a test can write what no office program would. */

struct book_part {
	const char *name, *text;
	size_t len; /* 0: that of the string */
};

/* An archive of ${parts}, which end with one without a name. Free the buffer with buf_free(). */
struct buf book_archive(const struct book_part *parts);

/* What differs from the smallest workbook; NULL: as there. */
struct book_want {
	/* the elements of workbook.xml; with one sheet "Rota" of sheet1.xml */
	const char *workbook;
	const char *before;   /* in the worksheet before its rows, e.g. <cols> */
	const char *rows;     /* the elements of <sheetData> */
	const char *after;    /* in the worksheet after its rows, e.g. <mergeCells> */
	const char *texts;    /* the elements of the shared strings */
	const char *styles;   /* the elements of the styles */
	const char *comments; /* the elements of the comments on the sheet */
	const char *threads;  /* the same of a newer Excel */
	const char *drawing;  /* paragraphs of a text box on the sheet */
	const struct book_part *more;
};
struct buf book_make(const struct book_want *want);

/* Styles by number: 0 plain, 1 dd/mm/yyyy (built in), 2 hh:mm, 3 struck out, 4 yellow, 5 dd/mm/yyyy hh:mm, 6
 * hidden by its number format, 7 white, 8 grey. */
extern const char book_styles[];
