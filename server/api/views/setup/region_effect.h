/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/parts/effect_gaps.h"
#include "server/api/views/setup/region_dependents.h"
#include "server/map/snapshot.h"
#include "server/model/region.h"

/*
 * The effect of a region file on the map, the people and the users, beyond the changes it names.
 * Worked out by one function for the dry run and the deed, before either. Pure.
 */

/* Somebody's coming shifts on one rota that will not be known to be his any more. */
struct region_turned {
	uint32_t person, rota; /* of the set-up in force */
	const char *why;
	bool may; /* only those whose titles use a name that is removed */
	uint32_t shifts;
	int64_t first;
};

/* A rota whose coming shifts go or come from elsewhere. */
struct region_emptied {
	uint32_t rota; /* of the set-up in force */
	const char *why;
	uint32_t shifts;
};

/* A code that answers, bookmarks and subscribers know, and that will not be there. */
struct region_code {
	const char *kind, *was;
	const char *now; /* where it went; NULL: nowhere */
};

/* A name that somebody no longer has, and that calendars may continue to use. */
struct region_name {
	uint32_t person; /* of the set-up that is to be */
	const char *was;
};

struct region_account_end {
	const char *account;
	uint32_t tokens;
};

struct region_effect {
	bool known; /* false: this process does not know the set-up in force yet */
	struct effect_gaps gaps;
	const struct region_turned *turned;
	const struct region_emptied *emptied;
	const struct region_code *codes;
	const struct region_account_end *ends;
	const struct region_name *names;
	size_t nturned, nemptied, ncodes, nends, nnames;
};

struct region_effect_asked {
	const struct snapshot *map;    /* of the set-up in force */
	struct snapshot_region *setup; /* the one that is to be */
	struct snapshot *after;        /* the map under it, where the shifts of it are known; NULL:
					  those of ${map}, for the people and rotas that are left */
	const struct region_changes *changes;
	const bool *other_source; /* by rota of the new set-up */
	int64_t now;
};

void region_effect(
    struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out);

/* The member "effect" of the answer; ${after} is the region that is to be. */
void region_effect_put(struct json_out *out, const struct ask *ask,
    const struct region_effect *effect, const struct region *after);
