/* SPDX-License-Identifier: MIT */
#include "server/feeds/stale.h"

#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/feeds/feeds_sql.h"

/* The database says in how long the next feed would become stale, so it is asked once then and not
 * once a second. It is asked after five minutes all the same, and no sooner than a second after the
 * last time: each good check of the oldest feed moves the instant on. */
enum { SOONEST_MS = 1000, LATEST_MS = 300000 };

struct stale {
	const struct feeds_env *env;
	struct loop_timer *timer;
	struct pg_call *call;
};

static void tell(void *ctx);

/* How long to wait before the next call. */
static int64_t
wait_ms(const struct pg_rows *rows)
{
	int64_t ms;

	if (rows == NULL || pg_is_null(rows, 0, FEEDS_TELL_STALE_NEXT_MS))
		return LATEST_MS;
	/* One more, since the database has cut off the rest of a millisecond. */
	ms = pg_get_int(rows, 0, FEEDS_TELL_STALE_NEXT_MS) + 1;
	if (ms < SOONEST_MS)
		return SOONEST_MS;
	return ms > LATEST_MS ? LATEST_MS : ms;
}

static void
on_told(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct stale *stale = ctx;

	stale->call = NULL;
	stale->timer =
	    loop_after(stale->env->loop, st == STATUS_OK ? wait_ms(rows) : SOONEST_MS, tell, stale);
}

static void
tell(void *ctx)
{
	struct stale *stale = ctx;

	stale->timer = NULL;
	stale->call = pg_call(stale->env->pg, &FEEDS_TELL_STALE, NULL, on_told, stale);
}

struct stale *
stale_new(const struct feeds_env *env)
{
	struct stale *stale = xcalloc(1, sizeof *stale);

	stale->env = env;
	tell(stale);
	return stale;
}

void
stale_free(struct stale *stale)
{
	pg_call_cancel(stale->call);
	loop_timer_cancel(stale->timer);
	free(stale);
}
