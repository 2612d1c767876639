/* SPDX-License-Identifier: MIT */
#include "server/notify/round.h"

#include <stdlib.h>

#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/instant.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/notify/compose.h"
#include "server/notify/notify_sql.h"
#include "server/notify/share.h"
#include "server/pg/pg_clock.h"

#define RETRY_LEAST_MS 200
#define RETRY_MOST_MS 5000
#define SEEK_MS 2000  /* how often one who does not lead asks whether it may */
#define REST_MS 10000 /* after which it looks without a hint */
#define TIDY_MS 3600000
#define SOON_MS 100 /* the least between two rounds */
#define FLAGS_AT_ONCE 500
#define NEWS_AT_ONCE 500
#define WAITING_AT_ONCE 5000

/*
 *   RESTING -> LEADING -> COLLECTING … -> UNSHARED -> READERS -> SHARING -> UNSHARED … -> WAITING -> WRITING … -> RUN -> RESTING
 *
 * Every failure leads back to RESTING, with a wait.
 */
struct round {
	struct round_options is;
	struct pg_clock clock;
	struct pg_call *call;
	struct loop_timer *timer;
	struct backoff backoff;
	struct arena *arena; /* of the round under way */
	struct share share;
	struct compose compose;
	uint64_t led;      /* the connection on which this process leads; 0: none */
	int64_t now;       /* by the database's clock, as the round began */
	int64_t tidied_ms; /* 0: not yet */
	bool busy, more;
};

static void begin(struct round *round);

static void
on_timer(void *ctx)
{
	struct round *round = ctx;

	round->timer = NULL;
	begin(round);
}

static void
rest(struct round *round, int64_t ms)
{
	round->busy = false;
	pulse_work(false);
	arena_free(round->arena);
	round->arena = NULL;
	loop_timer_cancel(round->timer);
	round->timer = loop_after(round->is.loop, round->more ? SOON_MS : ms, on_timer, round);
}

static void
failed(struct round *round)
{
	round->more = false;
	rest(round, backoff_next_ms(&round->backoff));
}

static void
call(struct round *round, const struct pg_stmt *stmt, struct pg_args *args, pg_done_fn *done)
{
	round->call = pg_call_in(pg_session(round->is.pg), stmt, args, done, round);
}

/* The callback's first act: false if the statement failed, and the round is over. */
static bool
answered(struct round *round, enum status st)
{
	round->call = NULL;
	if (st != STATUS_OK)
		failed(round);
	return st == STATUS_OK;
}

/* The supervisor, and a service outside, miss it. */
static void
went_well(void)
{
	figure_done();
	figure_set(FIGURE_NOTIFY_ROUND_AT, clock_boot_ms());
}

/* ------------------------------------------------------------------------------------------ run */

/* In how many milliseconds there is something to do, if nobody says so before. */
static int64_t
wait_ms(const struct round *round)
{
	int64_t due = round->compose.next;

	if (due == INSTANT_END || due - round->now >= REST_MS / 1000)
		return REST_MS;
	return due <= round->now ? SOON_MS : (due - round->now) * 1000;
}

static void
on_tidied(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;

	if (!answered(round, st))
		return;
	if (pg_get_int(rows, 0, NOTIFY_TIDY_MESSAGES) > 0)
		log_event(LOG_INFO, "messages_deleted",
		    LOG_INT("messages", pg_get_int(rows, 0, NOTIFY_TIDY_MESSAGES)));
	rest(round, wait_ms(round));
}

/* The round is over; once an hour what is too old is deleted. */
static void
end(struct round *round)
{
	int64_t now = clock_boot_ms();
	struct pg_args args = {0};

	if (round->tidied_ms != 0 && now - round->tidied_ms < TIDY_MS) {
		rest(round, wait_ms(round));
		return;
	}
	round->tidied_ms = now;
	pg_int4(&args, (int32_t)round->is.retain_days);
	call(round, &NOTIFY_TIDY, &args, on_tidied);
}

static void
on_run(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;
	int64_t now;

	if (!answered(round, st))
		return;
	now = pg_get_time(rows, 0, NOTIFY_RUN_NOW);
	figure_set(FIGURE_MESSAGES_WAITING, pg_get_int(rows, 0, NOTIFY_RUN_WAITING));
	figure_set(FIGURE_MESSAGES_OLDEST, now - pg_get_time_or(rows, 0, NOTIFY_RUN_OLDEST, now));
	figure_set(FIGURE_MESSAGES_UNDELIVERED, pg_get_int(rows, 0, NOTIFY_RUN_UNDELIVERED));
	went_well();
	backoff_reset(&round->backoff);
	round->is.wrote(round->is.ctx);
	end(round);
}

/* ---------------------------------------------------------------------------------------- write */

static void write_next(struct round *round);

