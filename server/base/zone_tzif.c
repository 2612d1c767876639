/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/zone.h"
#include "server/base/zone_impl.h"

/* RFC 8536. Only the second, 64-bit block and the footer are read. */

#define HEADER_BYTES 44
#define TYPE_BYTES ((size_t)6)

struct counts {
	uint32_t utc_marks, std_marks, leaps, times, types, chars;
};

struct block {
	const unsigned char *times, *indices, *types, *chars;
	struct counts counts;
};

static uint32_t
be32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t
be64(const unsigned char *at)
{
	return (int64_t)((uint64_t)be32(at) << 32 | be32(at + 4));
}

static bool
read_header(const unsigned char *at, size_t left, struct counts *counts)
{
	/* Version 1 has 32-bit times and no footer, and ends in January 2038. */
	if (left < HEADER_BYTES || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
		return false;
	/* Six counts after the version and 15 reserved bytes (RFC 8536 3.1). */
	*counts = (struct counts){be32(at + 20), be32(at + 24), be32(at + 28), be32(at + 32),
	    be32(at + 36), be32(at + 40)};
	/* Bounds that no honest file comes near keep the sums below from overflowing. */
	return counts->times <= 100000 && counts->types <= 256 && counts->chars <= 4096 &&
	       counts->leaps <= 1000 && counts->utc_marks <= 256 && counts->std_marks <= 256;
}

static size_t
body_bytes(const struct counts *counts, size_t time_bytes)
{
	/* Each change has its time and the index of its type; each leap second its time and a
	 * correction of 4 bytes (RFC 8536 3.2). Leap seconds are passed over: the "right" zones
	 * that have them are not read. */
	return counts->times * (time_bytes + 1) + counts->types * TYPE_BYTES + counts->chars +
	       counts->leaps * (time_bytes + 4) + counts->std_marks + counts->utc_marks;
}

static bool
type_is_sound(const struct block *block, unsigned index)
{
	const unsigned char *type = block->types + index * TYPE_BYTES;
	int32_t offset;

	/* The bytes come from the machine's own package, but a file that is cut must not be read
	 * past its end. */
	if (index >= block->counts.types || type[5] >= block->counts.chars)
		return false;
	/* zone_instant() relies on offsets of less than a day. */
	offset = (int32_t)be32(type);
	return offset > -86400 && offset < 86400;
}

static int32_t
type_offset(const struct block *block, unsigned index)
{
	return (int32_t)be32(block->types + index * TYPE_BYTES);
}

static const char *
type_name(struct arena *arena, const struct block *block, unsigned index)
{
	const unsigned char *type = block->types + index * TYPE_BYTES;
	const char *name = (const char *)block->chars + type[5];

	return arena_strndup(arena, name, strnlen(name, block->counts.chars - type[5]));
}

static bool
read_changes(struct arena *arena, const struct block *block, struct zone *zone)
{
	uint32_t count = block->counts.times;
	struct zone_change *changes = arena_array(arena, count, sizeof *changes);
	const char **names = arena_array(arena, block->counts.types, sizeof *names);

	for (unsigned i = 0; i < block->counts.types; i++) {
		if (!type_is_sound(block, i))
			return false;
		/* Names are made once for a type, and shared by its changes. */
		names[i] = type_name(arena, block, i);
	}
	for (uint32_t i = 0; i < count; i++) {
		unsigned type = block->indices[i];

		if (type >= block->counts.types)
			return false;
		changes[i] = (struct zone_change){
		    be64(block->times + i * (size_t)8), type_offset(block, type), names[type]};
		/* RFC 8536 3.2: ascending. The binary search relies on it. */
		if (i > 0 && changes[i].utc <= changes[i - 1].utc)
			return false;
	}
	zone->changes = changes;
	zone->nchanges = count;
	/* RFC 8536 3.2: type 0 holds before the first change. */
	zone->initial_offset = type_offset(block, 0);
	zone->initial_abbreviation = names[0];
	return true;
}

static bool
read_footer(
    struct arena *arena, const unsigned char *at, const unsigned char *end, struct zone *zone)
{
	const unsigned char *close;
	struct zone_rule *rule;

	if (at == end || *at++ != '\n' || (close = memchr(at, '\n', (size_t)(end - at))) == NULL)
		return false;
	if (close == at)
		return true; /* no rule: it stays as it was last */
	rule = arena_alloc(arena, sizeof *rule);
	zone->rule = rule;
	return zone_rule_parse((const char *)at, (size_t)(close - at), rule);
}

enum status
zone_parse(
    struct arena *arena, const char *name, const void *tzif, size_t len, const struct zone **out)
{
	const unsigned char *at = tzif;
	const unsigned char *end = at + len;
	struct block block;
	struct zone *zone;

	if (!read_header(at, len, &block.counts) ||
	    (size_t)(end - at) < HEADER_BYTES + body_bytes(&block.counts, 4))
		return STATUS_MALFORMED;
	/* Over the first block, whose times have 32 bits. */
	at += HEADER_BYTES + body_bytes(&block.counts, 4);
	if (!read_header(at, (size_t)(end - at), &block.counts) || block.counts.types == 0 ||
	    (size_t)(end - at) < HEADER_BYTES + body_bytes(&block.counts, 8))
		return STATUS_MALFORMED;
	block.times = at + HEADER_BYTES;
	block.indices = block.times + block.counts.times * (size_t)8;
	block.types = block.indices + block.counts.times;
	block.chars = block.types + block.counts.types * TYPE_BYTES;
	at += HEADER_BYTES + body_bytes(&block.counts, 8);

	zone = arena_alloc(arena, sizeof *zone);
	zone->name = arena_strdup(arena, name);
	if (!read_changes(arena, &block, zone) || !read_footer(arena, at, end, zone))
		return STATUS_MALFORMED;
	*out = zone;
	return STATUS_OK;
}
