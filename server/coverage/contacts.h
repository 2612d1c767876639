/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/coverage/setup.h"
#include "server/pg/pg.h"

/*
 * The reminder of telephone numbers that nobody has checked for REGION_CONTACT_DAYS, or ever: a flag
 * for each organisation, with their number, once for each contact in that time.
 */
struct contacts_due {
	const char **kinds, **codes, **organisations; /* each of ${count} */
	size_t count;
};

/* Every contact of ${region} that is unverified on ${today} (civil_days). In ${arena}. */
void contacts_due(
    struct arena *arena, const struct region *region, int64_t today, struct contacts_due *out);

/* Reminds of those that are due at ${now}, of the set-up as it was read last. */
struct pg_call *contacts_remind(
    struct pg *pg, const struct setup *setup, int64_t now, pg_done_fn *done, void *ctx);
