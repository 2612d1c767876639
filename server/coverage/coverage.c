/* SPDX-License-Identifier: MIT */
#include "server/coverage/coverage.h"
#include "server/base/civil.h"

#include <stdlib.h>

#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/coverage/contacts.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/cycle.h"

/*
 * Turns shifts into the map: who covers which place at every instant, where nobody does, and a flag
 * for it. All its state is in the database; its work is cycles (cycle.h), each of which ends in
 * single commits that a second process may have made instead. So there may be any number of it, its
 * death loses nothing, and the next process continues from what the tables say.
 *
 * It trusts no hint: shifts_changed and region_applied only start a run sooner. A poll starts a run
 * anyway, also for the sources, whose state changes with their age; and a timer wakes it at the
 * next instant at which time alone changes something. It must not read a calendar, answer a
 * question or publish a flag.
 *
 * It ends when it is asked to. Without it the api continues to answer from the last map, whose age
 * grows.
 */
#define POLL_MS 5000
#define CHECK_MS INT64_C(3600000)
#define NIGHTLY_LOCAL_SECONDS (3 * 3600 + 30 * 60)
#define DAY_SECONDS 86400
#define HOLIDAYS_MAX_BYTES (1 << 20)

struct coverage {
	struct loop *loop;
	struct pg *pg;
	struct setup_tools tools;
	struct cycle *cycle;
	struct backoff backoff;
	struct loop_timer *due; /* the next run that no hint asks for */
	struct pg_call *tidying, *maintaining, *reminding, *erasing;
	const struct config *config;
};

/* -------------------------------------------------------------------------------------- jobs */

/* The timer is for instants at which time alone changes something, which may be that a source has
 * become too old. So the run reads the sources too. */
static void
on_due(void *ctx)
{
	struct coverage *coverage = ctx;

	coverage->due = NULL;
	cycle_run(coverage->cycle, true);
}

/* After a failure the next run waits longer each time: if the database is away or refuses, asking
 * again at once helps nobody. */
static void
on_cycle_done(void *ctx, enum status st, int64_t wait_ms)
{
	struct coverage *coverage = ctx;

	if (st == STATUS_OK)
		backoff_reset(&coverage->backoff);
	else
		wait_ms = backoff_next_ms(&coverage->backoff);
	loop_timer_cancel(coverage->due);
	coverage->due =
	    /* A longer wait is left to the poll, which comes first anyway. */
	    wait_ms < POLL_MS ? loop_after(coverage->loop, wait_ms, on_due, coverage) : NULL;
}

/* A failure is only logged. Tidying is done again in an hour and nothing waits for it. */
static void
on_tidied(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct coverage *coverage = ctx;

	(void)rows;
	coverage->tidying = NULL;
	if (st != STATUS_OK)
		log_event(LOG_WARN, "tidy_failed", LOG_STR("status", status_name(st)));
}

/* A failure is only logged: without its month's partition a row goes to the partition for the rest,
 * and the next round moves it. */
static void
on_maintained(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct coverage *coverage = ctx;

	coverage->maintaining = NULL;
	if (st != STATUS_OK)
		log_event(LOG_WARN, "record_not_maintained", LOG_STR("status", status_name(st)));
	else if (pg_get_int(rows, 0, COVERAGE_MAINTAIN_MADE) +
		     pg_get_int(rows, 0, COVERAGE_MAINTAIN_DROPPED) +
		     pg_get_int(rows, 0, COVERAGE_MAINTAIN_BODIES) +
		     pg_get_int(rows, 0, COVERAGE_MAINTAIN_REMARKS) >
		 0)
		log_event(LOG_INFO, "record_maintained",
		    LOG_INT("months_made", pg_get_int(rows, 0, COVERAGE_MAINTAIN_MADE)),
		    LOG_INT("months_dropped", pg_get_int(rows, 0, COVERAGE_MAINTAIN_DROPPED)),
		    LOG_INT("bodies_deleted", pg_get_int(rows, 0, COVERAGE_MAINTAIN_BODIES)),
		    LOG_INT("remarks_deleted", pg_get_int(rows, 0, COVERAGE_MAINTAIN_REMARKS)));
}

