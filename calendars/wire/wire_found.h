/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/pack.h"

/* Packs what a refused grid has. Internal to wire*.c. Unpacking marks ${in} as bad if a promise of reading.h is
 * broken. Unpack whether the reading was refused before it. */
void wire_pack_found(struct buf *buf, const struct reading *reading);
void wire_unpack_found(struct unpack *in, const struct reading_options *options,
    struct arena *arena, struct reading *reading);
