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
	bool fresh;     /* an object that is there already is not changed */
	bool *proposed; /* set where it wants a second person, so that nothing is changed yet; or
			   NULL */
};

/*
 * Asks what the change would do, prints it, and makes it of just that version; with dry_run it ends
 * before that. An exit code; what went wrong is on stderr.
 */
int object_change(const struct object_change *wish);
