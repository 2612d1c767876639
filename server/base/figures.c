/* SPDX-License-Identifier: MIT */
#include "server/base/figures.h"

#include <stdio.h>
#include <string.h>

#include "server/base/clock.h"
#include "server/base/figures_private.h"

static const struct {
	const char *name;
	enum figure_kind kind;
} rows[FIGURES] = {
    [FIGURE_STARTS] = {"starts", FIGURE_COUNTER},
    [FIGURE_WORK_STEPS] = {"work_steps", FIGURE_COUNTER},
    [FIGURE_WORK_AT] = {"work_at", FIGURE_GAUGE},
    [FIGURE_DONE_AT] = {"done_at", FIGURE_GAUGE},
    [FIGURE_LOOP_LAG_MS] = {"loop_lag_ms", FIGURE_GAUGE},
    [FIGURE_LIBRARIES_REPLACED] = {"libraries_replaced", FIGURE_GAUGE},
    [FIGURE_DATABASE_WANTED] = {"database_wanted", FIGURE_GAUGE},
    [FIGURE_DATABASE_UP] = {"database_up", FIGURE_GAUGE},
    [FIGURE_SCHEMA_DIFFERED_AT] = {"schema_differed_at", FIGURE_GAUGE},
    [FIGURE_REDIS_WANTED] = {"redis_wanted", FIGURE_GAUGE},
    [FIGURE_REDIS_UP] = {"redis_up", FIGURE_GAUGE},
    [FIGURE_CLOCK_AHEAD_MS] = {"clock_ahead_ms", FIGURE_GAUGE},
    [FIGURE_ROLES_HUNG] = {"roles_hung", FIGURE_COUNTER},
    [FIGURE_ROLES_DIED] = {"roles_died", FIGURE_COUNTER},
    [FIGURE_READY] = {"ready", FIGURE_GAUGE},
    [FIGURE_SNAPSHOT_AGE] = {"snapshot_age", FIGURE_GAUGE},
    [FIGURE_HTTP_REQUESTS] = {"http_requests", FIGURE_COUNTER},
    [FIGURE_HTTP_CONNECTIONS] = {"http_connections", FIGURE_COUNTER},
    [FIGURE_HTTP_OPEN] = {"http_open", FIGURE_GAUGE},
    [FIGURE_HTTP_REFUSED] = {"http_refused", FIGURE_COUNTER},
    [FIGURE_HTTP_TIMED_OUT] = {"http_timed_out", FIGURE_COUNTER},
    [FIGURE_RATE_ACCOUNT] = {"rate_account", FIGURE_COUNTER},
    [FIGURE_RATE_TOKEN] = {"rate_token", FIGURE_COUNTER},
    [FIGURE_RATE_ADDRESS] = {"rate_address", FIGURE_COUNTER},
    [FIGURE_LARGE_OPEN] = {"large_open", FIGURE_GAUGE},
    [FIGURE_LARGE_REFUSED] = {"large_refused", FIGURE_COUNTER},
    [FIGURE_SLICES] = {"slices", FIGURE_COUNTER},
    [FIGURE_SLICE_LONGEST_US] = {"slice_longest_us", FIGURE_GAUGE},
    [FIGURE_LISTENERS_OPEN] = {"listeners_open", FIGURE_GAUGE},
    [FIGURE_LISTENER_MESSAGES] = {"listener_messages", FIGURE_COUNTER},
    [FIGURE_SNAPSHOTS] = {"snapshots", FIGURE_COUNTER},
    [FIGURE_REGION_READS] = {"region_reads", FIGURE_COUNTER},
    [FIGURE_REGION_PATCHES] = {"region_patches", FIGURE_COUNTER},
    [FIGURE_READS_NOTED] = {"reads_noted", FIGURE_COUNTER},
    [FIGURE_READS_WAITING] = {"reads_waiting", FIGURE_GAUGE},
    [FIGURE_READS_DROPPED] = {"reads_dropped", FIGURE_COUNTER},
    [FIGURE_LOGINS_CREDENTIAL] = {"logins_credential", FIGURE_COUNTER},
    [FIGURE_LOGINS_TOO_MANY] = {"logins_too_many", FIGURE_COUNTER},
    [FIGURE_LOGINS_TOKEN] = {"logins_token", FIGURE_COUNTER},
    [FIGURE_LOGINS_PROVIDER] = {"logins_provider", FIGURE_COUNTER},
    [FIGURE_KEEPER] = {"keeper", FIGURE_GAUGE},
    [FIGURE_LAST_GOOD_AT] = {"last_good_at", FIGURE_GAUGE},
    [FIGURE_LAST_GOOD_WAITING] = {"last_good_waiting", FIGURE_GAUGE},
    [FIGURE_AUDIT_HEAD] = {"audit_head", FIGURE_GAUGE},
    [FIGURE_AUDIT_REWRITTEN] = {"audit_rewritten", FIGURE_GAUGE},
    [FIGURE_CHECK_AT] = {"check_at", FIGURE_KEPT},
    [FIGURE_CHECK_DEMANDS] = {"check_demands", FIGURE_COUNTER},
    [FIGURE_CHECK_DIFFERENCES] = {"check_differences", FIGURE_COUNTER},
    [FIGURE_CHECK_DIFFERED_AT] = {"check_differed_at", FIGURE_KEPT},
    [FIGURE_CANARY_FLAG_AT] = {"canary_flag_at", FIGURE_KEPT},
    [FIGURE_CANARY_FLAG_MS] = {"canary_flag_ms", FIGURE_GAUGE},
    [FIGURE_CANARY_LOOKUP_AT] = {"canary_lookup_at", FIGURE_KEPT},
    [FIGURE_CANARY_LOOKUP_MS] = {"canary_lookup_ms", FIGURE_GAUGE},
    [FIGURE_MESSAGES_WAITING] = {"messages_waiting", FIGURE_GAUGE},
    [FIGURE_MESSAGES_OLDEST] = {"messages_oldest", FIGURE_GAUGE},
    [FIGURE_MESSAGES_UNDELIVERED] = {"messages_undelivered", FIGURE_GAUGE},
    [FIGURE_MESSAGES_WRITTEN] = {"messages_written", FIGURE_COUNTER},
    [FIGURE_MESSAGES_SENT] = {"messages_sent", FIGURE_COUNTER},
    [FIGURE_MESSAGES_FAILED] = {"messages_failed", FIGURE_COUNTER},
    [FIGURE_NOTIFY_ROUND_AT] = {"notify_round_at", FIGURE_GAUGE},
    [FIGURE_NOTIFY_SILENT] = {"notify_silent", FIGURE_GAUGE},
    [FIGURE_BACKUP_AT] = {"backup_at", FIGURE_GAUGE},
    [FIGURE_BACKUP_CHECK_AT] = {"backup_check_at", FIGURE_GAUGE},
    [FIGURE_ARCHIVED_AT] = {"archived_at", FIGURE_GAUGE},
    [FIGURE_DISK_STATE_FREE] = {"disk_state_free", FIGURE_GAUGE},
    [FIGURE_DISK_STATE_SIZE] = {"disk_state_size", FIGURE_GAUGE},
    [FIGURE_DISK_DATA_FREE] = {"disk_data_free", FIGURE_GAUGE},
    [FIGURE_DISK_DATA_SIZE] = {"disk_data_size", FIGURE_GAUGE},
    [FIGURE_DISK_LOG_FREE] = {"disk_log_free", FIGURE_GAUGE},
    [FIGURE_DISK_LOG_SIZE] = {"disk_log_size", FIGURE_GAUGE},
    [FIGURE_DISK_REDIS_FREE] = {"disk_redis_free", FIGURE_GAUGE},
    [FIGURE_DISK_REDIS_SIZE] = {"disk_redis_size", FIGURE_GAUGE},
};

struct figures figures_own;

const char *
figure_name(enum figure figure)
{
	return rows[figure].name;
}

enum figure_kind
figure_kind(enum figure figure)
{
	return rows[figure].kind;
}

void
figure_set(enum figure figure, int64_t value)
{
	figures_own.values[figure] = value;
	figures_own.known[figure] = true;
}

void
figure_add(enum figure figure, int64_t by)
{
	figure_set(figure, figures_own.values[figure] + by);
}

void
figure_forget(enum figure figure)
{
	figures_own.values[figure] = 0;
	figures_own.known[figure] = false;
}

bool
figure_known(enum figure figure)
{
	return figures_own.known[figure];
}

void
figure_done(void)
{
	figure_set(FIGURE_DONE_AT, clock_boot_ms());
}

int64_t
figure_own(enum figure figure)
{
	return figures_own.values[figure];
}

/* One line, whatever was said. */
void
figure_say(enum figure_text text, const char *words)
{
	char *at = figures_own.texts[text];

	snprintf(at, FIGURE_TEXT_MAX, "%s", words);
	at[strcspn(at, "\n\r")] = '\0';
}
