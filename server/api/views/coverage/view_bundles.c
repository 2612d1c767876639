/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/views/parts/bundle_put.h"
#include "server/api/views/parts/map_age.h"
#include "server/api/views/parts/places.h"
#include "server/api/views/views.h"
#include "server/base/breath.h"
#include "server/base/instant.h"

/* GET /v1/bundles: what several people are needed for together, at all places, and whether it is whole now. From memory. Nobody
 * is named: who fills a part is in the answer to who is on. */

struct listing {
	struct places_scope scope;
	uint32_t function; /* REGION_NONE: any */
	const char *state; /* "all", "whole", "missing" */
	struct ask_page page;
	bool begun; /* past the line of the cursor */
};

/* What is missing, one text for each part. */
static void
put_missing(struct json_out *out, const struct region *region, const struct lookup_bundle *bundle)
{
	out_array(out, "missing");
	for (size_t i = 0; i < bundle->nparts; i++) {
		const struct lookup_part *part = &bundle->parts[i];
		struct buf words = {0};

		if (part->state == COVER_COVERED)
			continue;
		bundle_part_words(&words, region, part->part);
		buf_printf(&words, ": %d of %d", part->present, part->part->count);
		out_text(out, NULL, words.at);
		buf_free(&words);
	}
	out_array_end(out);
}

static void
put_bundle(struct json_out *out, const struct ask *ask, const struct listing *listing,
    uint32_t index, const struct lookup_bundle *bundle)
{
	const struct region *region = ask->region;
	const struct region_demand *demand = &region->demands[index];
	int64_t accepted = bundle->state == COVER_COVERED
			       ? 0
			       : gap_block_accepted(ask->map->gaps[index], ask->now);

	out_object(out, NULL);
	out_text(out, "id", region->requirements[demand->requirement].id);
	places_put(out, region, &listing->scope, region->places[demand->place].code,
	    region->requirements[demand->requirement].id);
	out_text(out, "function", region->functions[demand->function].code);
	out_text(out, "state", cover_state_name(bundle->state));
	bundle_put_cause(out, bundle->cause);
	out_time(out, "accepted_until", accepted == 0 ? INSTANT_NEVER : accepted);
	out_int(out, "required", bundle->required);
	out_int(out, "present", bundle->present);
	put_missing(out, region, bundle);
	out_time(out, "since", bundle->since);
	out_time(out, "until", bundle->until);
	out_array(out, "parts");
	for (size_t i = 0; i < bundle->nparts; i++) {
		out_object(out, NULL);
		bundle_put_part(out, region, &bundle->parts[i]);
		out_object_end(out);
	}
	out_array_end(out);
	out_object_end(out);
}

/* "<place>/<requirement>": neither code can have a slash in it. */
static const char *
cursor_of(const struct ask *ask, uint32_t index)
{
	const struct region_demand *demand = &ask->region->demands[index];

	return arena_printf(ask->arena, "%s/%s", ask->region->places[demand->place].code,
	    ask->region->requirements[demand->requirement].id);
}

static bool
is_asked_for(struct ask *ask, struct listing *listing, uint32_t index)
{
	const struct region_demand *demand = &ask->region->demands[index];

	if (demand->nmembers == 0 ||
	    (listing->function != REGION_NONE && demand->function != listing->function) ||
	    !places_scope_holds(&listing->scope, demand->place, ask->now, ask->now + 1) ||
	    !rights_sees_demand(ask->region, ask->account, index))
		return false;
	if (listing->begun)
		return true;
	listing->begun = strcmp(cursor_of(ask, index), listing->page.cursor) == 0;
	return false;
}

/* Finds the bundle of a line; false: it is not in the state that was asked for. */
static bool
look(struct ask *ask, const struct listing *listing, uint32_t index, struct lookup_bundle *out)
{
	struct cover_asked given = {.map = ask->map, .now = ask->now};
	const struct region_demand *demand = &ask->region->demands[index];

	breath();
	if (!lookup_bundle_at(ask->arena, &given, index, ask->now, out))
		*out = (struct lookup_bundle){.requirement = demand->requirement,
		    .state = COVER_NOT_COMMISSIONED,
		    .since = INSTANT_NONE,
		    .until = INSTANT_NONE};
	if (strcmp(listing->state, "all") == 0)
		return true;
	return out->state != COVER_NOT_COMMISSIONED &&
	       (strcmp(listing->state, "whole") == 0) == (out->state == COVER_COVERED);
}

static void
reply(struct ask *ask, struct listing *listing)
{
	struct map_age age = map_age_of(ask);
	const char *last = NULL, *next = NULL;
	struct json_out out = {0};
	struct lookup_bundle bundle;
	size_t shown = 0;

	out_object(&out, NULL);
	out_array(&out, "bundles");
	for (uint32_t i = 0; i < ask->region->ndemands && next == NULL; i++) {
		if (!is_asked_for(ask, listing, i) || !look(ask, listing, i, &bundle))
			continue;
		if (shown == listing->page.limit) {
			next = last;
			continue;
		}
		put_bundle(&out, ask, listing, i, &bundle);
		last = cursor_of(ask, i);
		shown++;
	}
	out_array_end(&out);
	out_text(&out, "next_cursor", next);
	map_age_put(&out, ask->map, &age);
	out_object_end(&out);
	ask_reply(ask, &out);
}

void
view_bundles(struct ask *ask)
{
	uint32_t place = ask_place_of_cover(ask);
	enum places_within within = places_within_read(ask);
	struct listing listing = {
	    .function = ask_function(ask),
	    .state = ask_choice(ask, "state"),
	    .page = ask_page(ask),
	};

	if (ask->faults.count == 0 && place == REGION_NONE && within != PLACES_DEFAULT)
		ask_fault(ask, "query.within", "is of a place: name one");
	if (!ask_fine(ask))
		return;
	listing.scope =
	    places_scope_of(ask->arena, ask->region, ask->map->setup->zone, place, within);
	listing.begun = listing.page.cursor == NULL;
	reply(ask, &listing);
	ask_end(ask);
}
