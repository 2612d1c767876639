/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/pg/pg.h"

/* What waits for each subscription (the rows of NOTIFY_WAITING), and of it the messages whose time has come (news_due()). */
struct compose_message;
struct compose {
	struct compose_message *messages;
	size_t count, at;
	int64_t next; /* when the first of the others is due; INSTANT_END: none waits */
};

struct compose_from {
	struct arena *arena;
	const struct pg_rows *rows;
	const struct zonedb *zones;
	const char *url; /* of the pages */
	int64_t now;
};
void compose_read(struct compose *compose, const struct compose_from *from);

/* The arguments of NOTIFY_WRITE for the next message. False: there is none left. */
bool compose_next(struct compose *compose, struct pg_args *out);
