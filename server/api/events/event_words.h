/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/text.h"
#include "server/map/changes.h"

/* The bytes of server-sent events. They name the place, gap or rota that has changed, and no person
 * or shift: for those the listener asks the api again, which checks what it may see. Pure. */

#define EVENT_RESET "event: reset\ndata: {}\n\n"

/* Appends the event of ${change}, in a map of version ${version}. */
void event_words(
    struct buf *out, const struct region *region, const struct change *change, int64_t version);

/* How new the map is. */
struct event_age {
	int64_t now, as_of;
	const char *confidence;
	bool practice; /* nothing in the region is real cover */
};
void event_words_heartbeat(struct buf *out, const struct event_age *age);

/* Makes the last event of ${out}, which is not empty, carry the id ${position}. */
void event_words_identify(struct buf *out, const char *position);
