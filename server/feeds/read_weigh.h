/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/read_job.h"
#include "server/feeds/read_rows.h"

/*
 * Compares ${rows}, what ${found}'s reading means, with the rows in force, ${current}, and has the
 * guards weigh it. Writes the merge, safe, why, withheld and the diff of ${found}. A stored body
 * that is read again is always safe: what newer rules of the reader would add where the guards
 * object is made doubtful in ${rows} first.
 */
void read_weigh(struct arena *arena, const struct read_ask *ask, struct read_rows *rows,
    struct merge_rows current, struct read_found *found);
