/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * FNV-1a over 64 bits: start with HASH_START and add what is to be distinguished. Not for secrets
 * and not against strangers who choose what is hashed. Some of what it gives is kept (keys of
 * shifts without a UID, marks of versions), so it never changes. In a header because tables live by
 * it.
 */
#define HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (; len > 0; len--)
		hash = (hash ^ *at++) * UINT64_C(0x100000001b3);
	return hash;
}

/* Without the NUL at its end: "ab" and then "c" is the same as "a" and then "bc". */
static inline uint64_t
hash_text(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = hash_bytes(hash, text, 1);
	return hash;
}

/* With its NUL. */
static inline uint64_t
hash_string(uint64_t hash, const char *text)
{
	return hash_bytes(hash_text(hash, text), "", 1);
}

/* Spreads numbers that are near each other over 64 bits; the upper ones are the good ones. */
static inline uint64_t
hash_spread(uint64_t number)
{
	return number * UINT64_C(0x9e3779b97f4a7c15);
}
