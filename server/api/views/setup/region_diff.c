/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_diff.h"

#include <sodium.h>
#include <string.h>

#include "server/model/region_compare.h"

/* The same mask as address_mask() in 0001_set_up.sql: both sides must get the same bytes for an
 * address. */
const char *
region_mask(struct arena *arena, const char *url)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof hash + 1];

	/* A mask is what GET has given, so a file that is sent back unchanged compares as equal. */
	if (url == NULL || strncmp(url, REGION_MASK_PREFIX, strlen(REGION_MASK_PREFIX)) == 0)
		return url;
	crypto_hash_sha256(hash, (const uint8_t *)url, strlen(url));
	text_hex(hash, sizeof hash, hex);
	return arena_printf(arena, REGION_MASK_PREFIX "%s", hex);
}

/* ${after} with masks for the addresses of ${count} rotas from ${first} on. Only the rotas are
 * copied: nothing else has an address. */
static struct region
masked(struct arena *arena, const struct region *after, uint32_t first, uint32_t count)
{
	struct region out = *after;
	struct region_rota *rotas = arena_array(arena, after->nrotas + 1, sizeof *rotas);

	if (after->nrotas > 0)
		memcpy(rotas, after->rotas, after->nrotas * sizeof *rotas);
	for (uint32_t i = first; i < first + count; i++)
		rotas[i].url = region_mask(arena, rotas[i].url);
	out.rotas = rotas;
	return out;
}

void
region_diff(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out)
{
	struct region own = masked(arena, after, 0, after->nrotas);

	region_compare(arena, before, &own, out);
}

void
region_diff_one(struct arena *arena, const struct region *before, const struct region *after,
    const struct region_diff_one *which, struct region_changes *out)
{
	struct region own = *after;
	struct region_change *change = arena_alloc(arena, sizeof *change);

	if (which->kind == &region_kinds[REGION_KIND_ROTA])
		own = masked(arena, after, which->index, 1);
	*change = (struct region_change){
	    .sign = '~',
	    .kind = which->kind->kind,
	    .code = region_kind_code(which->kind, after, which->index),
	    .what = region_compare_keys(arena, which->kind, before, &own, which->index),
	};
	*out = (struct region_changes){change, change->what != NULL};
}
