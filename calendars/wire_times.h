/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/pack.h"

/* The part of requests and answers that is about how a rota writes its times: zones and the order
 * of dates. Internal to wire.c. What breaks a promise of reading.h marks ${in} as bad. */
void wire_pack_times(struct buf *buf, const struct reading_options *options);
void wire_unpack_times(struct unpack *in, const struct zonedb *zones, struct arena *arena,
    struct reading_options *options);

void wire_pack_questions(struct buf *buf, const struct reading *reading);
void wire_unpack_questions(struct unpack *in, const struct reading_options *options,
    struct arena *arena, struct reading *reading);
