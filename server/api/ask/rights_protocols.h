/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/map/snapshot.h"

/* Who may read protocols, and who keeps them (server/api/README.md). Pure. */

/* Whether it reads the protocols of ${place} on the local day ${day}: who may ask about it, or about a place below it,
 * at which they hold. */
bool rights_reads_protocols(
    const struct region *region, const struct account *account, uint32_t place, int64_t day);

/* Whether it adds, replaces and withdraws protocols of ${place}: an administrator; commissioners and place managers of
 * the places that their accounts list, and of those below them. */
bool rights_keeps_protocols(
    const struct region *region, const struct account *account, uint32_t place);
