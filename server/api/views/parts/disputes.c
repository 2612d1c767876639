/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/disputes.h"

#include "server/api/views/parts/override_words.h"

/* Overrides that the calendar contradicts in ${time}, as sentences. An account that sees only
 * counts gets the sentences without names. */
bool
disputes_put(struct json_out *out, const struct ask *ask, uint32_t rota, struct span_time time)
{
	const struct rota_block *block = ask->map->rotas[rota];
	bool named = rights_sight(ask->account) != SIGHT_COUNTS, any = false;
	struct buf words = {0};

	for (uint32_t i = 0; i < block->noverrides; i++) {
		const struct kept_override *override = &block->overrides[i];

		if (override->standing == OVERRIDE_WAITING ||
		    (int64_t) override->start >= time.end || (int64_t) override->end <= time.start)
			continue;
		buf_reset(&words);
		override_words_warning(&words, &(struct override_told){ask->map->setup,
						   ask->region->rotas[rota].id, override, named});
		out_text(out, NULL, words.at);
		any = true;
	}
	buf_free(&words);
	return any;
}
