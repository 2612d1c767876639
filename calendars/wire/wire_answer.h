/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/pack.h"

/* Appends ${reading} to ${buf} in the form that reading_unpack() reads. */
void wire_pack_answer(struct buf *buf, const struct reading *reading);
