/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory by lifetime: everything one job needs comes from its arena and is freed with it. An arena
 * has a limit of bytes; work on foreign data asks arena_over() at its loops and answers
 * STATUS_LIMIT. Allocation itself never returns NULL: past the limit it still succeeds up to twice
 * the limit, beyond which the process ends (our loop did not ask).
 */
struct arena;

/* A new arena of at most ${limit} bytes (0: unlimited, for our own data). Free with arena_free. */
struct arena *arena_new(size_t limit);

/* Frees ${arena} and everything from it. arena_free(NULL) does nothing. */
void arena_free(struct arena *arena);

/* Zeroed, aligned memory of ${size} bytes, valid until arena_free. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* An array of ${count} zeroed items; fatal on overflow of the product. */
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));

/* A copy of ${size} bytes, aligned for any type. */
void *arena_copy(struct arena *arena, const void *from, size_t size)
    __attribute__((returns_nonnull));

/* Copies: of a string, of ${len} bytes (NUL added), of formatted text. */
char *arena_strdup(struct arena *arena, const char *string) __attribute__((returns_nonnull));
char *arena_strndup(struct arena *arena, const char *bytes, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Bytes handed out so far; whether that is more than the limit. */
size_t arena_used(const struct arena *arena);
int arena_over(const struct arena *arena);
