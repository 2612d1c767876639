#include "server/api/views/map_age.h"

#include <stdio.h>

void
map_age_put(struct json_out *out, const struct ask *ask)
{
	bool then = ask->known_at != INT64_MIN;
	char version[48];

	snprintf(version, sizeof version, "%lld-%lld", (long long)ask->map->mark.epoch,
	    (long long)ask->map->mark.version);
	out_object(out, "map");
	/* Before versions were noted. */
	out_text(out, "version", ask->map->mark.epoch == 0 ? NULL : version);
	out_time(out, "as_of", then ? ask->known_at : ask->api->store.checked_at);
	out_text(out, "confidence",
	    confidence_name(
		then ? CONFIDENCE_LIVE : snapshot_store_confidence(&ask->api->store, ask->now)));
	out_object_end(out);
}
