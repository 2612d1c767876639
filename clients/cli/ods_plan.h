/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "clients/cli/ods_read.h"

/*
 * The changes that the published files make to one organisation or place of the set-up, given as
 * GET /v1/organisations and /v1/places list it. Pure.
 */
struct ods_plan {
	json_t *patch; /* of the object; NULL: nothing changes. Yours to json_decref */
	/* Sentences about what was left as it is, or is not known. NULL-terminated. */
	const char *notes[6];
};

struct ods_wish {
	const struct ods *ods;
	const json_t *object;
	const struct table *codes; /* of the same list: who can be a successor */
	bool overwrite;            /* also what somebody has set otherwise */
};

/*
 * The name is filled where it is only the code; the end and the successors where there are none. A
 * member that somebody has changed stays, with a note, unless it is to be overwritten. Memory of
 * the arena of ${wish->ods}.
 */
void ods_plan(const struct ods_wish *wish, struct ods_plan *plan);
