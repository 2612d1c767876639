/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/map/snapshot.h"

/* Who may read the report of a month (server/api/README.md). Pure. */

/* Whether it reads the months of ${place}, about which it may ask: commissioners, place managers, auditors and
 * administrators; rota managers and administrators of an organisation with a service that serves the place or one
 * below it. Not a device, nor who only looks up who is on. */
bool rights_reads_months(
    const struct region *region, const struct account *account, uint32_t place);
