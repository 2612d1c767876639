/* SPDX-License-Identifier: MIT */
#include "server/map/kept_feed.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

static const char *const kind_names[FEED_KINDS] = {
    [FEED_URL] = "ical_url",
    [FEED_FILE] = "file",
    [FEED_TYPED] = "typed",
    [FEED_CALDAV] = "caldav",
};
static const char *const standing_names[FEED_STANDINGS] = {
    [FEED_NEVER] = "never",
    [FEED_GOOD] = "good",
    [FEED_FAILING] = "failing",
    [FEED_HELD] = "held",
    [FEED_REFUSED] = "refused",
};

/* A name that is not known reads as the first, which is for a standing "never" (nothing is claimed
 * from it) and for a kind "ical_url" (it grows old). */
static int
index_of(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 0;
}

const char *
kept_feed_kind_name(enum feed_kind kind)
{
	INVARIANT(kind < FEED_KINDS);
	return kind_names[kind];
}

const char *
kept_feed_standing_name(enum feed_standing standing)
{
	INVARIANT(standing < FEED_STANDINGS);
	return standing_names[standing];
}

enum feed_kind
kept_feed_kind_of(const char *name)
{
	return (enum feed_kind)index_of(kind_names, FEED_KINDS, name);
}

enum feed_kind
kept_feed_kind_from(enum region_source source)
{
	return kept_feed_kind_of(region_source_name(source));
}

bool
kept_feed_kind_is_fetched(enum feed_kind kind)
{
	return kind == FEED_URL || kind == FEED_CALDAV;
}

enum feed_standing
kept_feed_standing_of(const char *name)
{
	return (enum feed_standing)index_of(standing_names, FEED_STANDINGS, name);
}

/* Fault and warnings are in the same allocation, one after the other. */
struct kept_feed *
kept_feed_new(const struct feed_facts *facts, const char *fault, const char *warnings)
{
	const char *told = warnings == NULL ? "[]" : warnings;
	size_t len = fault == NULL ? 0 : strlen(fault);
	size_t told_len = strlen(told);
	struct kept_feed *feed = xmalloc(sizeof *feed + len + 1 + told_len + 1);

	feed->refs = 1;
	feed->facts = *facts;
	if (len > 0)
		memcpy(feed->fault, fault, len);
	feed->fault[len] = '\0';
	memcpy(feed->fault + len + 1, told, told_len + 1);
	feed->warnings = feed->fault + len + 1;
	return feed;
}

struct kept_feed *
kept_feed_ref(struct kept_feed *feed)
{
	if (feed != NULL)
		feed->refs++;
	return feed;
}

void
kept_feed_unref(struct kept_feed *feed)
{
	if (feed != NULL && --feed->refs == 0)
		free(feed);
}

/* Only what is fetched from an address grows old. An uploaded file and typed shifts are a person's
 * decision, which holds until the next; so does a file that a person put in force in place of the
 * address. Without a row nothing was ever read, which is the oldest state. */
bool
kept_feed_ages(const struct kept_feed *feed)
{
	return feed == NULL ||
	       (kept_feed_kind_is_fetched(feed->facts.kind) && feed->facts.upload == 0);
}

enum freshness
kept_feed_freshness(const struct kept_feed *feed, int64_t now)
{
	return freshness_of(
	    kept_feed_ages(feed), feed ? feed->facts.last_good_at : INSTANT_NEVER, now);
}

/* The answer depends on ${now}: a source that is not read again loses its trust as time passes,
 * without any change of the map. */
int64_t
kept_feed_trusted_until(const struct kept_feed *feed, int64_t now)
{
	return freshness_trusted_until(
	    kept_feed_ages(feed), feed ? feed->facts.last_good_at : INSTANT_NEVER, now);
}

int64_t
kept_feed_horizon(const struct kept_feed *feed)
{
	return feed ? feed->facts.horizon : INSTANT_NEVER;
}
