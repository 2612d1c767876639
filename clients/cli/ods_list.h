/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/table.h"
#include "server/base/vec.h"

/* The organisations and successions that were read from published files of any form. Pure. */
struct ods_organisation {
	const char *code, *name;
	/* The first local day (civil_days) on which it no longer exists; INSTANT_END: open, or the
	 * day is not published. */
	int64_t until;
	bool closed; /* also if it is inactive and has no day */
};

struct ods_succession {
	const char *code, *successor;
};

struct ods {
	struct arena *arena;
	struct table by_code; /* organisations */
	VEC(struct ods_organisation) organisations;
	VEC(struct ods_succession) successions;
};

/* Makes it empty. Everything that is added later is allocated from ${arena}. */
void ods_init(struct ods *ods, struct arena *arena);

/* The organisation with ${code}; NULL: the files do not have it. */
const struct ods_organisation *ods_find(const struct ods *ods, const char *code);

/* Adds ${organisation}, whose texts are borrowed. Returns NULL, or a sentence if the code is there with
 * another content. */
const char *ods_add(struct ods *ods, const struct ods_organisation *organisation);
