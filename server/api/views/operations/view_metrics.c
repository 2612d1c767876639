/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/api/ask/ask.h"
#include "server/api/views/operations/metrics.h"
#include "server/api/views/operations/operator.h"
#include "server/api/views/views.h"

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
    {FIGURE_MESSAGES_WAITING, MOST, "messages_waiting", "",
	"Messages to people that wait to be sent, or to be tried again."},
    {FIGURE_MESSAGES_OLDEST, MOST, "messages_waiting_oldest_seconds", "",
	"For how long the oldest of them has waited."},
    {FIGURE_MESSAGES_UNDELIVERED, MOST, "messages_undelivered", "",
	"Messages of the last seven days that were given up."},
    {FIGURE_MESSAGES_WRITTEN, SUM, "messages_written_total", "", "Messages written."},
    {FIGURE_MESSAGES_SENT, SUM, "messages_sent_total", "", "Messages that the other side took."},
    {FIGURE_MESSAGES_FAILED, SUM, "message_attempts_failed_total", "",
	"Attempts to send a message that failed."},
    {FIGURE_NOTIFY_SILENT, MOST, "notify_silent", "",
	"1 when the notify role has had no round in which all went well for notify_silent_seconds."},
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
			metrics_head(
			    out, rows[i].name, counter ? "counter" : "gauge", rows[i].help);
		buf_printf(
		    out, "crisiscover_%s%s %lld\n", rows[i].name, rows[i].labels, (long long)value);
	}
}

static void
put_last_good(struct buf *out, const struct machine *machine)
{
	struct machine_last_good file = machine_last_good(machine);

	metrics_one(
	    out, "keeper_up", "1 when an api process writes the last-good file.", file.kept);
	if (!file.kept)
		return;
	metrics_one(out, "last_good_waiting_seconds",
	    "For how long something has waited to be written to the last-good file; 0: it has all.",
	    file.waiting);
	if (file.age >= 0)
		metrics_one(out, "last_good_age_seconds",
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
		metrics_head(out, families[i].name, "gauge", families[i].help);
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
		metrics_head(out, "canary_age_seconds", "gauge",
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
			metrics_one(out, ages[i].name, ages[i].help, age);
	}
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
	metrics_put_processes(&out, machine);
	put_last_good(&out, machine);
	put_canary(&out, machine);
	put_ages(&out, machine);
	put_disks(&out, machine);
	metrics_put_store(&out, api, machine);
	free(machine);
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain; version=0.0.4; charset=utf-8",
				.body = {out.at, out.len}});
	buf_free(&out);
}
