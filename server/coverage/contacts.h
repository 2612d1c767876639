/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/coverage/setup.h"
#include "server/pg/pg.h"

/*
 * Reminds of telephone numbers that nobody has checked for REGION_CONTACT_DAYS, or ever: a flag for each
 * organisation, which says how many there are. A contact is counted in such a flag once in that time.
 */
struct contacts_due {
	const char **kinds, **codes, **organisations; /* each of ${count} */
	size_t count;
};

/* Lists every contact of ${region} that is not checked on ${today} (civil_days). Memory of ${arena}. */
void contacts_due(
    struct arena *arena, const struct region *region, int64_t today, struct contacts_due *out);

/* Calls the statement that makes the flags for ${setup} at ${now}; ${done} as for pg_call(). */
struct pg_call *contacts_remind(
    struct pg *pg, const struct setup *setup, int64_t now, pg_done_fn *done, void *ctx);
