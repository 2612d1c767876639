/* SPDX-License-Identifier: MIT */
#include "clients/cli/watch_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/file.h"

enum { STATE_MAX = 64 };

void
watch_state_read(const char *path, struct watch_place *place)
{
	char *text;
	size_t len;

	/* There is no file the first time. */
	if (file_read(path, STATE_MAX, &text, &len) != STATUS_OK)
		return;
	if (!watch_place_parse(slice_trim((struct slice){text, strcspn(text, "\n")}), place))
		fprintf(stderr,
		    "crisiscover watch: %s holds no place; starting from the newest flag\n", path);
	free(text);
}

void
watch_state_write(const char *path, const struct watch_place *place)
{
	char text[WATCH_PLACE_MAX + 1];

	watch_place_print(place, text);
	strcat(text, "\n");
	/* Replaced as a whole: half a number would be another place. */
	if (file_replace(path, text, strlen(text), 0600) != STATUS_OK)
		fprintf(stderr, "crisiscover watch: could not write %s\n", path);
}
