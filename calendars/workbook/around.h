/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/sheet.h"
#include "calendars/workbook/book.h"

/* Texts of a sheet that stand in no cell: they may say that it is a draft. Internal to this folder. */

/* Adds the texts in the boxes of the drawing ${part}, a paragraph each, to those round ${out}. False: refused. */
bool around_read_drawing(struct book *book, const char *part, struct sheet *out);

/* Adds a text that is printed with each page, as the sheet writes it: "&L&\"Arial\"DRAFT&RPage &P". */
void around_add_page_text(struct book *book, struct slice written, struct sheet *out);
