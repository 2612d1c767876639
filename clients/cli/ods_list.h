/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/table.h"
#include "server/base/vec.h"

/* The organisations and successions that published files tell, whatever their form. Pure. */
struct ods_organisation {
	const char *code, *name;
	int64_t
	    until; /* the first local day (civil_days) on which it is no more; INSTANT_END: open */
	bool closed; /* also true of one that is inactive and has no day */
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

/* Empty; everything that is read is of ${arena}. */
void ods_init(struct ods *ods, struct arena *arena);

/* NULL: the file has nothing about the code. */
const struct ods_organisation *ods_find(const struct ods *ods, const char *code);

/* Adds one. NULL, or that the code occurs twice, with different rows. */
const char *ods_add(struct ods *ods, const struct ods_organisation *organisation);
