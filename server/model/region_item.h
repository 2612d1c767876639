/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region_kind.h"

/*
 * One object of a region file. Documents are JSON objects whose lists, if they are there, are lists
 * of objects; what is returned lives in ${arena}.
 */

#define REGION_ITEM_NONE SIZE_MAX

/* Which object. */
struct region_item {
	const struct region_kind *kind;
	const char *key;
};

/* The object, or an empty slice. */
struct slice region_item_get(
    struct arena *arena, struct slice document, const struct region_item *which);

/*
 * ${document} with ${item} (a JSON object) in the place of the object ${which}: last in its list if
 * there is none. If ${item} is an empty slice, the object is removed. If ${item} has another code
 * than an object that is there, "renamed_from" is completed with the code it had. ${index}: where
 * it is in its list; REGION_ITEM_NONE if it is gone.
 */
struct slice region_item_set(struct arena *arena, struct slice document,
    const struct region_item *which, struct slice item, size_t *index);

/* ${path} of a fault in the document, relative to the object at ${index}: "$.phone" for
 * "$.services[3].phone". NULL if it is not within it. */
const char *region_item_path(
    struct arena *arena, const struct region_kind *kind, size_t index, const char *path);

/* The object that ${path} is within, for people: "service fenmere-amhp". NULL if it is within
 * none. */
const char *region_item_named(struct arena *arena, struct slice document, const char *path);
