/* SPDX-License-Identifier: MIT */
#include "server/api/figures.h"

#include "server/api/ask/dear.h"
#include "server/api/ask/rates.h"
#include "server/api/context.h"
#include "server/api/events/listeners.h"
#include "server/api/record/backup_status.h"
#include "server/api/record/heads.h"
#include "server/api/record/reads.h"
#include "server/base/figures.h"

static void
set_web(const struct api *api)
{
	struct web_stats stats = web_server_stats(api->server);
	struct listeners_stats listeners = listeners_stats(api->listeners);

	figure_set(FIGURE_HTTP_REQUESTS, (int64_t)stats.requests);
	figure_set(FIGURE_HTTP_CONNECTIONS, (int64_t)stats.connections);
	figure_set(FIGURE_HTTP_OPEN, (int64_t)stats.open_connections);
	figure_set(FIGURE_HTTP_REFUSED, (int64_t)stats.refused);
	figure_set(FIGURE_HTTP_TIMED_OUT, (int64_t)stats.timed_out);
	figure_set(FIGURE_LISTENERS_OPEN, listeners.open);
	figure_set(FIGURE_LISTENER_MESSAGES, listeners.sent);
}

static void
set_rates(const struct api *api)
{
	struct dear_stats dear = dear_stats(api->dear);

	figure_set(FIGURE_RATE_ACCOUNT, (int64_t)rates_refused(api->rates, RATE_ACCOUNT));
	figure_set(FIGURE_RATE_TOKEN, (int64_t)rates_refused(api->rates, RATE_TOKEN));
	figure_set(FIGURE_RATE_ADDRESS, (int64_t)rates_refused(api->rates, RATE_ADDRESS));
	figure_set(FIGURE_LARGE_OPEN, dear.places);
	figure_set(FIGURE_LARGE_REFUSED, (int64_t)dear.refused);
	figure_set(FIGURE_SLICES, (int64_t)dear.slices.slices);
	figure_set(FIGURE_SLICE_LONGEST_US, dear.slices.longest_us);
}

static void
set_store(struct api *api)
{
	struct snapshot_store *store = &api->store;
	struct clock_reading reading = clock_read();

	figure_set(FIGURE_READY, snapshot_store_unready(store, reading) == NULL);
	figure_set(FIGURE_SNAPSHOTS, (int64_t)store->shown);
	figure_set(FIGURE_REGION_READS, (int64_t)store->regions_read);
	figure_set(FIGURE_REGION_PATCHES, (int64_t)store->regions_patched);
	if (store->current != NULL)
		figure_set(FIGURE_SNAPSHOT_AGE, snapshot_store_age(store, reading));
	if (store->seen_database)
		figure_set(FIGURE_CLOCK_AHEAD_MS, database_clock_ahead_ms(&store->clock, reading));
}

/* Only the keeper carries out the end of the audit. */
static void
set_record(const struct api *api)
{
	struct reads_stats reads = reads_stats(api->reads);
	struct heads_state heads;

	figure_set(FIGURE_READS_NOTED, reads.noted);
	figure_set(FIGURE_READS_WAITING, reads.waiting);
	figure_set(FIGURE_READS_DROPPED, reads.dropped);
	if (api->heads == NULL)
		return;
	heads = heads_state(api->heads);
	figure_set(FIGURE_AUDIT_HEAD, heads.seq);
	figure_set(FIGURE_AUDIT_REWRITTEN, heads.rewritten);
}

void
api_figures(void *ctx)
{
	struct api *api = ctx;

	set_web(api);
	set_rates(api);
	set_store(api);
	set_record(api);
	backup_status_figures(api->files_directory);
}
