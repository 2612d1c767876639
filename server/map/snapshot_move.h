/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/snapshot.h"

/*
 * A snapshot as it would be under another set-up, at the moment at which that comes into force: all
 * known shifts, for the people and rotas that still exist. It is not known here how calendars would
 * read under the new set-up. Pure.
 */

/* ${other_source}, by rota of the new set-up: whether its source is another than before. */
struct snapshot *snapshot_move(
    const struct snapshot *from, struct snapshot_region *setup, const bool *other_source);
