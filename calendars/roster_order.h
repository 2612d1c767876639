/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster_row.h"

/*
 * In which order the dates of a roster are written: as was decided for the rota; else dd/mm, if a
 * date or a weekday of the file says so. A file that contradicts that is refused. UNSET: nothing
 * tells, and the first dates that could be either are in ${out}.
 */
enum reading_date_order roster_order(struct roster *out, const struct reading_options *options,
    struct faults *faults, struct arena *arena, const struct rows *rows);
