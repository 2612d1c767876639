/* SPDX-License-Identifier: MIT */
#include "server/feeds/archive.h"

#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/feeds/feeds_sql.h"

#define LOOK_EVERY_MS 30000

struct archive {
	const struct feeds_env *env;
	struct loop_timer *timer;
	struct pg_call *call;
};

/* While the database is away the last answer stays, and grows old. */
static void
on_answer(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct archive *archive = ctx;

	archive->call = NULL;
	if (st != STATUS_OK)
		return;
	if (pg_is_null(rows, 0, FEEDS_ARCHIVE_ARCHIVED_AT))
		figure_forget(FIGURE_ARCHIVED_AT);
	else
		figure_set(FIGURE_ARCHIVED_AT, pg_get_time(rows, 0, FEEDS_ARCHIVE_ARCHIVED_AT));
}

static void
look(void *ctx)
{
	struct archive *archive = ctx;

	if (archive->call == NULL)
		archive->call = pg_call(archive->env->pg, &FEEDS_ARCHIVE, NULL, on_answer, archive);
}

struct archive *
archive_new(const struct feeds_env *env)
{
	struct archive *archive = xcalloc(1, sizeof *archive);

	archive->env = env;
	archive->timer = loop_every(env->loop, LOOK_EVERY_MS, look, archive);
	look(archive);
	return archive;
}

void
archive_free(struct archive *archive)
{
	loop_timer_cancel(archive->timer);
	pg_call_cancel(archive->call);
	free(archive);
}
