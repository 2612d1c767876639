/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "clients/cli/ods_read.h"

/*
 * Computes the changes by which one organisation or place of the set-up (an item of GET /v1/organisations or
 * /v1/places) would agree with the published files. Pure.
 */
struct ods_plan {
	json_t *patch; /* a merge patch; NULL: nothing changes. The caller frees it (json_decref) */
	/* Sentences about what was not changed, and what is not known. NULL-terminated. */
	const char *notes[6];
};

struct ods_wish {
	const struct ods *ods;
	const json_t *object;
	const struct table *codes; /* of the list of the object: only these can be successors */
	bool overwrite;            /* also change what somebody has set to another value */
};

/*
 * Fills ${plan}. The name is set if it is only the code; the end and the successors if there are none. A
 * member with another value stays, with a note, unless ${overwrite} is set. Notes are allocated from the arena
 * of ${wish->ods}.
 */
void ods_plan(const struct ods_wish *wish, struct ods_plan *plan);
