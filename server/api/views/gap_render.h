#pragma once

#include "server/api/ask/ask.h"
#include "server/api/map/gap_block.h"

/* One gap as it is answered: from the snapshot or from the record. */
struct gap_item {
	struct kept_gap gap;
	const char *acknowledged_by, *note;
	const char *requirement, *place, *function, *owner; /* owner: organisation, or NULL */
	int64_t closed_at;                                  /* NEVER: open */
	bool passed;
};

void gap_render(
    struct json_out *out, const struct gap_item *item, const struct zone *zone, int64_t now);

/* Who is to fill it: the organisation of the first service that serves the demand; NULL. */
const char *gap_owner(const struct region *region, uint32_t demand);
