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
 * Everything but the kind of file and the window, with the aliases and titles of the region file.
 * The directory: people of the rota's organisation
 * and people who may do its service's function; for an absence calendar the organisation's people.
 * Lives in ${arena}, borrows from ${region} and ${zones}.
 */
void rota_options(struct arena *arena, const struct region *region, const struct region_rota *rota,
    const struct zonedb *zones, struct reading_options *out);

/* What somebody decided about the words of one rota. Texts are borrowed. */
struct rota_decision {
	bool alias; /* ${words} is a name, and reads is NAMED; else a title */
	const char *words;
	enum reading_class reads;
	const char *person, *team; /* or NULL */
};

/* "named", "team", "nobody", "undecided", "absence", "noise": what a title may be decided to read
 * as. False for anything else. */
bool rota_reads(const char *name, enum reading_class *out);

/*
 * Lays ${decisions} over what rota_options() made for ${rota}: they go before what the region file
 * says of the same words, and the later of two before the earlier. One whose person has left the
 * directory, or whose team the rota no longer has, stands and gives its words to nobody: what
 * somebody once decided is not silently read in another way.
 */
void rota_options_decide(struct arena *arena, const struct region *region,
    const struct region_rota *rota, const struct rota_decision *decisions, size_t count,
    struct reading_options *options);

/* The window every rota is read over: midnight in ${zone} of yesterday to 400 days after today's.
 */
void rota_window(const struct zone *zone, int64_t now, int64_t *from, int64_t *until);
