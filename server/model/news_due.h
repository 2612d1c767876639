/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/zone.h"
#include "server/model/gap.h"

/*
 * When what waits for a reader is told, all of it in one message. Pure.
 *
 *  - Critical news is told when it comes. Only where the reader was told of the same group as critical within the hour
 *    before it came does it keep the distance of the others: it is the same again.
 *  - Other news waits for the reader's next time of a digest, if there are any, and for the end of quiet hours.
 *  - A message that is not of critical news is at least NEWS_APART_SECONDS after the one before: so at most three an hour
 *    come to one reader, however much is new of what the reader knows of.
 */
#define NEWS_APART_SECONDS 1200
#define NEWS_AGAIN_SECONDS 3600

struct news_hours {
	const struct zone *zone;
	const int64_t *digest; /* minutes of the local day, in any order */
	size_t ndigest;        /* 0: told when it comes */
	int32_t quiet_from,
	    quiet_until; /* minutes of the local day, over midnight if from is later; -1: none */
};

/* News that waits. Instants in seconds; INSTANT_NEVER: not so far. */
struct news_waits {
	int64_t at;
	enum gap_severity severity;
	int64_t told_critical; /* when the reader was last told of its group as critical */
};

/* ${told}: when the reader's last message was written. INSTANT_END if nothing waits. */
int64_t news_due(
    const struct news_hours *hours, const struct news_waits *waits, size_t count, int64_t told);
