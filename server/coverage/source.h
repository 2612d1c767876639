/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/pg/pg.h"

/* Where a rota's source stands, as the sweep takes it (sweep_rota). */
struct source {
	int64_t horizon;
	int64_t trusted_until;
};

/* Of a rota that no feed row speaks of: never read, and not ageing. */
struct source source_none(void);

/* From three columns, the first at ${column}: whether it ages, its last good check, its horizon.
 * Seen at ${now}. */
struct source source_read(const struct pg_rows *rows, size_t row, unsigned column, int64_t now);

/* What no source is like: noted as seen, it has the source looked at again, however it stands then. */
struct source source_unlike_any(void);

bool source_same(const struct source *a, const struct source *b);
