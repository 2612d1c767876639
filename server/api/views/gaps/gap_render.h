/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/parts/late_corrections.h"
#include "server/api/views/parts/places.h"
#include "server/map/gap_block.h"

/* One gap as it is answered: from the snapshot or from the record. */
struct gap_item {
	struct kept_gap gap;
	const char *acknowledged_by, *note, *group;
	const char *notes; /* JSON, or NULL */
	const char *requirement, *place, *function;
	uint32_t demand;   /* of the region in force; REGION_NONE: no longer asked for */
	int64_t closed_at; /* INSTANT_NEVER: open */
	bool passed, not_required;
	enum gap_severity severity; /* of one whose closing was announced, as it was written down */
};

/* A gap of ${demand} in ${block}. */
struct gap_item gap_item_of(const struct region *region, const struct gap_block *block,
    const struct kept_gap *gap, uint32_t demand);

/* The material from which answers about gaps are made. */
struct gap_frame {
	const struct ask *ask; /* who reads it */
	const struct region *region;
	const struct zone *zone;
	int64_t now;
	const struct places_scope *scope;
	const struct late_corrections *late; /* of one from the record; NULL: not asked for */
};

/* ${key}: NULL for an item of a list. */
void gap_render(struct json_out *out, const char *key, const struct gap_item *item,
    const struct gap_frame *frame);

/* How severe a gap is at ${now} whose closing was not announced, and whether somebody must still
 * take it on. */
enum gap_severity gap_item_severity(
    const struct gap_item *item, const struct region *region, int64_t now);
bool gap_item_awaits(const struct gap_item *item, const struct region *region, int64_t now);

/* Who deals with the gap: whom the requirement names, else the organisation of the first service
 * that serves the demand; NULL. */
const char *gap_owner(const struct region *region, uint32_t demand);
