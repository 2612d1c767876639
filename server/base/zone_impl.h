/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/zone.h"
#include "server/base/zone_rule.h"

/* The parts of a zone, for zone.c and zone_tzif.c only. */
struct zone_change {
	int64_t utc;
	int32_t offset;
	const char *abbreviation;
};

struct zone {
	const char *name;
	int32_t initial_offset;
	const char *initial_abbreviation;
	const struct zone_change *changes; /* ascending */
	size_t nchanges;
	/* from the last change on; NULL: it stays as the last change left it */
	const struct zone_rule *rule;
};
