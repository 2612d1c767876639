/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/*
 * Waits that double from ${min_ms} to ${max_ms} with jitter (each between half and the whole of the
 * step), so that many who lost the same server do not come back in step.
 */
struct backoff {
	int64_t min_ms, max_ms, step_ms;
};

void backoff_init(struct backoff *backoff, int64_t min_ms, int64_t max_ms);
int64_t backoff_next_ms(struct backoff *backoff); /* how long to wait now */
void backoff_reset(struct backoff *backoff);      /* after success */
