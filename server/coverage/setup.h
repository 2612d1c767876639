/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/zone.h"
#include "server/model/hours.h"
#include "server/model/region_shared.h"
#include "server/model/span.h"

struct setup_rotas {
	const char *const *ids;
	size_t count;
};

/*
 * One version of the region as coverage needs it: the region itself, its clock and holidays, which
 * demands depend on which rota, and which rotas have to do with limits on sharing. Immutable once
 * read.
 */
struct setup {
	struct arena *arena;
	struct region_shared *shared;
	const struct region *region; /* of it */
	const struct zone *zone;
	struct holidays holidays;
	const struct region_list *demands_of; /* by rota */

	/* Ids of the rotas of functions that have a limited demand, and of those of limited
	 * demands: whose changes touch whom. */
	struct setup_rotas limiting, limited;
};

/* The data with which every set-up is read, loaded at start. */
struct setup_tools {
	const struct zonedb *zones;
	struct slice holidays; /* the data file */
	bool canary;           /* every region has it (model/region_canary.h) */
};

/* Reads the document that is in force as ${version}. It was accepted by this same reader when it
 * was applied, so one that cannot be read is ours to answer for: fatal. Free with setup_free. */
struct setup *setup_read(const struct setup_tools *tools, int64_t version, struct slice document);

/* The setup of ${shared}, whose reference it takes over: a region that was patched. */
struct setup *setup_of(const struct setup_tools *tools, struct region_shared *shared);
void setup_free(struct setup *setup);

/* The demand of ${requirement} at ${place}; REGION_NONE: there is none. */
uint32_t setup_demand(const struct setup *setup, const char *requirement, const char *place);

/* The map's window at ${now}: from yesterday's local midnight to that of 401 days from today. */
struct span_time setup_window(const struct setup *setup, int64_t now);

/* The local midnight after ${now}, when the window moves on. */
int64_t setup_next_day(const struct setup *setup, int64_t now);
