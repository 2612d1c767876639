/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/map/lookup.h"

/* A part of a bundle in an answer, without the people who fill it. */

/* Adds its members to an object. */
void bundle_put_part(
    struct json_out *out, const struct region *region, const struct lookup_part *part);

/* "Section 12 doctor, of different teams"; "Place of safety or Bed manager". */
void bundle_part_words(
    struct buf *words, const struct region *region, const struct region_part *part);

/* "cause" and "cause_code". */
void bundle_put_cause(struct json_out *out, enum cover_cause cause);
