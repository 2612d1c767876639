/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/pack.h"
#include "server/map/snapshot.h"
#include "server/pg/pg.h"

/* The remarks of a snapshot: from rows of the database, into its file, and out of it. */

/* Sets those of ${draft} to what it has, with the changes of ${rows} (API_REMARKS), and calls it
 * ${version}. A remark about what is not in the region is left out. */
void snapshot_load_remarks(struct snapshot *draft, const struct pg_rows *rows, int64_t version);

void snapshot_pack_remarks(struct buf *out, const struct remarks *remarks);

/* The caller owns one reference; none, with in->bad, if they cannot be of ${region}. */
struct remarks *snapshot_unpack_remarks(struct unpack *in, const struct region *region);
