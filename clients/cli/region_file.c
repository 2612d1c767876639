/* SPDX-License-Identifier: MIT */
#include "clients/cli/region_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/command.h"
#include "clients/cli/show.h"
#include "server/base/file.h"

/* The limit of the server for a region file. */
enum { REGION_MAX = 32 << 20 };

int
region_file_read(
    struct arena *arena, const char *path, const struct region **region, struct slice *text)
{
	struct region_faults faults = {0};
	struct slice json;
	enum status st;
	char *bytes;
	size_t len;

	st = file_read(path, REGION_MAX, &bytes, &len);
	if (st != STATUS_OK) {
		fprintf(stderr, "crisiscover: %s: %s\n", path,
		    st == STATUS_LIMIT ? "it is larger than 32 MiB" : "it cannot be opened");
		return EXIT_INPUT_REFUSED;
	}
	/* Copied with its end: the region keeps pointing into the text. */
	json = (struct slice){arena_strndup(arena, bytes, len), len};
	free(bytes);
	st = region_read(arena, json, region_zones_of(show_zones()), region, &faults);
	for (size_t i = 0; i < faults.count; i++)
		/* With the JSON path of each: the file may have thousands of lines, and all faults
		 * are given at once. */
		fprintf(stderr, "%s: %s%s: %s\n", path, faults.items[i].warning ? "warning: " : "",
		    faults.items[i].path, faults.items[i].detail);
	if (st != STATUS_OK)
		return EXIT_INPUT_REFUSED;
	if (text != NULL)
		*text = json;
	return EXIT_FINE;
}
