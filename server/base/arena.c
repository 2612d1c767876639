/* SPDX-License-Identifier: MIT */
#include "server/base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

#define ARENA_BLOCK_MIN_BYTES ((size_t)4096)
#define ARENA_BLOCK_MAX_BYTES ((size_t)1 << 20)

struct block {
	struct block *next;
	size_t size, used;
	/* Aligned for any type, because the caller does not say what it will put there. */
	alignas(max_align_t) char bytes[];
};

struct arena {
	size_t limit, used;
	size_t next_block; /* doubles, so that a large job does not pay for many small blocks */
	struct block *blocks;
};

struct arena *
arena_new(size_t limit)
{
	struct arena *arena = xcalloc(1, sizeof *arena);

	/* 0: without one. */
	arena->limit = limit;
	arena->next_block = ARENA_BLOCK_MIN_BYTES;
	return arena;
}

void
arena_free(struct arena *arena)
{
	struct block *block, *next;

	if (arena == NULL)
		return;
	for (block = arena->blocks; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

/* A large piece gets a block of its own after the current one, whose rest is then still used. */
static void *
alloc_large(struct arena *arena, size_t size, bool zeroed)
{
	struct block *block =
	    zeroed ? xcalloc(1, sizeof *block + size) : xmalloc(sizeof *block + size);

	block->next = NULL;
	block->size = block->used = size;
	if (arena->blocks == NULL) {
		arena->blocks = block;
	} else {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	}
	return block->bytes;
}

/* calloc() and not malloc(): arena_alloc() promises zeros, and the kernel gives large blocks
 * zeroed. */
static void
add_block(struct arena *arena)
{
	struct block *block = xcalloc(1, sizeof *block + arena->next_block);

	block->size = arena->next_block;
	block->next = arena->blocks;
	arena->blocks = block;
	if (arena->next_block < ARENA_BLOCK_MAX_BYTES)
		arena->next_block *= 2;
}

/* ${zeroed}: false where the caller writes all of it. A small piece is zeroed in any case. */
static void *
alloc(struct arena *arena, size_t size, bool zeroed)
{
	const size_t mask = alignof(max_align_t) - 1;
	void *memory;

	/* Keeps the sums below from overflowing, whatever a count from outside asked for. */
	INVARIANT(size <= SIZE_MAX / 4);
	size = (size + mask) & ~mask;
	/* Callers check arena_over() now and then, not after each piece. Up to twice the limit they
	 * have the time to; beyond it nothing else would stop a hostile calendar. */
	if (arena->limit != 0 && size > 2 * arena->limit - arena->used)
		fatal("arena past twice its limit of %zu bytes", arena->limit);
	arena->used += size;
	/* More than half a block would leave the rest of the current one unused. */
	if (size > arena->next_block / 2)
		return alloc_large(arena, size, zeroed);
	if (arena->blocks == NULL || arena->blocks->size - arena->blocks->used < size)
		add_block(arena);
	memory = arena->blocks->bytes + arena->blocks->used;
	arena->blocks->used += size;
	return memory;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return alloc(arena, size, true);
}

void *
arena_copy(struct arena *arena, const void *from, size_t size)
{
	void *copy = alloc(arena, size, false);

	if (size > 0)
		memcpy(copy, from, size);
	return copy;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t product;

	INVARIANT(!__builtin_mul_overflow(count, size, &product));
	return arena_alloc(arena, product);
}

char *
arena_strdup(struct arena *arena, const char *string)
{
	return arena_strndup(arena, string, strlen(string));
}

char *
arena_strndup(struct arena *arena, const char *bytes, size_t len)
{
	/* The NUL after it is there already, since the arena gives zeros. */
	char *copy = arena_alloc(arena, len + 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	/* vsnprintf() uses its list up, and it is called twice. */
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	INVARIANT(len >= 0);
	text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

size_t
arena_used(const struct arena *arena)
{
	return arena->used;
}

int
arena_over(const struct arena *arena)
{
	return arena->limit != 0 && arena->used > arena->limit;
}
