/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * What a region file would undo. Three set-ups meet: the file that was applied before, the set-up
 * in force, and the file that is to be applied. What differs between the first two was changed
 * since, by other means; where the new file would change that again it is in conflict, and is not
 * done unless somebody means it.
 */
struct region_conflict {
	const char *id; /* "service:fenmere-amhp:phone"; of the whole thing "rota:fenmere-edt" */
	const char *kind, *code; /* as the file has it */
	const char *was;         /* as the set-up in force has it; the same, unless it is renamed */
	const char *key;         /* of the region file; NULL: the whole thing */
	char sign;               /* of what the file would do: '+', '-', '~' */
};

struct region_conflicts {
	const struct region_conflict *items;
	size_t count;
};

/*
 * ${since}: from the file that was applied before to the set-up in force. ${would}: from the set-up
 * in force to the new file. Both as region_compare has them. In conflict is what both name: a key
 * of a thing; a thing that was added or changed since and would go; one that was removed since and
 * would come back.
 */
void region_conflicts(struct arena *arena, const struct region_changes *since,
    const struct region_changes *would, struct region_conflicts *out);

/* Whether ${id}, as somebody gave it, names the conflict: it is its id, or that of the whole thing.
 */
bool region_conflict_named(const struct region_conflict *conflict, struct slice id);
