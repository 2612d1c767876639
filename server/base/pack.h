/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/text.h"

/*
 * A flat, length-checked record: what crosses a process border or rests in the last-good file.
 * Little-endian; every string carries its length. The reader trusts nothing: the first fault makes
 * it stick at "bad", every later get answers zero or an empty slice, and the caller asks
 * unpack_done() once at the end (all bytes used, nothing bad).
 */
void pack_u8(struct buf *buf, uint8_t value);
void pack_u32(struct buf *buf, uint32_t value);
void pack_i64(struct buf *buf, int64_t value);
void pack_bytes(struct buf *buf, const void *bytes, size_t len);
void pack_text(struct buf *buf, const char *string); /* NULL is kept apart from "" */

struct unpack {
	const char *at, *end;
	bool bad;
};

struct unpack unpack_from(const void *bytes, size_t len);
uint8_t unpack_u8(struct unpack *unpack);
uint32_t unpack_u32(struct unpack *unpack);
int64_t unpack_i64(struct unpack *unpack);
struct slice unpack_bytes(struct unpack *unpack);

/* A NUL-terminated copy in ${arena}; NULL if NULL was packed; bad if not valid UTF-8 or longer than
 * ${max}. */
const char *unpack_text(struct unpack *unpack, struct arena *arena, size_t max);

/* The fewest bytes that an item takes which is packed as so many numbers and texts; of a list in it,
 * only the count is sure to be there. For unpack_count(). */
#define PACKED_LEAST(u8, u32, i64, texts)                                                          \
	((size_t)(u8) + (size_t)4 * (u32) + (size_t)8 * (i64) + (size_t)4 * (texts))

/* A count to loop over, bad if there cannot be that many items of at least ${least} bytes each in
 * what is left. */
uint32_t unpack_count(struct unpack *unpack, size_t least);

bool unpack_done(const struct unpack *unpack);
