/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/plain_page.h"
#include "server/api/events/listeners.h"
#include "server/api/openapi.h"
#include "server/api/record/heads.h"
#include "server/api/record/reads.h"
#include "server/api/views/views.h"
#include "server/base/clock.h"
#include "server/base/version.h"
#include "server/model/gap.h"

/*
 * For operators: alive, ready, figures, description, version. The version is given to any account;
 * figures are given to the machine itself (a loopback address, and no proxy in between that spoke
 * for somebody else) or to an auditor or administrator. The others need no token.
 */

/* Answers as long as the loop runs. It checks nothing else: otherwise an outage of the database
 * would have the process restarted, which can still answer from memory. */
void
view_healthz(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange,
	    &(struct web_answer){
		.status = 200, .type = "text/plain; charset=utf-8", .body = SLICE("alive\n")});
}

/* For a balancer: not ready until every source of the region was tried once and its map was
 * made. */
void
view_readyz(void *ctx, struct web_exchange *exchange)
{
	struct api *api = ctx;
	struct clock_reading reading = clock_read();
	const char *why = snapshot_store_unready(&api->store, reading);
	struct json_out out = {0};

	if (why != NULL) {
		problem_reply_with(
		    exchange, 503, why, &(struct problem_more){.extra = "Retry-After: 1\r\n"});
		return;
	}
	out_object(&out, NULL);
	out_bool(&out, "ready", true);
	out_int(&out, "region", api->store.current->setup->region->version);
	out_text(
	    &out, "confidence", confidence_name(snapshot_store_confidence(&api->store, reading)));
	out_time(&out, "as_of", snapshot_store_as_of(&api->store, reading));
	out_int(&out, "clock_off_seconds", snapshot_store_clock_off(&api->store, reading));
	out_object_end(&out);
	web_reply(exchange,
	    &(struct web_answer){
		.status = 200, .type = "application/json", .body = {out.buf.at, out.buf.len}});
	out_free(&out);
}

/* Bytes of the process that all share: as a copy for each connection, compressed each time, it would be the dearest
 * that a stranger may ask for. */
void
view_openapi(void *ctx, struct web_exchange *exchange)
{
	const struct api *api = ctx;

	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "application/yaml",
				.cache_control = "no-cache",
				.shared = web_bytes_ref(api->openapi)});
}

/* Not without a token: a stranger who knows the version knows its faults. */
void
view_version(struct ask *ask)
{
	struct json_out out = {0};

	if (!ask_fine(ask))
		return;
	out_object(&out, NULL);
	out_text(&out, "version", version_text());
	out_text(&out, "api", "v1");
	out_object_end(&out);
	ask_reply(ask, &out);
	ask_end(ask);
}

/* --------------------------------------------------------------------------------- metrics */

/* The text format of Prometheus. */
static void
put_metric(struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
	buf_printf(out, "# HELP crisiscover_%s %s\n# TYPE crisiscover_%s %s\ncrisiscover_%s %lld\n",
	    name, help, name, type, name, (long long)value);
}

static void
put_web(struct buf *out, const struct api *api)
{
	struct web_stats stats = web_server_stats(api->server);

	put_metric(out, "http_requests_total", "counter", "Requests answered by this process.",
	    (int64_t)stats.requests);
	put_metric(out, "http_connections_total", "counter", "Connections accepted.",
	    (int64_t)stats.connections);
	put_metric(out, "http_connections_open", "gauge", "Connections open now.",
	    (int64_t)stats.open_connections);
	put_metric(out, "http_refused_total", "counter", "Requests refused before any handler.",
	    (int64_t)stats.refused);
	put_metric(out, "http_timed_out_total", "counter", "Connections cut off by a time limit.",
	    (int64_t)stats.timed_out);
	put_metric(out, "loop_lag_milliseconds", "gauge", "How late the event loop was recently.",
	    loop_lag_ms(api->loop));
}

static void
put_listeners(struct buf *out, const struct api *api)
{
	struct listeners_stats stats = listeners_stats(api->listeners);

	put_metric(out, "listeners_open", "gauge", "Those who listen to events now.", stats.open);
	put_metric(out, "listener_messages_total", "counter",
	    "What they were sent, heartbeats included.", stats.sent);
}

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
	buf_add_text(out, "# HELP crisiscover_gaps Open gaps.\n# TYPE crisiscover_gaps gauge\n");
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
	buf_add_text(out, "# HELP crisiscover_feeds Sources.\n# TYPE crisiscover_feeds gauge\n");
	for (int i = 0; i <= FRESHNESS_UNKNOWN; i++)
		for (int j = 0; j < FEED_STANDINGS; j++)
			buf_printf(out, "crisiscover_feeds{freshness=\"%s\",state=\"%s\"} %lld\n",
			    freshness_name((enum freshness)i),
			    kept_feed_standing_name((enum feed_standing)j),
			    (long long)counts[i][j]);
}

