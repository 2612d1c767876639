/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * A protected person (a stalked worker, one who works alone) is shown by name to nobody outside the
 * organisation. Such a reader is given a set-up in which the person counts as ever, and has no name,
 * alias or number: what stands in their place is here.
 */

/* Whether ${person} is one of whom the reader of this set-up is told nothing. */
static inline bool
region_is_withheld(const struct region_person *person)
{
	return person->shown_id != person->id;
}

/* What people say of a function in few words: a short code in capitals ("AMHP"), else the function's
 * name. ${out} is used for the former. */
#define REGION_ROLE_MAX 16
const char *region_role(const struct region_function *function, char out[REGION_ROLE_MAX]);

/* What stands for the name: "AMHP on call, via the team's number". ${function}: in which the person
 * is shown; REGION_NONE: the person's only one, if there is just one. In the arena. */
const char *region_withheld_name(struct arena *arena, const struct region *region,
    const struct region_person *person, uint32_t function);

/* What stands for a text that names such a person, and for a number. Without quotes, so that it may
 * stand inside JSON. */
#define REGION_WITHHELD_TEXT "(not shown: it names a protected person)"
#define REGION_WITHHELD_NUMBER "via the team's number"

/* ${person} as it is shown to those from whom it is withheld, under ${shown_id}. It is rung by the
 * team's number, or where there is none through the switchboard. */
struct region_person region_withhold(struct arena *arena, const struct region *region,
    const struct region_person *person, const char *shown_id);
