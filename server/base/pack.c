/* SPDX-License-Identifier: MIT */
#include "server/base/pack.h"

#include <string.h>

#include "server/base/fatal.h"

/* Little-endian by hand, so that the form does not depend on the machine. */
static void
pack_little(struct buf *buf, uint64_t value, size_t bytes)
{
	unsigned char out[8];

	for (size_t i = 0; i < bytes; i++)
		out[i] = (unsigned char)(value >> (8 * i));
	buf_add(buf, out, bytes);
}

void
pack_u8(struct buf *buf, uint8_t value)
{
	pack_little(buf, value, 1);
}

void
pack_u32(struct buf *buf, uint32_t value)
{
	pack_little(buf, value, 4);
}

void
pack_i64(struct buf *buf, int64_t value)
{
	pack_little(buf, (uint64_t)value, 8);
}

void
pack_bytes(struct buf *buf, const void *bytes, size_t len)
{
	INVARIANT(len < UINT32_MAX);
	pack_u32(buf, (uint32_t)len);
	buf_add(buf, bytes, len);
}

/* A string's length is kept one higher, so that 0 is NULL. */
void
pack_text(struct buf *buf, const char *string)
{
	size_t len = string == NULL ? 0 : strlen(string);

	INVARIANT(len < UINT32_MAX - 1);
	pack_u32(buf, string == NULL ? 0 : (uint32_t)len + 1);
	buf_add(buf, string, len);
}

struct unpack
unpack_from(const void *bytes, size_t len)
{
	/* An end that is not NULL, so that pointers can be compared. */
	static const char nothing[1];
	const char *at = len == 0 ? nothing : bytes;

	return (struct unpack){.at = at, .end = at + len};
}

/* The next ${len} bytes; NULL, and bad, if there are not as many. */
static const char *
take(struct unpack *unpack, size_t len)
{
	const char *at = unpack->at;

	/* Once bad, always bad: callers read a whole record and check once at its end. */
	if (unpack->bad || (size_t)(unpack->end - unpack->at) < len) {
		unpack->bad = true;
		return NULL;
	}
	unpack->at += len;
	return at;
}

/* Byte by byte: the bytes need not be aligned. */
static uint64_t
unpack_little(struct unpack *unpack, size_t bytes)
{
	const char *at = take(unpack, bytes);
	uint64_t value = 0;

	if (at == NULL)
		return 0;
	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)(unsigned char)at[i] << (8 * i);
	return value;
}

uint8_t
unpack_u8(struct unpack *unpack)
{
	return (uint8_t)unpack_little(unpack, 1);
}

uint32_t
unpack_u32(struct unpack *unpack)
{
	return (uint32_t)unpack_little(unpack, 4);
}

int64_t
unpack_i64(struct unpack *unpack)
{
	return (int64_t)unpack_little(unpack, 8);
}

struct slice
unpack_bytes(struct unpack *unpack)
{
	uint32_t len = unpack_u32(unpack);
	const char *at = take(unpack, len);

	return at == NULL ? SLICE("") : (struct slice){at, len};
}

const char *
unpack_text(struct unpack *unpack, struct arena *arena, size_t max)
{
	uint32_t len = unpack_u32(unpack);
	const char *at;

	/* 0 is NULL; every other length is one too high (pack_text()). */
	if (len == 0)
		return NULL;
	len--;
	at = take(unpack, len);
	if (at == NULL)
		return NULL;
	/* Checked where it comes in, since texts of a child go to the database and to pages. */
	if (len > max || !text_utf8_valid(at, len)) {
		unpack->bad = true;
		return NULL;
	}
	return arena_strndup(arena, at, len);
}

uint32_t
unpack_count(struct unpack *unpack, size_t least)
{
	uint32_t count = unpack_u32(unpack);

	/* An item of no bytes would let any count pass. */
	INVARIANT(least > 0);
	/* A count is believed only if the bytes for it are there, before anything is allocated for
	 * it. */
	if (count > (size_t)(unpack->end - unpack->at) / least) {
		unpack->bad = true;
		return 0;
	}
	return count;
}

bool
unpack_done(const struct unpack *unpack)
{
	/* Bytes that are left over mean that the two sides do not agree about the form. */
	return !unpack->bad && unpack->at == unpack->end;
}
