/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_cache.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/hash.h"

/* The last Now answer of each place and function. Many screens ask for the same place each few
 * seconds; an answer is the same within a second, of one snapshot and for one right to see
 * names. */

/* A few megabytes at most. England has fewer than 600 places that are asked about, so two of them
 * seldom share a slot. */
#define SLOTS 1024

struct now_cache {
	struct now_cached slots[SLOTS];
};

struct now_cache *
now_cache_new(void)
{
	return xcalloc(1, sizeof(struct now_cache));
}

void
now_cache_free(struct now_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		if (cache->slots[i].bytes != NULL)
			web_bytes_unref(cache->slots[i].bytes);
	free(cache);
}

/* Second and generation are left out: the answer of this second replaces the one before it, so the
 * cache needs neither an expiry nor a list of which slot is oldest. */
static size_t
slot_of(const struct now_key *key)
{
	uint64_t mixed = ((uint64_t)key->place << 34) ^ ((uint64_t)key->function << 2) ^ key->sight;

	mixed ^= hash_spread(key->view);
	return (size_t)(hash_spread(mixed) >> 32) % SLOTS;
}

/* The key says everything that an answer depends on. If any of it differs, the answer is made
 * again. */
const struct now_cached *
now_cache_get(const struct now_cache *cache, const struct now_key *key)
{
	const struct now_cached *slot = &cache->slots[slot_of(key)];

	if (slot->bytes == NULL || slot->key.second != key->second ||
	    slot->key.generation != key->generation || slot->key.place != key->place ||
	    slot->key.function != key->function || slot->key.sight != key->sight ||
	    slot->key.view != key->view)
		return NULL;
	return slot;
}

/* Takes over the reference to ${bytes}. `personal`: whether the answer must be noted in the audit
 * each time that it is given. */
void
now_cache_put(struct now_cache *cache, const struct now_key *key, struct web_bytes *bytes,
    const char *etag, bool personal)
{
	struct now_cached *slot = &cache->slots[slot_of(key)];

	if (slot->bytes != NULL)
		web_bytes_unref(slot->bytes);
	slot->key = *key;
	slot->bytes = bytes;
	slot->personal = personal;
	snprintf(slot->etag, sizeof slot->etag, "%s", etag);
}
