/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/*
 * The order in which the roster's dates are written: what was decided for the rota, else dd/mm if a
 * date or a weekday in the file proves it. A file that contradicts the order is refused. Returns
 * READING_DATES_UNSET if nothing in the file decides it; the first dates that could be either are then
 * in ${out}. A refusal is noted in ${faults}.
 */
enum reading_date_order roster_order(struct roster *out, const struct reading_options *options,
    struct faults *faults, struct arena *arena, const struct rows *rows);
