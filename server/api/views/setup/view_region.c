/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/etag.h"
#include "server/api/views/setup/region_part.h"
#include "server/api/views/setup/region_put.h"
#include "server/api/views/setup/setup_seen.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * GET /v1/region gives the set-up back as a file; PUT (region_put.c) puts a file in force, all of
 * it or nothing. Feed addresses are secrets that the api has no right to: what is given back has a
 * mask in their place, and a mask that is sent again means the address it stands for.
 */

void
view_region(struct ask *ask)
{
	struct web_answer answer;
	char *part;

	if (!ask_fine(ask))
		return;
	if (!region_part_is_whole(ask)) {
		part = region_part(ask);
		web_reply(ask->exchange, &(struct web_answer){.status = 200,
					     .type = "application/json",
					     .shared = web_bytes_take(part, strlen(part))});
		ask_read(ask, READ_REGION, NULL, NULL, INSTANT_NONE);
		ask_end(ask);
		return;
	}
	answer = etag_answer(region_etag(ask->arena, ask->region->version));
	answer.body = setup_seen_document(
	    &(struct setup_seer){ask->arena, ask->region, ask->account}, ask->map->setup->document);
	web_reply(ask->exchange, &answer);
	ask_read(ask, READ_REGION, NULL, NULL, INSTANT_NONE);
	ask_end(ask);
}
