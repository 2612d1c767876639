/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/base/text.h"
#include "server/model/region.h"

/* The kinds of objects of a set-up: the name of a kind, its list in a region file, and the member
 * that names an object there; and where the objects of the kind are in struct region. In the order
 * of the file. */
struct region_kind {
	const char *kind, *list, *id;
	size_t size;                         /* of one object's struct */
	size_t items_at, count_at, table_at; /* offsets in struct region */
};

/* The array at ${items_at} has the objects themselves, in their order, but of people what leads to
 * them (region_people.h). */

enum {
	REGION_KIND_ORGANISATION,
	REGION_KIND_FUNCTION,
	REGION_KIND_PLACE,
	REGION_KIND_PERSON,
	REGION_KIND_SERVICE,
	REGION_KIND_ROTA,
	REGION_KIND_REQUIREMENT,
	REGION_KIND_ACCOUNT,
	REGION_KIND_AREA,
	REGION_KIND_NAVIGATOR,
	REGION_KINDS
};
extern const struct region_kind region_kinds[REGION_KINDS];

/* NULL: there is none. */
const struct region_kind *region_kind_of(const char *kind);
const struct region_kind *region_kind_listed(struct slice list);

/* The objects of a kind in a region: how many there are, the code of each, and the index of a code
 * (TABLE_NONE: no object has it). */
uint32_t region_kind_count(const struct region_kind *kind, const struct region *region);
const char *region_kind_code(
    const struct region_kind *kind, const struct region *region, uint32_t index);
/* The struct of an object. */
const void *region_kind_item(
    const struct region_kind *kind, const struct region *region, uint32_t index);
uint32_t region_kind_find(
    const struct region_kind *kind, const struct region *region, const char *code);
