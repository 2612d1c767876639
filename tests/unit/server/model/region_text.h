/* SPDX-License-Identifier: MIT */
#pragma once

#include <string.h>

#include "server/model/region.h"

/* Region files in the source of a test: with ' where JSON has ", so that they can be read. */
static inline bool
region_text_zone_known(const void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "Europe/London") == 0 || strcmp(name, "Europe/Paris") == 0;
}

static inline struct region_zones
region_text_zones(void)
{
	return (struct region_zones){.known = region_text_zone_known};
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

/* A region file that has no fault. */
static inline const struct region *
region_text_must_read(struct arena *arena, struct slice json, struct region_faults *faults)
{
	const struct region *region = NULL;

	*faults = (struct region_faults){0};
	if (region_read(arena, json, region_text_zones(), &region, faults) != STATUS_OK)
		fail_msg("refused: %s %s", faults->items[0].path, faults->items[0].detail);
	return region;
}

/* ${text} with the first ${from} in it replaced. */
static inline const char *
region_text_with(struct arena *arena, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (at == NULL)
		fail_msg("the file has no %s", from);
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* A test's arena is its state. */
static inline int
region_text_setup(void **state)
{
	*state = arena_new(0);
	return 0;
}

static inline int
region_text_teardown(void **state)
{
	arena_free(*state);
	return 0;
}
