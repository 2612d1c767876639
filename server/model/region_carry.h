/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_kind.h"

/*
 * Copies into a new region file what the set-up in force knows about the past and the file need not
 * repeat: former codes, and former names of people. So a rename is stated in one file only.
 *
 * "renamed_from" of each thing is completed. If a person has another name than in the set-up
 * before, the old name is added to "former_names", unless the file sets that member, or another
 * person in the file has that name.
 *
 * ${file} must be JSON in which region_read() found no fault. Nor will it find one in the result,
 * except for a code that is used again. If there is nothing to add, the result is ${file}, byte for
 * byte.
 */
struct slice region_carry(struct arena *arena, struct slice file, const struct region *before);

/* The same for one object, ${item}, of a set-up whose others are as in ${before}. */
struct slice region_carry_item(struct arena *arena, const struct region_kind *kind,
    struct slice item, const struct region *before);
