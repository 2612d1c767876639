/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/news.h"
#include "server/pg/pg.h"

/* Who is told of what: the rows of NOTIFY_UNSHARED and NOTIFY_READERS, judged by news_wanted(). */
struct share {
	const int64_t *ids; /* of the news */
	const struct news *news;
	size_t count;
};

/* The news of ${rows}, copied into ${arena}. */
void share_read(struct share *share, struct arena *arena, const struct pg_rows *rows);

/* The arguments of NOTIFY_SHARE: all of the news, and which of it is for which subscription of ${rows}. */
void share_out(const struct share *share, struct arena *arena, const struct pg_rows *rows,
    struct pg_args *out);
