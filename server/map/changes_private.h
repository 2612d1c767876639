/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/map/changes.h"

/* What changes*.c share. */
typedef VEC(struct change) change_list;

/* Adds what differs in reports and notes: of each place, the functions whose people were reported, and
 * that it has other notes. */
void changes_find_remarks(struct arena *arena, const struct snapshot *before,
    const struct snapshot *after, change_list *out);
