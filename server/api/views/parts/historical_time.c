/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/historical.h"
#include "server/base/civil.h"

/* The instants of a question about the past. */

#define AT_AHEAD_SECONDS (400 * (int64_t)86400)

/* The map is computed for 400 days ahead, so a later time could only be answered with "unknown". */
int64_t
historical_at(struct ask *ask, int64_t absent)
{
	int64_t at = ask_time(ask, "at", absent);

	if (at > ask->now + AT_AHEAD_SECONDS)
		ask_fault(ask, "query.at", "is more than 400 days ahead");
	return at;
}

int64_t
historical_known_at(struct ask *ask, int64_t absent)
{
	int64_t known_at = ask_time(ask, "known_at", absent);
	char now[CIVIL_RFC3339_MAX];

	civil_rfc3339(ask->now, now);
	if (known_at > ask->now)
		ask_fault(ask, "query.known_at",
		    "is in the future: nobody knows what will be known. Here it is %s; ask about an instant that has gone by, "
		    "or leave known_at out for the present",
		    now);
	return known_at;
}
