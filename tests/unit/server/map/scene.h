/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "tests/unit/server/api/atlas.h"

/* A map in memory, and an arena for what is asked of it. */
struct scene {
	struct atlas atlas;
	struct arena *arena;
};

/* ${region}: a region file with ' for "; NULL: that of the atlas. */
static inline void
open_scene(struct scene *scene, const char *region)
{
	if (region != NULL)
		atlas_open_quoted(&scene->atlas, region);
	else
		atlas_open(&scene->atlas);
	scene->arena = arena_new(0);
}

static inline void
close_scene(struct scene *scene)
{
	arena_free(scene->arena);
	atlas_close(&scene->atlas);
}
