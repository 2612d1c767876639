/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/snapshot_load.h"
#include "server/api/views/parts/historical.h"

/* Whose shifts an answer about the past is made of, as indexes of the historical region. */

/* The rotas of the services of the place of ${asked}, and of those below it if it asks for them: each once, by
 * service and tier. In ${arena}. */
index_list historical_rotas(
    struct arena *arena, const struct snapshot_region *setup, const struct historical_asked *asked);

/* Other rotas of the same functions, on which people of ${rotas} may be at the same time: a person who serves
 * two places at once may exceed a limit. In ${arena}. */
index_list historical_others(
    struct arena *arena, const struct region *region, const index_list *rotas);
