/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/absence_rules.h"

#define DAY_SECONDS 86400
#define BACK_SECONDS DAY_SECONDS
#define AHEAD_SECONDS (400 * (int64_t)DAY_SECONDS)

void
absence_time_check(struct ask *ask, struct span_time time)
{
	if (time.start >= time.end)
		ask_fault(ask, "$.end", "is not after start");
	else if (time.end - time.start > ABSENCE_LENGTH_MAX_SECONDS)
		ask_fault(ask, "$.end", "is more than 800 days after start");
	else if (time.end <= ask->now)
		ask_fault(ask, "$.end", "is over already: the past is not changed");
	if (time.start < ask->now - BACK_SECONDS)
		ask_fault(ask, "$.start", "is more than a day ago: the past is not changed");
	else if (time.start > ask->now + AHEAD_SECONDS)
		ask_fault(ask, "$.start", "is more than 400 days ahead");
}

void
absence_refuse_reasons(struct ask *ask, const json_t *body)
{
	/* Known by name, so that the message can say why they are refused. */
	static const char *const reasons[] = {"reason", "note", NULL};

	for (size_t i = 0; reasons[i] != NULL; i++)
		if (json_object_get(body, reasons[i]) != NULL)
			ask_fault(ask, arena_printf(ask->arena, "$.%s", reasons[i]),
			    "is not taken: why somebody is away is health data or private, and cover does not depend on it. Leave it out");
}
