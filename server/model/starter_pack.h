/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/*
 * Starter packs: requirements that a commissioner usually loads for a kind of place, with the
 * functions they are about. A requirement from a pack is a template, and no commissioned standard,
 * until a commissioner confirms it ("pack" and "confirmed" of the region file).
 *
 * A pack is JSON: {"pack", "name", "about", "places": [kinds of places it is for], "functions":
 * [as in a region file], "requirements": [as in a region file without a place, each with "why"]}.
 */

/* The code of pack ${index}; NULL after the last. */
const char *starter_pack_code(size_t index);

/* The pack with this code, or NULL. The caller owns it. */
json_t *starter_pack_read(const char *code);

/* Whether the pack is for places of ${kind}. */
bool starter_pack_suits(const json_t *pack, const char *kind);

struct starter_pack_wish {
	const char *place;                         /* its code */
	const char *owner, *deputy, *commissioner; /* accounts or organisations, or NULL */
	const json_t *functions; /* {function of the pack: function of the region}, or NULL */
};

/*
 * The objects that ${pack} makes for a place, as a region file has them: {"functions": […],
 * "requirements": […]}, owned by the caller. A requirement's id is the pack's with the place's code
 * ("R01-X06000001"). An alert to somebody whom ${wish} does not name is left out. A function that
 * ${wish} maps to one of the region's is not among "functions".
 */
json_t *starter_pack_make(const json_t *pack, const struct starter_pack_wish *wish);
