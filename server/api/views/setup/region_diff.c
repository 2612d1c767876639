/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_diff.h"

#include <sodium.h>
#include <string.h>

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

void
region_diff(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out)
{
	/* Only the rotas are copied: nothing else has an address. */
	struct region masked = *after;
	struct region_rota *rotas = arena_array(arena, after->nrotas + 1, sizeof *rotas);

	for (uint32_t i = 0; i < after->nrotas; i++) {
		rotas[i] = after->rotas[i];
		rotas[i].url = region_mask(arena, rotas[i].url);
	}
	masked.rotas = rotas;
	region_compare(arena, before, &masked, out);
}
