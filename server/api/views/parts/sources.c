/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/sources.h"

#include "server/model/share.h"

const char source_instead[] = "uploaded here, instead of the address";

#define UPLOAD_OLD_SECONDS 86400

/* Whether the answer comes from the last-good file, without a database, and rests on an old upload: a later
 * upload may have replaced it, which cannot be checked. */
static bool
is_unchecked_upload(const struct snapshot *map, const struct kept_feed *feed, int64_t now)
{
	int64_t uploaded_at = source_uploaded_at(feed);

	return map->last_good && uploaded_at != INSTANT_NEVER &&
	       now - uploaded_at > UPLOAD_OLD_SECONDS;
}

/* The most useful reason comes first: what the last check found, then what is missing, then age
 * alone. NULL: nothing is wrong. */
const char *
source_fault(const struct snapshot *map, uint32_t rota, int64_t now)
{
	const struct kept_feed *feed = map->feeds[rota];
	enum freshness freshness = kept_feed_freshness(feed, now);

	if (feed == NULL)
		return "Nothing is known of this source yet.";
	if (feed->fault[0] != '\0')
		return feed->fault;
	if (is_unchecked_upload(map, feed, now))
		return "It was uploaded more than a day ago, and whether it still holds could not be checked: "
		       "the database has not been reached since the start.";
	if (feed->facts.standing == FEED_NEVER)
		return kept_feed_kind_is_fetched(feed->facts.kind)
			   ? "It has not been read yet."
			   : "Nothing has been uploaded yet.";
	/* A file that was put in force instead of an address does not age, but the address is still
	 * checked, and a person should know if that fails. */
	if (feed->facts.upload != 0)
		freshness = freshness_of(true, feed->facts.last_good_at, now);
	if (freshness == FRESHNESS_STALE || freshness == FRESHNESS_UNKNOWN)
		return feed->facts.upload != 0
			   ? "Its address has not been checked for more than an hour."
			   : "It has not been checked for more than an hour.";
	return NULL;
}

const char source_as_last_read[] =
    "as last read: the calendar drops shifts when they begin, and lists this one no longer";

/* A file is not checked again: its last good check is when it was uploaded. */
int64_t
source_uploaded_at(const struct kept_feed *feed)
{
	if (feed == NULL)
		return INSTANT_NEVER;
	if (feed->facts.upload != 0)
		return feed->facts.upload_at;
	return feed->facts.kind == FEED_FILE ? feed->facts.last_good_at : INSTANT_NEVER;
}

void
source_put_origin(struct json_out *out, const struct kept_feed *feed)
{
	out_text(out, "kind", kept_feed_kind_name(feed ? feed->facts.kind : FEED_URL));
	out_time(out, "uploaded_at", source_uploaded_at(feed));
	if (feed == NULL || feed->facts.upload == 0) {
		out_null(out, "upload");
		return;
	}
	out_object(out, "upload");
	out_int(out, "import", feed->facts.upload);
	out_time(out, "at", feed->facts.upload_at);
	out_text(out, "text", source_instead);
	out_object_end(out);
}

const char *
source_state(const struct kept_feed *feed)
{
	return kept_feed_standing_name(feed ? feed->facts.standing : FEED_NEVER);
}

void
source_put(struct json_out *out, const struct snapshot *map, uint32_t rota, int64_t now)
{
	const struct kept_feed *feed = map->feeds[rota];

	out_text(out, "state", source_state(feed));
	out_bool(out, "held", feed != NULL && feed->facts.standing == FEED_HELD);
	out_text(out, "fault", source_fault(map, rota, now));
}

/* The sources on which cover of a function at a place depends in the window: a fault in any of them
 * explains an "unknown". */
struct source_walk
source_walk(const struct snapshot *map, int64_t now, uint32_t place, uint32_t function,
    struct span_time window)
{
	return (struct source_walk){.map = map,
	    .now = now,
	    .place = place,
	    .function = function,
	    .next = 0,
	    .window = window};
}

/* Typed rotas have no source that could fail. A historical map has absence calendars only as far as
 * they were read for it. */
static bool
is_at_fault(const struct source_walk *walk, uint32_t rota)
{
	const struct region_rota *what = &walk->map->setup->region->rotas[rota];

	return what->source != REGION_SOURCE_TYPED &&
	       (!what->absences || walk->map->feeds[rota] != NULL) &&
	       source_fault(walk->map, rota, walk->now) != NULL;
}

/* Whether the service, by this rota, serves the place at some instant of the window. An absence calendar has no
 * dates of its own there, so it is asked about like the service itself. */
static bool
serves_then(const struct source_walk *walk, const struct region_service *service, uint32_t rota)
{
	const struct region *region = walk->map->setup->region;

	for (uint32_t i = 0; i < service->footprint.count; i++) {
		struct span_time time = share_dated_place(
		    region, walk->map->setup->zone, rota, &service->footprint.items[i]);

		if (service->footprint.items[i].place == walk->place &&
		    time.start < walk->window.end && walk->window.start < time.end)
			return true;
	}
	return false;
}

/* Whether the answer depends on ${rota}. Absence calendars belong to no service: all services of their
 * organisation depend on them. */
static bool
rests_on(const struct source_walk *walk, const struct region_rota *rota)
{
	const struct region *region = walk->map->setup->region;
	const struct region_list *services = &region->places[walk->place].services;

	for (uint32_t i = 0; i < services->count; i++) {
		uint32_t index = services->items[i];
		const struct region_service *service = &region->services[index];

		if (service->function != walk->function ||
		    !serves_then(walk, service, (uint32_t)(rota - region->rotas)))
			continue;
		if (rota->absences ? rota->organisation == service->organisation
				   : rota->service == index)
			return true;
	}
	return false;
}

uint32_t
source_walk_next(struct source_walk *walk)
{
	const struct region *region = walk->map->setup->region;

	while (walk->next < region->nrotas) {
		uint32_t rota = walk->next++;

		if (is_at_fault(walk, rota) && rests_on(walk, &region->rotas[rota]))
			return rota;
	}
	return REGION_NONE;
}

void
sources_put_at_fault(struct json_out *out, struct source_walk walk)
{
	uint32_t rota;

	out_array(out, "sources_at_fault");
	while ((rota = source_walk_next(&walk)) != REGION_NONE) {
		out_object(out, NULL);
		out_text(out, "rota", walk.map->setup->region->rotas[rota].id);
		source_put(out, walk.map, rota, walk.now);
		source_put_origin(out, walk.map->feeds[rota]);
		out_object_end(out);
	}
	out_array_end(out);
}
