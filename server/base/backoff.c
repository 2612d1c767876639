/* SPDX-License-Identifier: MIT */
#include "server/base/backoff.h"

#include <sys/random.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"

void
backoff_init(struct backoff *backoff, int64_t min_ms, int64_t max_ms)
{
	/* A wait of 0 would never grow. */
	INVARIANT(min_ms > 0 && max_ms >= min_ms && max_ms <= INT64_MAX / 2);
	*backoff = (struct backoff){.min_ms = min_ms, .max_ms = max_ms, .step_ms = min_ms};
}

/* Randomness only spreads waits here; without the kernel's, the clock's low bits do. */
static uint64_t
any_number(void)
{
	uint64_t number;

	if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number)
		number = (uint64_t)clock_wall_us();
	return number;
}

int64_t
backoff_next_ms(struct backoff *backoff)
{
	int64_t step = backoff->step_ms;
	int64_t half = step / 2;

	/* Doubled after each failure. Compared by half, so that the doubling cannot overflow. */
	backoff->step_ms = step > backoff->max_ms / 2 ? backoff->max_ms : step * 2;
	/* Half of the step is random: clients that lost a server together must not come back
	 * together. */
	return step - half + (int64_t)(any_number() % (uint64_t)(half + 1));
}

void
backoff_reset(struct backoff *backoff)
{
	backoff->step_ms = backoff->min_ms;
}
