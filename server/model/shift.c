/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/sweep.h"

/* A person who has been removed from the set-up makes the shift undecided and not nobody: somebody
 * may well be on. */
bool
shift_class_read(const char *kept, bool person_known, enum shift_class *out)
{
	/* An absence is no shift; it takes its person out of other shifts (person_time.h). */
	if (strcmp(kept, "absence") == 0)
		return false;
	if (strcmp(kept, "named") == 0 && person_known)
		*out = SHIFT_NAMED;
	else if (strcmp(kept, "team") == 0)
		*out = SHIFT_TEAM;
	else if (strcmp(kept, "nobody") == 0)
		*out = SHIFT_NOBODY;
	else
		/* Also a class of a later version: doubtful, and never cover. */
		*out = SHIFT_UNDECIDED;
	return true;
}
