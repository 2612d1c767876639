/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/pack.h"
#include "server/map/accounts.h"

/* The accounts of a snapshot, with their tokens and links: into its file, and out of it. */

void snapshot_pack_accounts(struct buf *out, const struct accounts *accounts);

/* The caller owns one reference; nobody, with in->bad, if the bytes are no accounts. */
struct accounts *snapshot_unpack_accounts(struct unpack *in);
