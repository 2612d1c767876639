/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/map_age.h"

#include <stdio.h>

#include "server/base/instant.h"

/* An answer about the past is as of the instant asked about, and does not age. */
struct map_age
map_age_of(const struct ask *ask)
{
	const struct snapshot_store *store = &ask->api->store;

	if (ask->known_at != INSTANT_NONE)
		return (struct map_age){ask->known_at, CONFIDENCE_LIVE, 0};
	return (struct map_age){snapshot_store_as_of(store, ask->reading),
	    snapshot_store_confidence(store, ask->reading),
	    snapshot_store_clock_off(store, ask->reading)};
}

void
map_age_put(struct json_out *out, const struct snapshot *map, const struct map_age *age)
{
	char version[48];

	snprintf(version, sizeof version, "%lld-%lld", (long long)map->mark.epoch,
	    (long long)map->mark.version);
	out_object(out, "map");
	/* A map that was written before versions were noted has none. */
	out_text(out, "version", map->mark.epoch == 0 ? NULL : version);
	out_time(out, "as_of", age->as_of);
	out_text(out, "confidence", confidence_name(age->confidence));
	out_int(out, "clock_off_seconds", age->clock_off);
	out_object_end(out);
}
