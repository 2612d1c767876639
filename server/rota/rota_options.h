#pragma once

#include <stdint.h>

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/region.h"

/*
 * Between the set-up and the reader: what a rota of the region means to somebody who reads its
 * calendar. The feeds role and the command line both ask here, so that `crisiscover read --region`
 * says what the server would.
 */

/*
 * Everything but the kind of file and the window. The directory: people of the rota's organisation
 * and people who may do its service's function; for an absence calendar the organisation's people.
 * Lives in ${arena}, borrows from ${region} and ${zones}.
 */
void rota_options(struct arena *arena, const struct region *region, const struct region_rota *rota,
    const struct zonedb *zones, struct reading_options *out);

/* The window every rota is read over: midnight in ${zone} of yesterday to 400 days after today's.
 */
void rota_window(const struct zone *zone, int64_t now, int64_t *from, int64_t *until);