/* Counts without names: which account read what is in the audit. */
static void
put_record(struct buf *out, const struct api *api)
{
	struct reads_stats reads = reads_stats(api->reads);
	struct heads_state heads = heads_state(api->heads);

	put_metric(out, "audit_reads_total", "counter",
	    "Answers of this process that held somebody's name or number.", reads.noted);
	put_metric(out, "audit_reads_waiting", "gauge",
	    "Rows about them that are not in the audit yet.", reads.waiting);
	put_metric(out, "audit_reads_dropped", "counter",
	    "Reads that were not noted, for want of room.", reads.dropped);
	if (api->heads == NULL)
		return;
	put_metric(out, "audit_head_seq", "gauge",
	    "Number of the row whose hash was carried out of the database last.", heads.seq);
	put_metric(out, "audit_rewritten", "gauge",
	    "1 when the audit is no longer what was carried out of the database before.",
	    heads.rewritten);
}

static void
put_clock(struct buf *out, const char *metric, const char *role, int64_t ms)
{
	buf_printf(out, "crisiscover_%s{role=\"%s\"} %s%lld.%03lld\n", metric, role,
	    ms < 0 ? "-" : "", llabs(ms) / 1000, llabs(ms) % 1000);
}

/* This process measures its own clock each time that it reads from the database; the other roles
 * leave theirs there. */
static void
put_clocks(struct buf *out, const struct snapshot_store *store, struct clock_reading reading)
{
	static const char offset[] = "clock_offset_seconds", age[] = "clock_offset_age_seconds";
	const struct role_clock *clocks = store->role_clocks;
	int64_t now = database_clock_now_us(&store->clock, reading);

	buf_printf(out,
	    "# HELP crisiscover_%s By how much the database's clock was ahead of a role's machine.\n"
	    "# TYPE crisiscover_%s gauge\n",
	    offset, offset);
	put_clock(out, offset, "api", database_clock_ahead_ms(&store->clock, reading));
	for (unsigned i = 0; i < store->nrole_clocks; i++)
		put_clock(out, offset, clocks[i].role, clocks[i].ahead_ms);
	buf_printf(out,
	    "# HELP crisiscover_%s How long ago that was measured.\n"
	    "# TYPE crisiscover_%s gauge\n",
	    age, age);
	put_clock(out, age, "api", reading.boot_ms - store->checked_boot_ms);
	for (unsigned i = 0; i < store->nrole_clocks; i++)
		put_clock(out, age, clocks[i].role, (now - clocks[i].at_us) / 1000);
}

/* Counts and ages only, so that this page may be read by a program on the machine without a
 * token. */
static void
put_store(struct buf *out, struct api *api, struct clock_reading reading)
{
	const struct snapshot_store *store = &api->store;
	int64_t now = snapshot_store_now(store, reading);

	put_metric(out, "ready", "gauge", "1 when /readyz answers 200.",
	    snapshot_store_unready(&api->store, reading) == NULL);
	put_metric(out, "snapshots_total", "counter", "Snapshots shown since the start.",
	    (int64_t)store->shown);
	put_metric(out, "region_reads_total", "counter",
	    "How often a region was read whole since the start.", (int64_t)store->regions_read);
	put_metric(out, "region_patches_total", "counter",
	    "How often only what had changed in the region was taken up.",
	    (int64_t)store->regions_patched);
	put_metric(out, "flags_unpublished", "gauge",
	    "Flags that wait to be published, counted up to 10001.", store->look.unpublished);
	/* The rest is about the snapshot, and there is none until the first one was loaded. */
	if (store->current == NULL)
		return;
	put_metric(out, "snapshot_age_seconds", "gauge",
	    "How long ago the snapshot was known to be right.", snapshot_store_age(store, reading));
	put_metric(out, "clock_off_seconds", "gauge",
	    "By how much the database's clock is ahead of this machine's; 0 below 2 seconds.",
	    snapshot_store_clock_off(store, reading));
	if (store->seen_database)
		put_clocks(out, store, reading);
	put_metric(out, "map_version", "gauge", "Version of the map in memory.",
	    store->current->mark.version);
	put_gaps(out, store->current, now);
	put_feeds(out, store->current, now);
}

/* A proxy on this machine sends requests of others, and marks them with a header, if it was told to. So where
 * one is set up nobody is believed to be of this machine. */
static bool
from_this_machine(const struct api *api, struct web_exchange *exchange)
{
	const char *peer = web_peer(exchange);

	if (api->has_providers || api->metrics_token.given ||
	    web_header(exchange, "x-forwarded-for").at != NULL ||
	    web_header(exchange, "forwarded").at != NULL)
		return false;
	return strcmp(peer, "::1") == 0 || strncmp(peer, "127.", 4) == 0 ||
	       strncmp(peer, "::ffff:127.", 11) == 0;
}

void
view_metrics(void *ctx, struct web_exchange *exchange)
{
	struct api *api = ctx;
	struct buf out = {0};
	struct ask ask;

	/* Figures tell a stranger about load and outages. */
	if (!from_this_machine(api, exchange) &&
	    !secret_file_is(&api->metrics_token, ask_bearer(exchange))) {
		/* ask_begin() has replied if the account may not. */
		if (!ask_begin(&ask, ctx, exchange, RIGHT_REVIEW))
			return;
		ask_end(&ask);
	}
	put_web(&out, api);
	put_listeners(&out, api);
	put_store(&out, api, clock_read());
	put_record(&out, api);
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain; version=0.0.4; charset=utf-8",
				.body = {out.at, out.len}});
	buf_free(&out);
}

/* The style of the pages that need no script: one address, which any proxy may know. */
void
view_plain_style(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/css; charset=utf-8",
				.cache_control = "public, max-age=3600",
				.body = plain_page_style()});
}
