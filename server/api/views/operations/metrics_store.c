/* SPDX-License-Identifier: MIT */
#include "server/api/views/operations/metrics.h"

#include "server/model/gap.h"

static void
put_gaps(struct buf *out, const struct snapshot *map, int64_t now)
{
	static const enum cover_state states[] = {COVER_GAP, COVER_SHORT, COVER_UNKNOWN};
	static const enum gap_severity severities[] = {GAP_CRITICAL, GAP_HIGH, GAP_NORMAL};
	const struct region *region = map->setup->region;
	int64_t counts[COVER_STATES][3] = {0};

	for (uint32_t i = 0; i < region->ndemands; i++)
		for (uint32_t j = 0; map->gaps[i] != NULL && j < map->gaps[i]->count; j++) {
			const struct kept_gap *gap = &map->gaps[i]->gaps[j];

			/* A closing that is held back is no open gap, and a gap that is over is no
			 * longer one. */
			if (gap->settle_at == 0 && (int64_t)gap->end > now)
				counts[gap->state][gap_severity_of(
				    region->requirements[region->demands[i].requirement].severity,
				    (enum cover_state)gap->state, (int64_t)gap->start - now)]++;
		}
	metrics_head(out, "gaps", "gauge", "Open gaps.");
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 3; j++)
			buf_printf(out, "crisiscover_gaps{state=\"%s\",severity=\"%s\"} %lld\n",
			    cover_state_name(states[i]), gap_severity_name(severities[j]),
			    (long long)counts[states[i]][severities[j]]);
}

static void
put_feeds(struct buf *out, const struct snapshot *map, int64_t now)
{
	int64_t counts[FRESHNESS_UNKNOWN + 1][FEED_STANDINGS] = {0};

	for (uint32_t i = 0; i < map->setup->region->nrotas; i++) {
		const struct kept_feed *feed = map->feeds[i];

		counts[kept_feed_freshness(feed, now)][feed ? feed->facts.standing : FEED_NEVER]++;
	}
	metrics_head(out, "feeds", "gauge", "Sources.");
	for (int i = 0; i <= FRESHNESS_UNKNOWN; i++)
		for (int j = 0; j < FEED_STANDINGS; j++)
			buf_printf(out, "crisiscover_feeds{freshness=\"%s\",state=\"%s\"} %lld\n",
			    freshness_name((enum freshness)i),
			    kept_feed_standing_name((enum feed_standing)j),
			    (long long)counts[i][j]);
	metrics_one(out, "held_calendars", "Calendars that wait for a person to decide about them.",
	    machine_feeds(map, now).held);
}

static void
put_clock(struct buf *out, const char *metric, const char *role, int64_t ms)
{
	buf_printf(out, "crisiscover_%s{role=\"%s\"}", metric, role);
	metrics_seconds(out, ms);
}

/* This process measures its own clock each time that it reads from the database; the other roles
 * leave theirs there. */
static void
put_clocks(struct buf *out, const struct snapshot_store *store, struct clock_reading reading)
{
	static const char offset[] = "clock_offset_seconds", age[] = "clock_offset_age_seconds";
	const struct role_clock *clocks = store->role_clocks;
	int64_t now = database_clock_now_us(&store->clock, reading);

	metrics_head(out, offset, "gauge",
	    "By how much the database's clock was ahead of a role's machine.");
	put_clock(out, offset, "api", database_clock_ahead_ms(&store->clock, reading));
	for (unsigned i = 0; i < store->nrole_clocks; i++)
		put_clock(out, offset, clocks[i].role, clocks[i].ahead_ms);
	metrics_head(out, age, "gauge", "How long ago that was measured.");
	put_clock(out, age, "api", reading.boot_ms - store->checked_boot_ms);
	for (unsigned i = 0; i < store->nrole_clocks; i++)
		put_clock(out, age, clocks[i].role, (now - clocks[i].at_us) / 1000);
}

void
metrics_put_store(struct buf *out, const struct api *api, const struct machine *machine)
{
	const struct snapshot_store *store = &api->store;
	int64_t oldest = machine_outbox_age(machine, &store->look);

	metrics_one(out, "flags_unpublished",
	    "Flags that wait to be published, counted up to 10001.", store->look.unpublished);
	metrics_one(out, "flags_unpublished_oldest_seconds",
	    "How long the oldest of them has waited.", oldest < 0 ? 0 : oldest);
	/* The rest is about the snapshot, and there is none until the first one was loaded. */
	if (store->current == NULL)
		return;
	metrics_one(out, "clock_off_seconds",
	    "By how much the database's clock is ahead of this machine's; 0 below 2 seconds.",
	    snapshot_store_clock_off(store, machine->reading));
	if (store->seen_database)
		put_clocks(out, store, machine->reading);
	metrics_one(
	    out, "map_version", "Version of the map in memory.", store->current->mark.version);
	put_gaps(out, store->current, machine->now);
	put_feeds(out, store->current, machine->now);
}
