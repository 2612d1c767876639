/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_store.h"

#include <stddef.h>

static const char *const confidence_names[] = {
    [CONFIDENCE_LIVE] = "live",
    [CONFIDENCE_STALE] = "stale",
    [CONFIDENCE_LAST_GOOD] = "last_good",
    [CONFIDENCE_CLOCK_DOUBTFUL] = "clock_doubtful",
};

const char *
confidence_name(enum confidence confidence)
{
	return confidence_names[confidence];
}

/* Answers under way keep their own reference to the snapshot before. */
void
snapshot_store_show(struct snapshot_store *store, struct snapshot *snapshot)
{
	/* The new snapshot is current before the old one is released, so there is no instant
	 * without one. */
	struct snapshot *before = store->current;

	snapshot->generation = ++store->shown;
	store->current = snapshot;
	snapshot_unref(before);
}

void
snapshot_store_drop(struct snapshot_store *store)
{
	snapshot_unref(store->current);
	store->current = NULL;
	sessions_free(store->sessions);
	store->sessions = NULL;
}

/* The database's clock as far as it is known; before it was first read only the machine's own. */
int64_t
snapshot_store_now(const struct snapshot_store *store, struct clock_reading reading)
{
	if (!store->clock.known)
		return reading.wall_us / 1000000;
	return database_clock_now_us(&store->clock, reading) / 1000000;
}

/* The other instant that it may be, if the two clocks disagree (lookup_doubt()). */
int64_t
snapshot_store_other_now(const struct snapshot_store *store, struct clock_reading reading)
{
	return store->seen_database ? reading.wall_us / 1000000 : store->checked_at;
}

/* How long ago the database was last asked. Measured with a clock that nobody can set, once the
 * database's clock was read; before, the times of two machines' clocks are subtracted and may even
 * be negative. */
int64_t
snapshot_store_age(const struct snapshot_store *store, struct clock_reading reading)
{
	int64_t age = reading.wall_us / 1000000 - store->checked_at;

	if (store->seen_database)
		return (reading.boot_ms - store->checked_boot_ms) / 1000;
	return age > 0 ? age : 0;
}

int64_t
snapshot_store_as_of(const struct snapshot_store *store, struct clock_reading reading)
{
	if (!store->seen_database)
		return store->checked_at;
	/* Not the difference of two rounded values, which moves by a second from one answer to the
	 * next while nothing was read. */
	reading.boot_ms = store->checked_boot_ms;
	return snapshot_store_now(store, reading);
}

/* Before the database's clock was read only the file's time is known: a clock that is before it is
 * wrong. */
int64_t
snapshot_store_clock_off(const struct snapshot_store *store, struct clock_reading reading)
{
	int64_t late = store->checked_at - reading.wall_us / 1000000;

	if (store->seen_database)
		return database_clock_off(&store->clock, reading);
	return late >= DATABASE_CLOCK_TOLD_SECONDS ? late : 0;
}

/* The clock comes first: with a wrong clock even a fresh map answers for the wrong instant. */
enum confidence
snapshot_store_confidence(const struct snapshot_store *store, struct clock_reading reading)
{
	if (database_clock_doubtful(snapshot_store_clock_off(store, reading)))
		return CONFIDENCE_CLOCK_DOUBTFUL;
	if (!store->seen_database)
		return CONFIDENCE_LAST_GOOD;
	return snapshot_store_age(store, reading) < STORE_LIVE_SECONDS ? CONFIDENCE_LIVE
								       : CONFIDENCE_STALE;
}

/* Until then "not known" only means that nothing was read yet. */
static bool
every_source_attempted(const struct snapshot *snapshot)
{
	const struct region *region = snapshot->setup->region;

	for (uint32_t i = 0; i < region->nrotas; i++) {
		const struct kept_feed *feed = snapshot->feeds[i];

		if (feed == NULL)
			return false;
		if (kept_feed_kind_is_fetched(feed->facts.kind) &&
		    feed->facts.last_attempt_at == INSTANT_NEVER)
			return false;
	}
	return true;
}

/* In the order in which it comes about after a region was applied. */
static const char *
not_yet(const struct snapshot_store *store)
{
	const struct snapshot *snapshot = store->current;
	int64_t wanted = store->look.newest_region;

	if (wanted == 0)
		return "No region has been applied yet.";
	if (snapshot->setup->region->version != wanted)
		return "The region that was applied is not in this process's memory yet.";
	if (!every_source_attempted(snapshot))
		return "Some sources have not been read for the first time yet.";
	if (store->look.waiting_imports > 0)
		return "Some files of the region have not been read yet.";
	if (store->look.dirty || snapshot->mark.swept_region != wanted)
		return "The map of the region that was applied has not been worked out yet.";
	return NULL;
}

/* Once ready under a region, it stays ready: a source that fails later is shown in the answers, and
 * taking the process out of service would help nobody. */
const char *
snapshot_store_unready(struct snapshot_store *store, struct clock_reading reading)
{
	const char *why;

	if (store->current == NULL)
		return "Nothing has been read from the database yet, and there is no last-good file.";
	if (store->ready && store->ready_region == store->current->setup->region->version &&
	    (!store->seen_database || store->look.newest_region == store->ready_region))
		return NULL;
	if (!store->seen_database)
		return "The database has not been seen since the start, and the last-good file was not ready.";
	if (snapshot_store_age(store, reading) >= STORE_LIVE_SECONDS)
		return "The database has not answered for more than ten seconds.";
	why = not_yet(store);
	if (why == NULL) {
		store->ready = true;
		store->ready_region = store->look.newest_region;
	}
	return why;
}
