/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/pack.h"

/* The part of requests and answers that is about words: what a rota has decided of them, and which
 * it has not. ${in} is marked bad where the answer breaks a promise; its occurrences are unpacked.
 */
void wire_pack_words(struct buf *buf, const struct reading_options *options);
void wire_unpack_words(struct unpack *in, struct arena *arena, struct reading_options *options);
void wire_pack_unknown_words(struct buf *buf, const struct reading *reading);
void wire_unpack_unknown_words(struct unpack *in, struct arena *arena, struct reading *reading);
