/* SPDX-License-Identifier: MIT */
#include "server/api/events/listeners.h"
#include "server/api/views/views.h"

/* GET /v1/events: what changes, as it changes (server-sent events). */

/* A browser that lost its connection says by itself what it has heard last; a new page cannot set
 * a header, and says it in the query. The header is the newer of the two. */
static struct slice
position_of(struct ask *ask)
{
	const char *after = ask_text(ask, "after");
	struct slice header = web_header(ask->exchange, "last-event-id");

	if (header.at != NULL)
		return header;
	return after == NULL ? (struct slice){0} : slice_of(after);
}

void
view_events(struct ask *ask)
{
	uint32_t place = ask_place(ask);
	struct slice position = position_of(ask);

	if (!ask_fine(ask))
		return;
	listeners_add(ask->api->listeners, ask, place, position);
	ask_end(ask);
}
