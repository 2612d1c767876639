/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/pack.h"

/* What reading_unpack() takes apart: ${reading} as bytes, appended to ${buf}. */
void wire_pack_answer(struct buf *buf, const struct reading *reading);
