/* SPDX-License-Identifier: MIT */
#include "server/base/vec.h"

#include <stdint.h>
#include <string.h>

#include "server/base/fatal.h"

#define VEC_FIRST 8

void *
vec_grow(struct arena *arena, const void *items, size_t count, size_t *capacity, size_t size)
{
	size_t larger = *capacity < VEC_FIRST ? VEC_FIRST : *capacity * 2;
	void *grown;

	INVARIANT(larger > *capacity && count <= *capacity);
	/* An arena cannot extend a piece. The one before stays unused in it, which doubling keeps
	 * to as much as the list itself. */
	grown = arena_array(arena, larger, size);
	if (count > 0)
		memcpy(grown, items, count * size);
	*capacity = larger;
	return grown;
}
