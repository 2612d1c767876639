/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "server/model/region_kind.h"

/* One change of one object of the set-up. */
struct object_change {
	const char *command, *method; /* for messages; PUT, PATCH or DELETE */
	const struct region_kind *kind;
	const char *key;
	json_t *body; /* NULL: none */
	const char *overwrite, *reason, *until;
	bool dry_run;
	bool fresh;     /* refuse if there is such an object already */
	bool *proposed; /* or NULL; set to true if the change needs a second person, so that it was
			   only proposed */
};

/*
 * Sends the change as a dry run, prints what it would do, and then makes it, provided that the object still
 * has the version of the dry run. With dry_run it ends before that. Returns an exit code; errors go to
 * stderr.
 */
int object_change(const struct object_change *wish);
