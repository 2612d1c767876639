/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/pack.h"
#include "server/map/snapshot.h"
#include "server/pg/pg.h"

/* The closings of a snapshot: from rows of the database, into its file, and out of it. */

/* Sets those of ${draft} to ${rows} (API_CLOSINGS) and calls them ${version}. One of a navigator that is not in the region is
 * left out. */
void snapshot_load_closings(struct snapshot *draft, const struct pg_rows *rows, int64_t version);

void snapshot_pack_closings(struct buf *out, const struct closings *closings);

/* The caller owns one reference; none, with in->bad, if they cannot be of ${region}. */
struct closings *snapshot_unpack_closings(struct unpack *in, const struct region *region);