static void
on_erased(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct coverage *coverage = ctx;

	coverage->erasing = NULL;
	if (st != STATUS_OK)
		log_event(LOG_WARN, "nobody_erased", LOG_STR("status", status_name(st)));
	else if (pg_get_int(rows, 0, COVERAGE_SUBJECTS_DUE_ERASED) > 0)
		log_event(LOG_INFO, "person_erased",
		    LOG_INT("people", pg_get_int(rows, 0, COVERAGE_SUBJECTS_DUE_ERASED)));
}

/* One person in a round, and a round each hour: nothing else waits for long. */
static void
erase_people(struct coverage *coverage)
{
	struct pg_args args = {0};

	if (coverage->erasing != NULL)
		return;
	pg_int8(&args, coverage->config->retain_person_days);
	coverage->erasing =
	    pg_call(coverage->pg, &COVERAGE_SUBJECTS_DUE, &args, on_erased, coverage);
}

/* The months to come of the record, and what has been kept long enough. */
static void
maintain(struct coverage *coverage)
{
	const struct config *config = coverage->config;
	const struct {
		const char *name;
		int64_t days;
	} kept[] = {
	    {"shift", config->retain_shift_days},
	    {"span", config->retain_span_days},
	    {"flag", config->retain_flag_days},
	    {"audit", config->retain_audit_days},
	    {"source", config->retain_source_days},
	    {"remark", config->retain_remark_days},
	};
	enum { KEPT = sizeof kept / sizeof *kept };
	const char *names[KEPT];
	int64_t days[KEPT];
	struct pg_args args = {0};

	/* Dropping a month may take longer than the hour to the next round. */
	if (coverage->maintaining != NULL)
		return;
	for (size_t i = 0; i < KEPT; i++) {
		names[i] = kept[i].name;
		/* A table without a setting of its own follows the one for the whole record. */
		days[i] = kept[i].days < 0 ? config->retain_record_days : kept[i].days;
	}
	pg_int8(&args, config->retain_bodies_days);
	pg_text_array(&args, names, KEPT);
	pg_int8_array(&args, days, KEPT);
	coverage->maintaining =
	    pg_call(coverage->pg, &COVERAGE_MAINTAIN, &args, on_maintained, coverage);
}

static void
on_reminded(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct coverage *coverage = ctx;

	coverage->reminding = NULL;
	if (st != STATUS_OK)
		log_event(LOG_WARN, "contacts_not_reminded", LOG_STR("status", status_name(st)));
	else if (pg_get_int(rows, 0, COVERAGE_CONTACTS_FLAGS) > 0)
		log_event(LOG_INFO, "contacts_reminded",
		    LOG_INT("flags", pg_get_int(rows, 0, COVERAGE_CONTACTS_FLAGS)));
}

/* Of numbers that nobody has checked for a long time. A failure is made good in an hour. */
static void
remind_of_contacts(struct coverage *coverage)
{
	const struct setup *setup = cycle_setup(coverage->cycle);

	if (setup != NULL && coverage->reminding == NULL)
		coverage->reminding =
		    contacts_remind(coverage->pg, setup, clock_wall(), on_reminded, coverage);
}

/* ------------------------------------------------------------------------------------- hints */

/* A hint comes when shifts or the region changed, and both leave marks. The sources are left to the
 * poll, since reading them all is the dearer question. */
static void
on_hint(void *ctx)
{
	struct coverage *coverage = ctx;

	cycle_run(coverage->cycle, false);
}

/* ------------------------------------------------------------------------------------ timers */

static void
on_poll(void *ctx)
{
	struct coverage *coverage = ctx;

	cycle_run(coverage->cycle, true);
}

/* The check is only wished for here; the run makes it when there is no other work. */
static void
on_hour(void *ctx)
{
	struct coverage *coverage = ctx;

	cycle_check_some(coverage->cycle);
	cycle_run(coverage->cycle, true);
	if (coverage->tidying == NULL)
		coverage->tidying =
		    pg_call(coverage->pg, &COVERAGE_TIDY, NULL, on_tidied, coverage);
	maintain(coverage);
	erase_people(coverage);
	remind_of_contacts(coverage);
}

