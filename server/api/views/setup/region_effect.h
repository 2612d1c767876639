/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/parts/effect_gaps.h"
#include "server/api/views/setup/region_dependents.h"
#include "server/map/snapshot.h"
#include "server/model/region.h"

/*
 * The effect of a region file on cover, people and users, beyond the changes that it states. One function
 * computes it for the dry run and for the change, before either. Pure.
 */

/* Coming shifts of a person on one rota that will no longer be known as that person's. */
struct region_turned {
	uint32_t person, rota; /* of the set-up in force */
	const char *why;
	bool may; /* perhaps: only the shifts whose titles use a name that is removed */
	uint32_t shifts;
	int64_t first;
};

/* A rota whose coming shifts disappear, or will be read from another source. */
struct region_emptied {
	uint32_t rota; /* of the set-up in force */
	const char *why;
	uint32_t shifts;
};

/* A code that will no longer exist, although bookmarks and subscribers may use it. */
struct region_code {
	const char *kind, *was;
	const char *now; /* where it went; NULL: nowhere */
};

/* A name that a person will no longer have, although calendars may go on using it. */
struct region_name {
	uint32_t person; /* of the set-up that is to be */
	const char *was;
};

/* Somebody of the changes, and another of the same organisation whom a calendar may call the same: it names
 * neither then. */
struct region_alike {
	uint32_t person, other; /* of the set-up that is to be */
	const char *written;    /* in small letters, as titles are compared */
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
	const struct region_alike *alike;
	size_t nturned, nemptied, ncodes, nends, nnames, nalike;
};

struct region_effect_asked {
	const struct snapshot *map;    /* of the set-up in force */
	struct snapshot_region *setup; /* as it will be */
	/* The map with ${setup}, if its shifts are known. NULL: the shifts of ${map} are used, for
	 * the people and rotas that remain. */
	struct snapshot *after;
	const struct region_changes *changes;
	const bool *other_source; /* by rota of the new set-up */
	int64_t now;
};

/* Memory of ${arena}. */
void region_effect(
    struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out);

/* Finds whom the changes make alike; that of region_effect() about people of one organisation. */
void region_effect_alike(
    struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out);

/* Adds the member "effect" to an answer. ${after}: the region as it will be. */
void region_effect_put(struct json_out *out, const struct ask *ask,
    const struct region_effect *effect, const struct region *after);
