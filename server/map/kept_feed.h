/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/model/freshness.h"
#include "server/model/region.h"

/* The state of one rota's source. Immutable and counted; a check that changes anything makes a new
 * one. */
enum feed_kind { FEED_URL, FEED_FILE, FEED_TYPED, FEED_CALDAV, FEED_KINDS };
enum feed_standing {
	FEED_NEVER,
	FEED_GOOD,
	FEED_FAILING,
	FEED_HELD,
	FEED_REFUSED, /* its server wants another user, password or token */
	FEED_STANDINGS
};

const char *kept_feed_kind_name(enum feed_kind kind);             /* as the region file has it */
const char *kept_feed_standing_name(enum feed_standing standing); /* "never", "good", … */
enum feed_kind kept_feed_kind_of(const char *name);
enum feed_kind kept_feed_kind_from(enum region_source source);
bool kept_feed_kind_is_fetched(enum feed_kind kind);
enum feed_standing kept_feed_standing_of(const char *name);

struct feed_facts {
	enum feed_kind kind;
	enum feed_standing standing;
	int64_t last_attempt_at, last_good_at, last_change_at; /* INSTANT_NEVER if not yet */
	int64_t horizon; /* INSTANT_NEVER: nothing was ever read */
	int64_t next_at;
	int32_t every_seconds, failures;
	int32_t to_decide;   /* open questions about the calendar in force */
	int64_t held_import; /* of a reading that waits for a person; 0: none */
	int64_t reading;     /* of the shifts in force; 0: none */
	/* The import that is in force in place of the address, and since when; 0 and INSTANT_NEVER:
	 * none. */
	int64_t upload, upload_at;
};

struct kept_feed {
	unsigned refs;
	struct feed_facts facts;
	const char *warnings; /* of what is in force: a JSON list; in the same block */
	char fault[];         /* a sentence; "" if none */
};

/* ${fault} and ${warnings} may be NULL. One reference, yours. */
struct kept_feed *kept_feed_new(
    const struct feed_facts *facts, const char *fault, const char *warnings);
struct kept_feed *kept_feed_ref(struct kept_feed *feed);
void kept_feed_unref(struct kept_feed *feed);

/* The arguments of model/freshness.h for the feed. ${feed} may be NULL: a rota without a row was
 * never read. */
bool kept_feed_ages(const struct kept_feed *feed);
enum freshness kept_feed_freshness(const struct kept_feed *feed, int64_t now);
int64_t kept_feed_trusted_until(const struct kept_feed *feed, int64_t now);
int64_t kept_feed_horizon(const struct kept_feed *feed);
