/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/pack.h"

/* Packs what a rota has decided about words, and which words it has not decided. Internal to
 * wire*.c. Unpacking marks ${in} as bad if a promise of reading.h is broken. Unpack the occurrences
 * before the unknown words. */
void wire_pack_words(struct buf *buf, const struct reading_options *options);
void wire_unpack_words(struct unpack *in, struct arena *arena, struct reading_options *options);
void wire_pack_unknown_words(struct buf *buf, const struct reading *reading);
void wire_unpack_unknown_words(struct unpack *in, struct arena *arena, struct reading *reading);
