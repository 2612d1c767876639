/* SPDX-License-Identifier: MIT */
#pragma once

#include <string.h>

#include "server/model/region.h"

/* Region files in the source of a test: with ' where JSON has ", so that they can be read. */
static inline bool
region_text_zone_known(const void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "Europe/London") == 0;
}

static inline struct region_zones
region_text_zones(void)
{
	return (struct region_zones){region_text_zone_known, NULL};
}

static inline enum status
region_text_try(
    struct arena *arena, const char *text, const struct region **out, struct region_faults *faults)
{
	size_t len = strlen(text), i;
	char *json = arena_alloc(arena, len + 1);

	for (i = 0; i < len; i++)
		json[i] = text[i] == '\'' ? '"' : text[i];
	*faults = (struct region_faults){0};
	return region_read(arena, (struct slice){json, len}, region_text_zones(), out, faults);
}

static inline const struct region *
region_text_read(struct arena *arena, const char *text, struct region_faults *faults)
{
	const struct region *region = NULL;

	if (region_text_try(arena, text, &region, faults) != STATUS_OK)
		fail_msg("refused: %s %s", faults->items[0].path, faults->items[0].detail);
	return region;
}