static void on_night(void *ctx);

/* The hour of the nightly check is the one instant here that the machine's own clock decides: a
 * wrong clock makes the check come at another hour and nothing else. It is one-shot and set again
 * each night, because two nights may be 23 or 25 hours apart. */
static void
await_night(struct coverage *coverage)
{
	const struct zone *zone = zonedb_find(coverage->tools.zones, "Europe/London");
	int64_t now = clock_wall(), day = civil_day_of(zone_local(zone, now));
	int64_t next = zone_instant(zone, day * DAY_SECONDS + NIGHTLY_LOCAL_SECONDS, NULL);

	/* Started after today's check. */
	if (next <= now)
		next = zone_instant(zone, (day + 1) * DAY_SECONDS + NIGHTLY_LOCAL_SECONDS, NULL);
	loop_after(coverage->loop, (next - now) * 1000, on_night, coverage);
}

static void
on_night(void *ctx)
{
	struct coverage *coverage = ctx;

	cycle_check_all(coverage->cycle);
	cycle_run(coverage->cycle, true);
	/* Also here, for a process that is never an hour old. */
	remind_of_contacts(coverage);
	await_night(coverage);
}

/* -------------------------------------------------------------------------------------- main */

/* Without time zones or bank holidays no demand can be swept rightly, so the process ends with a
 * message instead of writing a wrong map. */
static void
read_tools(
    struct setup_tools *tools, const struct config *config, struct zonedb **zones, char **holidays)
{
	size_t len;

	if (zonedb_open(config->zoneinfo_directory, zones) != STATUS_OK)
		fatal("could not read the tz database in %s", config->zoneinfo_directory);
	if (file_read(config->bank_holidays, HOLIDAYS_MAX_BYTES, holidays, &len) != STATUS_OK)
		fatal("could not read the bank holidays in %s", config->bank_holidays);
	*tools = (struct setup_tools){
	    .zones = *zones, .holidays = {*holidays, len}, .canary = config->canary_seconds > 0};
}

int
coverage_main(const struct role_env *env)
{
	struct coverage coverage = {.loop = loop_new(), .config = env->config};
	struct pg_options options = {.conninfo = env->conninfo,
	    .application_name = "crisiscover-coverage",
	    /* A standby accepts no writes. */
	    .primary_only = true};
	struct zonedb *zones;
	char *holidays;

	role_signals(coverage.loop);
	role_figures(coverage.loop, env, NULL, NULL);
	figure_done(); /* else one that begins in an outage would have no age */
	read_tools(&coverage.tools, env->config, &zones, &holidays);
	backoff_init(&coverage.backoff, 20, POLL_MS);
	coverage.pg = pg_open(coverage.loop, &options);
	coverage.cycle = cycle_new(coverage.pg, &coverage.tools, on_cycle_done, &coverage);
	/* Listening begins before the first run, so that no change falls between them. */
	pg_listen(coverage.pg, "shifts_changed", on_hint, &coverage);
	pg_listen(coverage.pg, "region_applied", on_hint, &coverage);
	loop_every(coverage.loop, POLL_MS, on_poll, &coverage);
	loop_every(coverage.loop, CHECK_MS, on_hour, &coverage);
	await_night(&coverage);
	maintain(&coverage);
	erase_people(&coverage);
	cycle_run(coverage.cycle, true);
	loop_run(coverage.loop);
	/* The calls first: an answer would reach a cycle that is gone. */
	pg_call_cancel(coverage.tidying);
	pg_call_cancel(coverage.maintaining);
	pg_call_cancel(coverage.erasing);
	pg_call_cancel(coverage.reminding);
	cycle_free(coverage.cycle);
	pg_close(coverage.pg);
	loop_free(coverage.loop);
	zonedb_free(zones);
	free(holidays);
	return 0;
}
