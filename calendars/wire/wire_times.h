/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/pack.h"

/* Packs how a rota writes its times: zones, and the order of dates. Internal to wire*.c. Unpacking
 * marks ${in} as bad if a promise of reading.h is broken. */
void wire_pack_times(struct buf *buf, const struct reading_options *options);
void wire_unpack_times(struct unpack *in, const struct zonedb *zones, struct arena *arena,
    struct reading_options *options);

void wire_pack_questions(struct buf *buf, const struct reading *reading);
void wire_unpack_questions(struct unpack *in, const struct reading_options *options,
    struct arena *arena, struct reading *reading);
