/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/parts/late_corrections.h"
#include "server/api/views/parts/places.h"
#include "server/map/gap_block.h"

/* A gap to be answered, from the snapshot or from the record. Texts are borrowed. */
struct gap_item {
	struct kept_gap gap;
	const char *acknowledged_by, *note, *group;
	const char *notes; /* JSON, or NULL */
	const char *risk;  /* JSON, or NULL */
	const char *requirement, *place, *function;
	uint32_t demand;   /* of the region in force; REGION_NONE: no longer asked for */
	int64_t closed_at; /* INSTANT_NEVER: open */
	bool passed, not_required;
	enum gap_severity severity; /* only of a gap whose closing was announced: as recorded */
};

/* The item for ${gap}, a gap of ${demand} in ${block} of the snapshot. */
struct gap_item gap_item_of(const struct region *region, const struct gap_block *block,
    const struct kept_gap *gap, uint32_t demand);

/* What is the same for all gaps of one answer. */
struct gap_frame {
	const struct ask *ask; /* who reads it */
	const struct region *region;
	const struct zone *zone;
	int64_t now;
	const struct places_scope *scope;
	const struct late_corrections *late; /* for gaps of the record; NULL: not asked for */
};

/* Adds the gap in full, as ${key}, or as an item of a list if that is NULL. */
void gap_render(struct json_out *out, const char *key, const struct gap_item *item,
    const struct gap_frame *frame);

/* How severe the gap is at ${now}; a gap whose closing was announced keeps its last severity. And whether
 * somebody must still acknowledge it. */
enum gap_severity gap_item_severity(
    const struct gap_item *item, const struct region *region, int64_t now);
bool gap_item_awaits(const struct gap_item *item, const struct region *region, int64_t now);

/* Who deals with gaps of ${demand}: the owner that the requirement names, or the organisation of the first
 * service that could fill them, or NULL. */
const char *gap_owner(const struct region *region, uint32_t demand);
