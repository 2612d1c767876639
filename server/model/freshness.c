/* SPDX-License-Identifier: MIT */
#include "server/model/freshness.h"

#include "server/base/instant.h"

const char *
freshness_name(enum freshness freshness)
{
	static const char *const names[] = {
	    [FRESHNESS_FRESH] = "fresh",
	    [FRESHNESS_AGEING] = "ageing",
	    [FRESHNESS_STALE] = "stale",
	    [FRESHNESS_UNKNOWN] = "unknown",
	};

	return names[freshness];
}

/* The first instant at which a check made at ${last_good} is more than ${seconds} ago. One of
 * exactly 15 minutes ago is still fresh. */
static int64_t
older_than(int64_t last_good, int64_t seconds)
{
	return last_good + seconds + 1;
}

enum freshness
freshness_of(bool ages, int64_t last_good, int64_t now)
{
	/* A source that is typed in or uploaded does not age: nobody was to check it. */
	if (!ages)
		return FRESHNESS_FRESH;
	if (last_good == INSTANT_NEVER || now >= older_than(last_good, FRESHNESS_STALE_SECONDS))
		return FRESHNESS_UNKNOWN;
	if (now >= older_than(last_good, FRESHNESS_AGEING_SECONDS))
		return FRESHNESS_STALE;
	if (now >= older_than(last_good, FRESHNESS_FRESH_SECONDS))
		return FRESHNESS_AGEING;
	return FRESHNESS_FRESH;
}

/* A source that is still trusted has no end here, although it will age: the sweep computes the
 * future, and nobody can know that the next check will fail. Changes that time alone brings are
 * found by freshness_next(). */
int64_t
freshness_trusted_until(bool ages, int64_t last_good, int64_t now)
{
	if (freshness_of(ages, last_good, now) != FRESHNESS_UNKNOWN)
		return INSTANT_END;
	return last_good == INSTANT_NEVER ? INSTANT_NEVER : last_good + FRESHNESS_STALE_SECONDS;
}

int64_t
freshness_next(bool ages, int64_t last_good, int64_t now)
{
	switch (freshness_of(ages, last_good, now)) {
	case FRESHNESS_FRESH:
		return ages ? older_than(last_good, FRESHNESS_FRESH_SECONDS) : INSTANT_END;
	case FRESHNESS_AGEING:
		return older_than(last_good, FRESHNESS_AGEING_SECONDS);
	case FRESHNESS_STALE:
		return older_than(last_good, FRESHNESS_STALE_SECONDS);
	default:
		return INSTANT_END;
	}
}
