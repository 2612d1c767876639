/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/views/operations/machine.h"
#include "server/api/views/operations/operator.h"
#include "server/api/views/views.h"
#include "server/model/gap.h"

/*
 * Figures for Prometheus, of the machine: the same whichever api process is asked. Counts and ages only, so that a
 * program on the machine may read them without a token.
 *
 * Counters are sums over all processes that ever filed one, and never go backwards (base/figures.h); what is said of one
 * process has the labels role and instance. So an alarm needs no arithmetic, and a restart is no spike.
 */

enum merge { SUM, MOST, LEAST };

/* In the order of the page. A name that is repeated with other labels has its help once. */
static const struct {
	enum figure figure;
	enum merge merge;
	const char *name, *labels, *help;
} rows[] = {
    {FIGURE_READY, LEAST, "ready", "", "1 when /readyz of every api process answers 200."},
    {FIGURE_HTTP_REQUESTS, SUM, "http_requests_total", "", "Requests answered."},
    {FIGURE_HTTP_CONNECTIONS, SUM, "http_connections_total", "", "Connections accepted."},
    {FIGURE_HTTP_OPEN, SUM, "http_connections_open", "", "Connections open now."},
    {FIGURE_HTTP_REFUSED, SUM, "http_refused_total", "", "Requests refused before any handler."},
    {FIGURE_HTTP_TIMED_OUT, SUM, "http_timed_out_total", "",
	"Connections cut off by a time limit."},
    {FIGURE_RATE_ACCOUNT, SUM, "rate_refused_total", "{rate=\"account\"}",
	"Requests answered 429, by the rate that they were over."},
    {FIGURE_RATE_TOKEN, SUM, "rate_refused_total", "{rate=\"token\"}", NULL},
    {FIGURE_RATE_ADDRESS, SUM, "rate_refused_total", "{rate=\"address\"}", NULL},
    {FIGURE_LARGE_OPEN, SUM, "large_questions_open", "",
	"Large questions that are not answered yet."},
    {FIGURE_LARGE_REFUSED, SUM, "large_questions_refused_total", "",
	"Large questions answered 429."},
    {FIGURE_SLICES, SUM, "slices_total", "", "Slices in which large questions were answered."},
    {FIGURE_SLICE_LONGEST_US, MOST, "slice_longest_microseconds", "",
	"The longest of them: its process answers nobody meanwhile."},
    {FIGURE_LISTENERS_OPEN, SUM, "listeners_open", "", "Those who listen to events now."},
    {FIGURE_LISTENER_MESSAGES, SUM, "listener_messages_total", "",
	"What they were sent, heartbeats included."},
    {FIGURE_SNAPSHOTS, SUM, "snapshots_total", "", "Snapshots shown."},
    {FIGURE_REGION_READS, SUM, "region_reads_total", "",
	"How often a region was read whole by an api process."},
    {FIGURE_REGION_PATCHES, SUM, "region_patches_total", "",
	"How often an api process took up only what had changed in the region."},
    {FIGURE_SNAPSHOT_AGE, MOST, "snapshot_age_seconds", "",
	"How long ago the snapshot was known to be right, of the api process that knows least."},
    {FIGURE_CANARY_FLAG_MS, MOST, "canary_milliseconds", "{as=\"flag\"}",
	"How long the last change of the rota that nobody sees took."},
    {FIGURE_CANARY_LOOKUP_MS, MOST, "canary_milliseconds", "{as=\"lookup\"}", NULL},
    {FIGURE_READS_NOTED, SUM, "audit_reads_total", "",
	"Answers that held somebody's name or number."},
    {FIGURE_READS_WAITING, SUM, "audit_reads_waiting", "",
	"Rows about them that are not in the audit yet."},
    {FIGURE_READS_DROPPED, SUM, "audit_reads_dropped", "",
	"Reads that were not noted, for want of room."},
    {FIGURE_AUDIT_HEAD, MOST, "audit_head_seq", "",
	"Number of the row whose hash was carried out of the database last."},
    {FIGURE_AUDIT_REWRITTEN, MOST, "audit_rewritten", "",
	"1 when the audit is no longer what was carried out of the database before."},
    {FIGURE_LOGINS_CREDENTIAL, SUM, "logins_rejected_total", "{reason=\"credential\"}",
	"Sign-ins that were rejected: a wrong password, code or link; too many tries; a token that is none; by an identity provider."},
    {FIGURE_LOGINS_TOO_MANY, SUM, "logins_rejected_total", "{reason=\"too_many\"}", NULL},
    {FIGURE_LOGINS_TOKEN, SUM, "logins_rejected_total", "{reason=\"token\"}", NULL},
    {FIGURE_LOGINS_PROVIDER, SUM, "logins_rejected_total", "{reason=\"provider\"}", NULL},
    {FIGURE_ROLES_DIED, SUM, "roles_died_total", "",
	"Processes that ended without being told to, and were started again."},
    {FIGURE_ROLES_HUNG, SUM, "roles_hung_total", "",
	"Processes that gave no sign of life and were ended."},
    {FIGURE_LIBRARIES_REPLACED, MOST, "libraries_replaced", "",
	"Libraries that an update has replaced since a process began: its code waits for a restart."},
    {FIGURE_CHECK_DEMANDS, SUM, "self_check_demands_total", "",
	"Requirements at a place whose cover was worked out again and compared with the map."},
    {FIGURE_CHECK_DIFFERENCES, SUM, "self_check_differences_total", "",
	"Spans and gaps in which the map was not what it was made from; it was put right."},
};

