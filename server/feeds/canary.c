/* SPDX-License-Identifier: MIT */
#include "server/feeds/canary.h"

#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/feeds/feeds_sql.h"

struct canary_turns {
	const struct feeds_env *env;
	int64_t seconds;
	struct loop_timer *timer; /* NULL: there is no canary */
	struct pg_call *call;
};

/* A change that could not be made is missed by those who wait for it, which is what it is for. */
static void
on_turned(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct canary_turns *canary = ctx;

	(void)st;
	(void)rows;
	canary->call = NULL;
}

static void
turn(void *ctx)
{
	struct canary_turns *canary = ctx;
	struct pg_args args = {0};

	if (canary->call != NULL)
		return;
	pg_int8(&args, canary->seconds);
	canary->call = pg_call(canary->env->pg, &FEEDS_CANARY, &args, on_turned, canary);
}

struct canary_turns *
canary_turns_new(const struct feeds_env *env, const struct config *config)
{
	struct canary_turns *canary = xcalloc(1, sizeof *canary);

	canary->env = env;
	canary->seconds = config->canary_seconds;
	if (canary->seconds > 0)
		canary->timer = loop_every(env->loop, canary->seconds * 1000, turn, canary);
	return canary;
}

void
canary_turns_free(struct canary_turns *canary)
{
	loop_timer_cancel(canary->timer);
	pg_call_cancel(canary->call);
	free(canary);
}
