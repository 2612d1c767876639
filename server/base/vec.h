/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/base/arena.h"

/*
 * A growing array in an arena: VEC(struct shift) shifts = {0}; *VEC_PUSH(arena, &shifts) = (struct
 * shift){…}; Growth doubles and copies (old blocks stay in the arena until it is freed: at most as
 * much again).
 */
#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count, capacity;                                                            \
	}

/* A pointer to one more, zeroed item at the end. */
#define VEC_PUSH(arena, vec)                                                                       \
	((vec)->count == (vec)->capacity                                                           \
		? (void)((vec)->items = vec_grow((arena), (vec)->items, (vec)->count,              \
			     &(vec)->capacity, sizeof *(vec)->items))                              \
		: (void)0,                                                                         \
	    &(vec)->items[(vec)->count++])

/* An empty one has no items to point at: adding even zero to NULL is undefined. */
#define VEC_EACH(item, vec)                                                                        \
	for ((item) = (vec)->items; (vec)->count != 0 && (item) < (vec)->items + (vec)->count;     \
	     (item)++)

/* Used by VEC_PUSH: a block of at least one more item than ${count}, the old ones copied, the rest
 * zeroed. */
void *vec_grow(struct arena *arena, const void *items, size_t count, size_t *capacity, size_t size)
    __attribute__((returns_nonnull));