static void
put_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(
	    out, "# HELP crisiscover_%s %s\n# TYPE crisiscover_%s %s\n", name, help, name, type);
}

static void
put_metric(struct buf *out, const char *name, const char *help, int64_t value)
{
	put_head(out, name, "gauge", help);
	buf_printf(out, "crisiscover_%s %lld\n", name, (long long)value);
}

static void
put_seconds(struct buf *out, int64_t ms)
{
	buf_printf(out, " %s%lld.%03lld\n", ms < 0 ? "-" : "", llabs(ms) / 1000, llabs(ms) % 1000);
}

static bool
merge(const struct machine *machine, enum figure figure, enum merge how, int64_t *out)
{
	switch (how) {
	case SUM:
		return machine_sum(machine, figure, out);
	case MOST:
		return machine_most(machine, figure, out);
	case LEAST:
		return machine_least(machine, figure, out);
	}
	return false;
}

static void
put_rows(struct buf *out, const struct machine *machine)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool counter = figure_kind(rows[i].figure) == FIGURE_COUNTER;
		int64_t value;

		/* What nobody has counted has not happened; what nobody has measured is not known. */
		if (!merge(machine, rows[i].figure, rows[i].merge, &value) && !counter)
			continue;
		if (rows[i].help != NULL)
			put_head(out, rows[i].name, counter ? "counter" : "gauge", rows[i].help);
		buf_printf(
		    out, "crisiscover_%s%s %lld\n", rows[i].name, rows[i].labels, (long long)value);
	}
}

/* ------------------------------------------------------------------------------------- process by process */

/* What is said of each process that ought to run. */
enum of_process {
	UP,    /* whether it lives */
	VALUE, /* ${figure}; a gauge of a process that does not live says nothing */
	AGE    /* a member of struct machine_process; -1 says nothing */
};

static const struct {
	const char *name;
	enum of_process what;
	enum figure figure; /* of VALUE */
	size_t age;         /* of AGE: where the member is */
	const char *help;
} process_rows[] = {
    {"role_up", UP, 0, 0, "1 for each process that lives; 0 for one that ought to and does not."},
    {"role_starts_total", VALUE, FIGURE_STARTS, 0,
	"How often a process of this role and number began."},
    {"role_beat_age_seconds", AGE, 0, offsetof(struct machine_process, beat_age_ms),
	"How long ago a process filed its figures; it does each second."},
    {"role_work_age_seconds", AGE, 0, offsetof(struct machine_process, work_age_ms),
	"How long ago the last step of its work was: the api's look, coverage's cycle, a publication, the feeds' look at the set-up."},
    {"role_done_age_seconds", AGE, 0, offsetof(struct machine_process, done_age_ms),
	"How long ago a look, cycle or publication last came to its end without a failure, or the process began."},
    {"loop_lag_milliseconds", VALUE, FIGURE_LOOP_LAG_MS, 0,
	"How late its event loop was recently."},
    {"database_connections_wanted", VALUE, FIGURE_DATABASE_WANTED, 0,
	"Connections to PostgreSQL that a process wants to have."},
    {"database_connections", VALUE, FIGURE_DATABASE_UP, 0, "Those that it has."},
    {"redis_connections_wanted", VALUE, FIGURE_REDIS_WANTED, 0,
	"Connections to Redis that a process wants to have."},
    {"redis_connections", VALUE, FIGURE_REDIS_UP, 0, "Those that it has."},
    {"schema_differed_age_seconds", AGE, 0, offsetof(struct machine_process, schema_age_ms),
	"How long ago a statement found another schema than it expects."},
};

