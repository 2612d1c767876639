/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * The changes that a region file would undo. It compares three set-ups: the file that was applied
 * before, the set-up in force, and the file to be applied. Differences between the first two were
 * made by other means since. If the new file would change the same thing, that is a conflict, and
 * the file is not applied unless a person confirms it.
 */
struct region_conflict {
	const char *id; /* "service:fenmere-amhp:phone"; for a whole thing "rota:fenmere-edt" */
	const char *kind, *code; /* as in the file */
	const char *was; /* its code in the set-up in force; the same, unless it is renamed */
	const char *key; /* of the region file; NULL: the whole thing */
	char sign;       /* of what the file would do: '+', '-', '~' */
};

struct region_conflicts {
	const struct region_conflict *items;
	size_t count;
};

/*
 * Finds the conflicts. ${since}: the changes from the file that was applied before to the set-up in force.
 * ${would}: the changes from the set-up in force to the new file. Both are results of region_compare(). A
 * conflict is a key that both change; an object that was added or changed since and would be removed; or an
 * object that was removed since and would come back. Memory of ${arena}.
 */
void region_conflicts(struct arena *arena, const struct region_changes *since,
    const struct region_changes *would, struct region_conflicts *out);

/* Whether ${id}, given by a person, names the conflict: it is its id, or the id of the whole thing. */
bool region_conflict_named(const struct region_conflict *conflict, struct slice id);
