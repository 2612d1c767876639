/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/table.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * The Organisation Data Service's files of organisations and sites. Pure. Three forms are read,
 * told apart by their content:
 * - the organisation files (etr, ets, ect, eccg and others): CSV of 27 columns without a heading, of
 *   which the code (1), the name (2) and the close date (12, yyyymmdd) are used;
 * - the file of successors (succ): CSV of 5 columns without a heading: a code, its successor, the
 *   reason, the day (yyyymmdd), an indicator;
 * - FHIR: an Organization, or a Bundle of them, of STU3 or R4. FHIR does not tell successors.
 */
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

/*
 * Adds what ${bytes} tells to ${ods}. NULL if all of it was read; else what is wrong and where
 * (memory of the arena), and nothing of it may be used. A code that occurs twice is a fault, unless
 * both rows agree.
 */
const char *ods_read(struct ods *ods, struct slice bytes);

/* NULL: the file has nothing about the code. */
const struct ods_organisation *ods_find(const struct ods *ods, const char *code);

/* Adds one. NULL, or that the code occurs twice, with different rows. */
const char *ods_add(struct ods *ods, const struct ods_organisation *organisation);

/* ${name} as people write it: the published names are all in capitals. Memory of the arena. */
const char *ods_name(struct arena *arena, const char *name);
