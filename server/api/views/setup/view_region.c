/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask.h"
#include "server/api/views/setup/region_put.h"
#include "server/api/views/views.h"

/*
 * GET /v1/region gives the set-up back as a file; PUT (region_put.c) puts a file in force, all of
 * it or nothing. Feed addresses are secrets that the api has no right to: what is given back has a
 * mask in their place, and a mask that is sent again means the address it stands for.
 */

void
view_region(struct ask *ask)
{

	if (!ask_fine(ask))
		return;
	web_reply(ask->exchange, &(struct web_answer){
				     .status = 200,
				     .type = "application/json",
				     .cache_control = "private, no-cache",
				     .etag = region_etag(ask->arena, ask->region->version),
				     .body = ask->map->setup->document,
				 });
	ask_read(ask, READ_REGION, NULL, NULL, INT64_MIN);
	ask_end(ask);
}
