/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_diff.h"

#include <sodium.h>
#include <string.h>

/* As address_mask of 0001_set_up.sql has it. */
const char *
region_mask(struct arena *arena, const char *url)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof hash + 1];

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
	struct region masked = *after;
	struct region_rota *rotas = arena_array(arena, after->nrotas + 1, sizeof *rotas);

	for (uint32_t i = 0; i < after->nrotas; i++) {
		rotas[i] = after->rotas[i];
		rotas[i].url = region_mask(arena, rotas[i].url);
	}
	masked.rotas = rotas;
	region_compare(arena, before, &masked, out);
}
