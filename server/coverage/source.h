/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/pg/pg.h"

/* The state of a rota's source, as the sweep needs it (struct sweep_rota). */
struct source {
	int64_t horizon;
	int64_t trusted_until;
};

/* For a rota without a row of a feed: never read, and does not age. */
struct source source_none(void);

/* From three columns, the first at ${column}: whether it ages, its last good check, its horizon.
 * Seen at ${now}. */
struct source source_read(const struct pg_rows *rows, size_t row, unsigned column, int64_t now);

/* A value that equals no real source. Recorded as the state that the map last used, it makes the
 * next run find a difference, whatever the source is like by then. */
struct source source_unlike_any(void);

bool source_same(const struct source *a, const struct source *b);