static void
put_process(struct buf *out, size_t row, const struct machine_process *process)
{
	buf_printf(out, "crisiscover_%s{role=\"%s\",instance=\"%u\"}", process_rows[row].name,
	    process->figures.role, process->figures.instance);
}

static void
put_value(struct buf *out, size_t row, const struct machine_process *process)
{
	enum figure figure = process_rows[row].figure;

	if (!process->figures.known[figure] ||
	    (!process->up && figure_kind(figure) != FIGURE_COUNTER))
		return;
	put_process(out, row, process);
	buf_printf(out, " %lld\n", (long long)process->figures.values[figure]);
}

static void
put_age(struct buf *out, size_t row, const struct machine_process *process)
{
	int64_t age_ms;

	memcpy(&age_ms, (const char *)process + process_rows[row].age, sizeof age_ms);
	if (age_ms < 0)
		return;
	put_process(out, row, process);
	put_seconds(out, age_ms);
}

static void
put_of_process(struct buf *out, size_t row, const struct machine_process *process)
{
	switch (process_rows[row].what) {
	case UP:
		put_process(out, row, process);
		buf_printf(out, " %d\n", process->up);
		return;
	case VALUE:
		put_value(out, row, process);
		return;
	case AGE:
		put_age(out, row, process);
		return;
	}
}

static void
put_processes(struct buf *out, const struct machine *machine)
{
	for (size_t row = 0; row < sizeof process_rows / sizeof *process_rows; row++) {
		bool counter = process_rows[row].what == VALUE &&
			       figure_kind(process_rows[row].figure) == FIGURE_COUNTER;

		put_head(out, process_rows[row].name, counter ? "counter" : "gauge",
		    process_rows[row].help);
		for (size_t i = 0; i < machine->count; i++)
			if (machine->processes[i].wanted)
				put_of_process(out, row, &machine->processes[i]);
	}
}

/* ----------------------------------------------------------------------------------------- the machine */

static void
put_last_good(struct buf *out, const struct machine *machine)
{
	struct machine_last_good file = machine_last_good(machine);

	put_metric(out, "keeper_up", "1 when an api process writes the last-good file.", file.kept);
	if (!file.kept)
		return;
	put_metric(out, "last_good_waiting_seconds",
	    "For how long something has waited to be written to the last-good file; 0: it has all.",
	    file.waiting);
	if (file.age >= 0)
		put_metric(out, "last_good_age_seconds",
		    "How long ago the last-good file was written; it is written when something has changed.",
		    file.age);
}

static void
put_disks(struct buf *out, const struct machine *machine)
{
	static const struct {
		const char *name, *help;
	} families[] = {
	    {"disk_free_bytes",
		"Room left for a program that is not root, of each disk that is watched."},
	    {"disk_size_bytes", "Its size."}};

	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		put_head(out, families[i].name, "gauge", families[i].help);
		for (size_t j = 0; j < MACHINE_DISKS; j++) {
			int64_t room[2];

			if (machine_room(machine, &machine_disks[j], &room[0], &room[1]))
				buf_printf(out, "crisiscover_%s{disk=\"%s\"} %lld\n",
				    families[i].name, machine_disks[j].name, (long long)room[i]);
		}
	}
}

static void
put_canary(struct buf *out, const struct machine *machine)
{
	struct machine_canary canary = machine_canary(machine);

	if (canary.flag >= 0 || canary.lookup >= 0)
		put_head(out, "canary_age_seconds", "gauge",
		    "How long ago a change of the rota that nobody sees last came through within 5 seconds: as a flag out of Redis, and as a lookup of the api process that knows least.");
	if (canary.flag >= 0)
		buf_printf(out, "crisiscover_canary_age_seconds{as=\"flag\"} %lld\n",
		    (long long)canary.flag);
	if (canary.lookup >= 0)
		buf_printf(out, "crisiscover_canary_age_seconds{as=\"lookup\"} %lld\n",
		    (long long)canary.lookup);
}