static void
on_written(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;

	if (!answered(round, st))
		return;
	/* Another process has told some of it since it was read: what is left is read again. */
	if (pg_is_null(rows, 0, NOTIFY_WRITE_ID))
		round->more = true;
	else
		figure_add(FIGURE_MESSAGES_WRITTEN, 1);
	write_next(round);
}

static void
write_next(struct round *round)
{
	struct pg_args args = {0};

	if (compose_next(&round->compose, &args))
		call(round, &NOTIFY_WRITE, &args, on_written);
	else
		call(round, &NOTIFY_RUN, NULL, on_run);
}

static void
on_waiting(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;

	if (!answered(round, st))
		return;
	compose_read(&round->compose,
	    &(struct compose_from){round->arena, rows, round->is.zones, round->is.url, round->now});
	write_next(round);
}

/* ---------------------------------------------------------------------------------------- share */

static void read_unshared(struct round *round);

static void
read_waiting(struct round *round)
{
	struct pg_args args = {0};

	pg_int4(&args, WAITING_AT_ONCE);
	call(round, &NOTIFY_WAITING, &args, on_waiting);
}

static void
on_shared(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;

	(void)rows;
	if (!answered(round, st))
		return;
	if (round->share.count == NEWS_AT_ONCE)
		read_unshared(round);
	else
		read_waiting(round);
}

static void
on_readers(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;
	struct pg_args args = {0};

	if (!answered(round, st))
		return;
	share_out(&round->share, round->arena, rows, &args);
	call(round, &NOTIFY_SHARE, &args, on_shared);
}

static void
on_unshared(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;

	if (!answered(round, st))
		return;
	share_read(&round->share, round->arena, rows);
	if (round->share.count == 0)
		read_waiting(round);
	else
		call(round, &NOTIFY_READERS, NULL, on_readers);
}

static void
read_unshared(struct round *round)
{
	struct pg_args args = {0};

	pg_int4(&args, NEWS_AT_ONCE);
	call(round, &NOTIFY_UNSHARED, &args, on_unshared);
}

/* -------------------------------------------------------------------------------------- collect */

static void collect(struct round *round);

static void
on_collected(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;

	if (!answered(round, st))
		return;
	pg_clock_answered(&round->clock, pg_get_time_us(rows, 0, NOTIFY_COLLECT_NOW));
	round->now = pg_get_time(rows, 0, NOTIFY_COLLECT_NOW);
	if (pg_get_bool(rows, 0, NOTIFY_COLLECT_MORE))
		collect(round);
	else
		read_unshared(round);
}

static void
collect(struct round *round)
{
	struct pg_args args = {0};

	pg_int4(&args, FLAGS_AT_ONCE);
	pg_clock_asked(&round->clock);
	call(round, &NOTIFY_COLLECT, &args, on_collected);
}

/* ----------------------------------------------------------------------------------------- lead */

static void
on_lead(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct round *round = ctx;

	if (!answered(round, st))
		return;
	if (!pg_get_bool(rows, 0, NOTIFY_LEAD_LEADS)) {
		went_well(); /* all that one who does not lead has to do */
		rest(round, SEEK_MS);
		return;
	}
	round->led = pg_session(round->is.pg).number;
	log_event(LOG_INFO, "notify_lead_taken", LOG_INT("connection", (int64_t)round->led));
	collect(round);
}

static void
begin(struct round *round)
{
	if (round->busy || !pg_connected(round->is.pg))
		return; /* round_connection() comes back to it */
	round->busy = true;
	round->more = false;
	round->arena = arena_new(0);
	pulse_work(true);
	if (round_leads(round))
		collect(round);
	else
		call(round, &NOTIFY_LEAD, NULL, on_lead);
}

bool
round_leads(const struct round *round)
{
	return round->led != 0 && pg_connected(round->is.pg) &&
	       round->led == pg_session(round->is.pg).number;
}

void
round_look(struct round *round)
{
	round->more = true;
	if (round->busy || !pg_connected(round->is.pg))
		return;
	loop_timer_cancel(round->timer);
	round->timer = loop_after(round->is.loop, SOON_MS, on_timer, round);
}

void
round_connection(struct round *round)
{
	if (pg_connected(round->is.pg))
		round_look(round);
}

struct round *
round_new(const struct round_options *options)
{
	struct round *round = xcalloc(1, sizeof *round);

	round->is = *options;
	pg_clock_open(&round->clock, options->pg, &NOTIFY_ROLE_CLOCK);
	backoff_init(&round->backoff, RETRY_LEAST_MS, RETRY_MOST_MS);
	round->timer = loop_after(options->loop, SOON_MS, on_timer, round);
	return round;
}

void
round_free(struct round *round)
{
	if (round == NULL)
		return;
	pg_call_cancel(round->call);
	pg_clock_close(&round->clock);
	loop_timer_cancel(round->timer);
	arena_free(round->arena);
	free(round);
}
