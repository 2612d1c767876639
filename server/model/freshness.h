/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/instant.h"

/* Freshness of a feed by the age of its last good check (design 6). */
enum freshness { FRESHNESS_FRESH, FRESHNESS_AGEING, FRESHNESS_STALE, FRESHNESS_UNKNOWN };

#define FRESHNESS_FRESH_SECONDS INT64_C(900)
#define FRESHNESS_AGEING_SECONDS INT64_C(3600)
#define FRESHNESS_STALE_SECONDS INT64_C(21600)

const char *freshness_name(enum freshness freshness); /* "fresh", "ageing", "stale", "unknown" */

/* ${ages}: false for uploads and typed rotas, which are always fresh. ${last_good}: the last good
 * check, or INSTANT_NEVER. */
enum freshness freshness_of(bool ages, int64_t last_good, int64_t now);

/* sweep_rota.trusted_until of a source: its last good check + 6 h if it is unknown at ${now};
 * INSTANT_NEVER if there was no good check; INSTANT_END if it is not unknown, or does not age. */
int64_t freshness_trusted_until(bool ages, int64_t last_good, int64_t now);

/* The next instant after ${now} at which freshness_of() changes because time passes; INSTANT_END:
 * never. */
int64_t freshness_next(bool ages, int64_t last_good, int64_t now);
