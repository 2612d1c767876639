/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/etag.h"
#include "server/api/ask/rights.h"
#include "server/web/server.h"

/*
 * Now answers as bytes, each made once for a place, a function set and a sight in one second and
 * shared by everybody who asks then. A fixed number of slots; a newcomer takes the place of the
 * answer in its slot.
 */
struct now_key {
	uint64_t generation; /* of the snapshot */
	int64_t second;
	uint32_t place, function;
	enum sight sight;
	uint64_t view; /* number of the view of the set-up; 0: nobody is withheld */
};

struct now_cached {
	struct now_key key;
	struct web_bytes *bytes; /* NULL: empty slot */
	char etag[ETAG_MAX];
	bool personal; /* holds somebody's name or number */
};

struct now_cache;
struct now_cache *now_cache_new(void);
void now_cache_free(struct now_cache *cache);

/* NULL: not there. Borrowed until the next put. */
const struct now_cached *now_cache_get(const struct now_cache *cache, const struct now_key *key);
/* Takes one reference over. */
void now_cache_put(struct now_cache *cache, const struct now_key *key, struct web_bytes *bytes,
    const char *etag, bool personal);
