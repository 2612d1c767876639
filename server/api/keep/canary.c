/* SPDX-License-Identifier: MIT */
#include "server/api/keep/canary.h"

#include <stdlib.h>

#include "server/api/api_sql.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/map/lookup.h"
#include "server/model/region_canary.h"

#define LATE_US INT64_C(5000000)
#define AROUND_SECONDS 86400
#define HALF_HOUR 1800

struct canary {
	struct snapshot *map;
	int64_t version; /* of its map that was read last */
};

struct canary *
canary_new(const struct snapshot_tools *tools)
{
	struct snapshot_tools own = *tools;
	struct arena *arena = arena_new(0);
	struct slice document = region_with_canary(arena, SLICE("{\"crisiscover\": 1}"));
	struct snapshot_region *setup;
	struct canary *canary = NULL;

	own.synthetic = true;
	if (snapshot_region_read(&own, 0, document, &setup) == STATUS_OK) {
		canary = xcalloc(1, sizeof *canary);
		canary->map = snapshot_new(setup, accounts_none());
		INVARIANT(setup->region->nrotas == 1 && setup->region->nplaces == 1);
	} else {
		log_event(LOG_ERROR, "canary_unreadable", LOG_STR("code", CANARY_CODE));
	}
	arena_free(arena);
	return canary;
}

void
canary_free(struct canary *canary)
{
	if (canary == NULL)
		return;
	snapshot_unref(canary->map);
	free(canary);
}

void
canary_take_feeds(struct canary *canary, const struct pg_rows *rows)
{
	struct arena *arena;
	index_list moved = {0};

	if (canary == NULL)
		return;
	arena = arena_new(0);
	(void)snapshot_load_feeds(canary->map, rows, arena, &moved);
	arena_free(arena);
}

bool
follow_canary_start(struct follow *follow)
{
	const struct follow_canary_look *look = &follow->round.canary;
	const char *rota = CANARY_CODE;
	struct pg_args args = {0};

	if (follow->canary == NULL)
		return false;
	/* Awaited from now on, if it has never come. */
	if (!figure_known(FIGURE_CANARY_LOOKUP_AT))
		figure_set(FIGURE_CANARY_LOOKUP_AT, follow->round.looked_at);
	if (follow->canary->version == look->version)
		return false;
	pg_text_array(&args, &rota, 1);
	pg_time(&args, look->hole_at - AROUND_SECONDS);
	pg_time(&args, look->hole_at + AROUND_SECONDS);
	return follow_call(follow, &API_SHIFTS_TRACED, &args);
}

/* The state at an instant, as a lookup answers it. */
static enum cover_state
state_at(struct arena *arena, const struct snapshot *map, int64_t now, int64_t at)
{
	struct cover_asked asked = {map, now};
	struct lookup lookup;

	lookup_make(
	    arena, &asked, &(struct lookup_asked){.place = 0, .function = 0, .at = at}, &lookup);
	return lookup.count == 1 ? lookup.items[0].state : COVER_UNKNOWN;
}

/* The hour that the last change has left empty, and no other. */
static bool
shows(const struct snapshot *map, int64_t now, int64_t hole_at)
{
	struct arena *arena = arena_new(0);
	bool right = state_at(arena, map, now, hole_at - HALF_HOUR) == COVER_COVERED &&
		     state_at(arena, map, now, hole_at + HALF_HOUR) == COVER_GAP &&
		     state_at(arena, map, now, hole_at + 3 * HALF_HOUR) == COVER_COVERED;

	arena_free(arena);
	return right;
}

/* One that comes late has not come. */
enum status
follow_canary_take(struct follow *follow, const struct pg_rows *rows)
{
	const struct follow_canary_look *look = &follow->round.canary;
	struct canary *canary = follow->canary;
	int64_t now = database_clock_now_us(&follow->round.clock, clock_read());
	int64_t late = now - look->turned_us;
	const uint32_t rota = 0;

	canary->map->window =
	    (struct span_time){look->hole_at - AROUND_SECONDS, look->hole_at + AROUND_SECONDS};
	snapshot_load_traced(canary->map, rows, &rota, 1);
	canary->version = look->version;
	if (!shows(canary->map, now / 1000000, look->hole_at))
		return STATUS_OK;
	figure_set(FIGURE_CANARY_LOOKUP_MS, late / 1000);
	if (late <= LATE_US)
		figure_set(FIGURE_CANARY_LOOKUP_AT, now / 1000000);
	return STATUS_OK;
}
