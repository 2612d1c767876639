/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/snapshot.h"

/*
 * The map as it would be under another set-up, at the moment in which that comes into force:
 * everybody's shifts as they are known, of the people and rotas that are still there. What a
 * calendar would mean when it is read again is not known here. Pure.
 */

/* Of each rota of the new set-up: whether it takes its shifts from somewhere else than before. */
struct snapshot *snapshot_move(
    const struct snapshot *from, struct snapshot_region *setup, const bool *other_source);
