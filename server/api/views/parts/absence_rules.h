/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* How long an absence may be. */
#define ABSENCE_LENGTH_MAX_SECONDS (800 * (int64_t)86400)

/* Notes what is wrong with the time of an absence, or of leave that is asked for: members "start" and "end" of
 * the body. */
void absence_time_check(struct ask *ask, struct span_time time);

/* Notes members in which somebody may say why a person is away: that is not taken. */
void absence_refuse_reasons(struct ask *ask, const json_t *body);
