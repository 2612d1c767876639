/* SPDX-License-Identifier: MIT */
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/flags/flags_redis.h"
#include "server/flags/flags_sql.h"
#include "server/flags/publisher_state.h"

/* The way to the lead, and away from it: from AWAY over TOP and LEADING. */

#define SEEK_MS 1000 /* how often one who does not lead asks whether he may */

void
publisher_become(struct publisher *publisher, enum publisher_state state)
{
	publisher->state = state;
	pulse_work(state != PUBLISHER_AWAY && state != PUBLISHER_RESTING);
}

static void
on_retry(void *ctx)
{
	struct publisher *publisher = ctx;

	publisher->retry = NULL;
	publisher_seek(publisher);
}

void
publisher_retry_in(struct publisher *publisher, int64_t ms)
{
	if (publisher->retry == NULL)
		publisher->retry = loop_after(publisher->loop, ms, on_retry, publisher);
}

static void
on_resigned(void *ctx, enum status st, const struct pg_rows *rows)
{
	/* If it failed, the session is gone, and its lock with it. */
	(void)ctx;
	(void)st;
	(void)rows;
}

void
publisher_stand_down(struct publisher *publisher)
{
	if (publisher->leads)
		log_event(LOG_WARN, "flags_lead_given_up", LOG_INT("epoch", publisher->epoch));
	publisher->leads = false;
	pg_call_cancel(publisher->call);
	publisher->call = NULL;
	redis_call_cancel(publisher->command);
	publisher->command = NULL;
	if (publisher->state >= PUBLISHER_LEADING && pg_connected(publisher->pg))
		pg_call(publisher->pg, &FLAGS_RESIGN, NULL, on_resigned, publisher);
	publisher_become(publisher, PUBLISHER_AWAY);
	publisher_retry_in(publisher, backoff_next_ms(&publisher->backoff));
}

static void
on_lead(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct publisher *publisher = ctx;
	char after[FLAG_ID_MAX];

	INVARIANT(publisher->state == PUBLISHER_LEADING);
	publisher->call = NULL;
	if (st != STATUS_OK) {
		publisher_stand_down(publisher);
		return;
	}
	if (!pg_get_bool(rows, 0, FLAGS_LEAD_LEADS)) {
		publisher->leads = false;
		figure_done(); /* all that one who does not lead has to do */
		publisher_become(publisher, PUBLISHER_AWAY);
		publisher_retry_in(publisher, SEEK_MS);
		return;
	}
	publisher->epoch = pg_get_int(rows, 0, FLAGS_LEAD_EPOCH);
	publisher->told = (struct flag_id){
	    pg_get_int(rows, 0, FLAGS_LEAD_AFTER_EPOCH), pg_get_int(rows, 0, FLAGS_LEAD_AFTER_SEQ)};
	publisher->leads = true;
	publisher->unmarked = 0; /* unmarked flags are moved after ${told} and are read again */
	flag_id_print(publisher->told, after);
	log_event(LOG_INFO, "flags_lead_taken", LOG_INT("epoch", publisher->epoch),
	    LOG_STR("after", after));
	publisher_read_next(publisher);
}

static void
on_top(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct publisher *publisher = ctx;
	struct pg_args args = {0};

	INVARIANT(publisher->state == PUBLISHER_TOP);
	publisher->command = NULL;
	if (st != STATUS_OK || !flags_redis_top_read(reply, &publisher->top)) {
		publisher_stand_down(publisher);
		return;
	}
	pg_int8(&args, publisher->top.epoch);
	pg_int8(&args, publisher->top.seq);
	publisher_become(publisher, PUBLISHER_LEADING);
	publisher->call = pg_call(publisher->pg, &FLAGS_LEAD, &args, on_lead, publisher);
}

void
publisher_seek(struct publisher *publisher)
{
	if (!pg_connected(publisher->pg) || !redis_connected(publisher->redis))
		return; /* publisher_connections() comes back to it */
	publisher_become(publisher, PUBLISHER_TOP);
	publisher->command = flags_redis_top(publisher->redis, on_top, publisher);
}
