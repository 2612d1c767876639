/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * What a set-up knows of the past of its things, and a region file need not repeat: the codes that
 * they had before, and the names that people had before. Carried over into the document that comes
 * into force: whoever renames something says so once.
 *
 * "renamed_from" of each thing becomes whole. "former_names" of a person who has another name than
 * before get the name before, unless the file says what they are, or somebody else of the file is
 * called so.
 *
 * ${file} is JSON that region_read has found no fault with; so is what comes out, but for codes
 * that are used again. The very bytes of ${file}, if there is nothing to carry.
 */
struct slice region_carry(struct arena *arena, struct slice file, const struct region *before);
