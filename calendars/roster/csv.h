/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/sheet.h"

/* Reads ${bytes}, a CSV file, into ${out}; memory is of the arena of ${titles}. Nothing is returned: what
 * could not be read is in ${faults}, which also say whether the file was refused as a whole. */
void csv_read(struct roster *out, struct titles *titles, struct slice bytes, struct faults *faults);

/* Only divides it into rows, which live in ${arena}. False: it is refused. */
bool csv_divide(struct sheet *out, struct arena *arena, struct slice bytes, struct faults *faults);
