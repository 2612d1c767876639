/* SPDX-License-Identifier: MIT */
#include "server/api/record/holidays.h"

#include <stdlib.h>

#include "server/api/api_sql.h"
#include "server/base/fatal.h"

#define KEEP_AGAIN_MS 10000

struct holidays {
	struct loop *loop;
	struct pg *pg;
	struct slice csv;
	struct pg_call *call;
	struct loop_timer *again;
};

static void keep(void *ctx);

static void
on_kept(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct holidays *holidays = ctx;

	(void)rows;
	holidays->call = NULL;
	if (st == STATUS_AGAIN)
		holidays->again = loop_after(holidays->loop, KEEP_AGAIN_MS, keep, holidays);
}

static void
keep(void *ctx)
{
	struct holidays *holidays = ctx;
	struct pg_args args = {0};

	holidays->again = NULL;
	pg_slice(&args, holidays->csv);
	holidays->call = pg_call(holidays->pg, &API_BANK_HOLIDAYS_KEEP, &args, on_kept, holidays);
}

struct holidays *
holidays_open(struct loop *loop, struct pg *pg, struct slice csv)
{
	struct holidays *holidays = xcalloc(1, sizeof *holidays);

	*holidays = (struct holidays){.loop = loop, .pg = pg, .csv = csv};
	keep(holidays);
	return holidays;
}

void
holidays_close(struct holidays *holidays)
{
	if (holidays == NULL)
		return;
	loop_timer_cancel(holidays->again);
	pg_call_cancel(holidays->call);
	free(holidays);
}
