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
 * GET /v1/region returns the set-up as a file; PUT (region_put.c) puts a file in force, all of it
 * or nothing. Feed addresses are secrets that nothing but the role that fetches them can read: the
 * file has a mask in the place of each, and a mask that is sent back means that address.
 */

void
view_region(struct ask *ask)
{
	struct web_answer answer;
	struct slice document;
	char *part;

	ask_as_keeper(ask);
	if (!ask_fine(ask))
		return;
	/* A part has no tag: sent back with If-Match it would delete everything that the asker may
	 * not see. */
	if (!region_part_is_whole(ask)) {
		part = region_part(ask);
		web_reply(ask->exchange, &(struct web_answer){.status = 200,
					     .type = "application/json",
					     .shared = web_bytes_take(part, strlen(part))});
		/* Noted for every reader, administrators as well: the file holds names and work
		 * phones. */
		ask_read(ask, READ_REGION, NULL, NULL, INSTANT_NONE);
		ask_end(ask);
		return;
	}
	answer = etag_answer(region_etag(ask->arena, ask->region->version));
	answer.verbatim = true;
	document = setup_seen_document(
	    &(struct setup_seer){ask->arena, ask->region, ask->account, ask->view},
	    snapshot_region_document(ask->arena, ask->whole->setup));
	answer.shared = web_bytes_copy(document);
	web_reply(ask->exchange, &answer);
	ask_read(ask, READ_REGION, NULL, NULL, INSTANT_NONE);
	ask_end(ask);
}
