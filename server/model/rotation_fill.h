/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/rotation.h"

/* The shifts of a rotation that are to be in the record: written when it is put in force, and further each day. */
#define ROTATION_AHEAD_SECONDS (400 * (int64_t)86400)

struct rotation_fill {
	struct rotation_shifts shifts; /* that end after now */
	int64_t filled_to;             /* every shift that begins before it is among them */
	int64_t reach;                 /* how far the rotation speaks, filled_to at most */
	const char *made_with;         /* what the same editions would be other shifts without */
};

/* Memory of ${arena}; ids are borrowed from the editions. */
struct rotation_fill rotation_fill(struct arena *arena, const struct rotation_asked *asked,
    uint64_t zones_fingerprint, int64_t now);

/* The made_with alone. */
const char *rotation_made_with(
    struct arena *arena, const struct holidays *holidays, uint64_t zones_fingerprint);
