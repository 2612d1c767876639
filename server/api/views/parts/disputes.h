/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Adds, to an array that is open, a sentence for each override of ${rota} in ${time} that the
 * calendar contradicts or has moved. True: there was one. Without names for who may not see
 * them. */
bool disputes_put(
    struct json_out *out, const struct ask *ask, uint32_t rota, struct span_time time);
