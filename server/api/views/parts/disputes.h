/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Adds to the array that is open in ${out} a sentence for each override of ${rota} in ${time} that the
 * calendar contradicts or has moved. Returns whether there was one. The sentences have no names if the
 * account may not see them. */
bool disputes_put(
    struct json_out *out, const struct ask *ask, uint32_t rota, struct span_time time);
