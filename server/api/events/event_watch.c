/* SPDX-License-Identifier: MIT */
#include "server/api/events/event_watch.h"

#include "server/base/arena.h"

/* A change of many rotas at once is a few thousand events. When the ring is full the oldest are
 * dropped, and a listener that has not had them gets a reset. */
#define EVENTS_MOST 8192

void
event_watch_open(struct event_watch *watch)
{
	*watch = (struct event_watch){.ring = event_ring_new(EVENTS_MOST)};
}

void
event_watch_close(struct event_watch *watch)
{
	event_ring_free(watch->ring);
	snapshot_unref(watch->seen);
	*watch = (struct event_watch){0};
}

/* The database's time when the round that is shown began: what was committed before is in it. */
static int64_t
shown_us(const struct snapshot_store *store, struct clock_reading reading)
{
	reading.boot_ms = store->checked_boot_ms;
	return store->clock.known ? database_clock_now_us(&store->clock, reading) : 0;
}

/* Whether what is shown now can be compared with what was seen before. Not after a restore, which
 * gives another epoch or an older map: what was sent may never have happened in that database. Nor
 * across the first sight of the database, since a map loaded from the disk may be of any age. */
static bool
follows(const struct event_watch *watch, const struct snapshot_store *store)
{
	const struct map_mark *seen, *mark = &store->current->mark;

	if (watch->seen == NULL || watch->seen_database != store->seen_database)
		return false;
	seen = &watch->seen->mark;
	return seen->epoch == mark->epoch && seen->version <= mark->version;
}

static bool
add_changes(struct event_watch *watch, const struct map_look *after, int64_t at_us)
{
	struct map_look before = {watch->seen, watch->seen_at};
	struct arena *arena = arena_new(0);
	struct changes changes;
	bool same = changes_find(arena, &before, after, &changes);

	if (same) {
		event_ring_move(watch->ring, after->map->setup->region);
		event_ring_add(watch->ring, &changes, after->map->mark.version, at_us);
	}
	arena_free(arena);
	return same;
}

void
event_watch_look(
    struct event_watch *watch, const struct snapshot_store *store, struct clock_reading reading)
{
	struct map_look after = {store->current, snapshot_store_now(store, reading)};
	int64_t at_us, shown = shown_us(store, reading);

	if (store->current == NULL)
		return;
	/* Later than anything that the round can have read. */
	at_us = store->clock.known ? database_clock_now_us(&store->clock, reading) : 0;
	if (!follows(watch, store) || !add_changes(watch, &after, at_us))
		event_ring_restart(watch->ring, store->current->setup->region,
		    store->seen_database ? store->current->mark.epoch : 0, shown);
	if (watch->seen != store->current) {
		snapshot_unref(watch->seen);
		watch->seen = snapshot_ref(store->current);
	}
	watch->seen_at = after.at;
	watch->shown_us = shown;
	watch->seen_database = store->seen_database;
}

void
event_watch_position(const struct event_watch *watch, char out[EVENT_POSITION_MAX])
{
	event_ring_position(watch->ring, watch->shown_us, out);
}
