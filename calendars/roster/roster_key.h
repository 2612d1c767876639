/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/*
 * The file's own key: "JJ,Jane Jackson" or "KL = (left)", beside or below its rows or on another sheet. Initials that
 * the key gives to somebody else than this rota does count for nobody in that file, and so do shift codes that are leave by
 * it. A key makes nobody count.
 */
struct roster_key_entry {
	const char *initials; /* as a token: "jj" */
	const char *written, *means;
};
struct roster_key {
	VEC(struct roster_key_entry) others; /* those that the file gives to somebody else */
	VEC(struct roster_key_entry)
	codes;    /* shift codes that are no shifts in the file: "LD = Leave Day" */
	bool cut; /* there may be a key on a sheet that could not be looked at */
};

/* Looks for a key in ${sheet} and in its other sheets. */
void roster_key_find(struct roster_key *out, struct titles *titles, const struct sheet *sheet);

/* Makes ${slot} undecided, and notes it, if the name of the row is written with such initials, or its shift with such a code; or
 * with any, if there may be a key that is not known. */
void roster_key_says(const struct roster_entry *entry, struct slot *slot);
