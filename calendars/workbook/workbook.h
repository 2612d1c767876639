/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/sheet.h"

/*
 * Workbooks of Excel since 2007 (.xlsx, .xlsm), as Excel, LibreOffice, Google and programs of rotas write
 * them: a zip archive of XML parts. One sheet of them becomes the same table of cells as a CSV file.
 */

/* Whether ${bytes} begin as a zip archive does. */
bool workbook_begins(struct slice bytes);

/*
 * Reads a sheet of the workbook ${bytes} into ${out}: the one that ${options} name, else the first that is
 * visible. Dates and times are text as people of no country write them ("2026-12-07", "21:00",
 * "2026-12-07 21:00"); marks say what cells show beside their text. All rows have as many cells.
 * All of it lives in ${arena}. False: the workbook was refused, which is noted in ${faults} with what the
 * file is and the remedy. Other sheets that have cells are named in a warning.
 */
bool workbook_read(struct sheet *out, const struct reading_options *options, struct slice bytes,
    struct arena *arena, struct faults *faults);
