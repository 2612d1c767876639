/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "calendars/roster/sheet.h"

/* What a file is in whose first ${count} rows no heading line was found, if that can be seen: a grid, or a
 * list of days; else FAULT_CSV_NO_HEADING. */
enum fault roster_layout_fault(const struct sheet_row *rows, size_t count);
