/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/pack.h"
#include "server/map/snapshot.h"
#include "server/pg/pg.h"

/* The protocols of a snapshot: from rows of the database, into its file, and out of it. The files (PDF) are in neither. */

/* Sets those of ${draft} to ${rows} (API_PROTOCOLS) and calls them ${version}. A protocol of what is not in the region is
 * left out. */
void snapshot_load_protocols(struct snapshot *draft, const struct pg_rows *rows, int64_t version);

void snapshot_pack_protocols(struct buf *out, const struct protocols *protocols);

/* The caller owns one reference; none, with in->bad, if they cannot be of ${region}. */
struct protocols *snapshot_unpack_protocols(struct unpack *in, const struct region *region);