/* How long ago something last was; of what never was there is no row. */
static void
put_ages(struct buf *out, const struct machine *machine)
{
	static const struct {
		enum figure figure;
		const char *name, *help;
	} ages[] = {
	    {FIGURE_CHECK_AT, "self_check_age_seconds",
		"How long ago a part of the map was last compared with what it was made from."},
	    {FIGURE_CHECK_DIFFERED_AT, "self_check_differed_age_seconds",
		"How long ago that last found a difference."},
	    {FIGURE_BACKUP_AT, "backup_age_seconds", "How long ago the newest backup was made."},
	    {FIGURE_BACKUP_CHECK_AT, "backup_check_age_seconds",
		"How long ago the backups were last read against their checksums."},
	    {FIGURE_ARCHIVED_AT, "archive_age_seconds",
		"How long ago the archive last took a segment of the write-ahead log: what is later is lost with the machine."},
	};

	for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
		int64_t age = machine_since(machine, ages[i].figure);

		if (age >= 0)
			put_metric(out, ages[i].name, ages[i].help, age);
	}
}

/* ----------------------------------------------------------------------------------- what the database says */

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
	put_head(out, "gaps", "gauge", "Open gaps.");
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
	put_head(out, "feeds", "gauge", "Sources.");
	for (int i = 0; i <= FRESHNESS_UNKNOWN; i++)
		for (int j = 0; j < FEED_STANDINGS; j++)
			buf_printf(out, "crisiscover_feeds{freshness=\"%s\",state=\"%s\"} %lld\n",
			    freshness_name((enum freshness)i),
			    kept_feed_standing_name((enum feed_standing)j),
			    (long long)counts[i][j]);
	put_metric(out, "held_calendars", "Calendars that wait for a person to decide about them.",
	    machine_feeds(map, now).held);
}

static void
put_clock(struct buf *out, const char *metric, const char *role, int64_t ms)
{
	buf_printf(out, "crisiscover_%s{role=\"%s\"}", metric, role);
	put_seconds(out, ms);
}

/* This process measures its own clock each time that it reads from the database; the other roles
 * leave theirs there. */
static void
put_clocks(struct buf *out, const struct snapshot_store *store, struct clock_reading reading)
{
	static const char offset[] = "clock_offset_seconds", age[] = "clock_offset_age_seconds";
	const struct role_clock *clocks = store->role_clocks;
	int64_t now = database_clock_now_us(&store->clock, reading);

	put_head(out, offset, "gauge",
	    "By how much the database's clock was ahead of a role's machine.");
	put_clock(out, offset, "api", database_clock_ahead_ms(&store->clock, reading));
	for (unsigned i = 0; i < store->nrole_clocks; i++)
		put_clock(out, offset, clocks[i].role, clocks[i].ahead_ms);
	put_head(out, age, "gauge", "How long ago that was measured.");
	put_clock(out, age, "api", reading.boot_ms - store->checked_boot_ms);
	for (unsigned i = 0; i < store->nrole_clocks; i++)
		put_clock(out, age, clocks[i].role, (now - clocks[i].at_us) / 1000);
}

static void
put_store(struct buf *out, const struct api *api, const struct machine *machine)
{
	const struct snapshot_store *store = &api->store;
	int64_t oldest = machine_outbox_age(machine, &store->look);

	put_metric(out, "flags_unpublished",
	    "Flags that wait to be published, counted up to 10001.", store->look.unpublished);
	put_metric(out, "flags_unpublished_oldest_seconds",
	    "How long the oldest of them has waited.", oldest < 0 ? 0 : oldest);
	/* The rest is about the snapshot, and there is none until the first one was loaded. */
	if (store->current == NULL)
		return;
	put_metric(out, "clock_off_seconds",
	    "By how much the database's clock is ahead of this machine's; 0 below 2 seconds.",
	    snapshot_store_clock_off(store, machine->reading));
	if (store->seen_database)
		put_clocks(out, store, machine->reading);
	put_metric(
	    out, "map_version", "Version of the map in memory.", store->current->mark.version);
	put_gaps(out, store->current, machine->now);
	put_feeds(out, store->current, machine->now);
}

void
view_metrics(void *ctx, struct web_exchange *exchange)
{
	struct api *api = ctx;
	struct machine *machine;
	struct buf out = {0};
	struct ask ask;

	/* Figures tell a stranger about load and outages. */
	if (!operator_asks(api, exchange)) {
		/* ask_begin() has replied if the account may not. */
		if (!ask_begin(&ask, ctx, exchange, RIGHT_REVIEW))
			return;
		ask_end(&ask);
	}
	machine = machine_read(api, api->state_directory);
	put_rows(&out, machine);
	put_processes(&out, machine);
	put_last_good(&out, machine);
	put_canary(&out, machine);
	put_ages(&out, machine);
	put_disks(&out, machine);
	put_store(&out, api, machine);
	free(machine);
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain; version=0.0.4; charset=utf-8",
				.body = {out.at, out.len}});
	buf_free(&out);
}
