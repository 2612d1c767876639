/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "tests/unit/calendars/workbook/book_maker.h"

/* Cells and rows of a sheet. */
#define T(at, text) "<c r='" at "' t='inlineStr'><is><t>" text "</t></is></c>"
#define N(at, style, value) "<c r='" at "' s='" style "'><v>" value "</v></c>"
#define ROW(number, cells) "<row r='" number "'>" cells "</row>"
#define BROKEN_SHEET "refused: The workbook cannot be read: xl/worksheets/sheet1.xml: "

/* A workbook, and what book_show() makes of it. */
struct book_case {
	struct book_want book;
	const char *shown;
};
void book_check(const struct book_case *cases, size_t count, const struct reading_options *options);
#define CHECK(cases) book_check(cases, sizeof(cases) / sizeof *(cases), NULL)

/* Reads ${bytes} with ${options} (NULL: of support_roster_options()): "2: J Jones[struck]|2026-12-01" for each
 * row, by "\n"; "refused: " and the reason; in ${arena}. */
const char *book_show(
    struct arena *arena, struct slice bytes, const struct reading_options *options);

/* The same of the rows of the other sheets, with " cut" at the end if there may be more of them. */
const char *book_show_others(struct arena *arena, struct slice bytes);
