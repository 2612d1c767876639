/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_protocols.h"

#include "server/api/api_sql.h"

/* ------------------------------------------------------------------------------------------- rows */

/* False: the region has no such place or function (any more). */
static bool
load_protocol(
    const struct region *region, const struct pg_rows *rows, size_t row, struct kept_protocol *out)
{
	*out = (struct kept_protocol){
	    .id = pg_get_int(rows, row, API_PROTOCOLS_PROTOCOL),
	    .at = pg_get_time(rows, row, API_PROTOCOLS_AT),
	    .review = pg_get_int(rows, row, API_PROTOCOLS_REVIEW),
	    .place = table_get(&region->place_by_code, pg_get_text(rows, row, API_PROTOCOLS_PLACE)),
	    .function = table_get(
		&region->function_by_code, pg_get_text(rows, row, API_PROTOCOLS_FUNCTION)),
	    .edition = (uint32_t)pg_get_int(rows, row, API_PROTOCOLS_EDITION),
	    .bytes = (uint32_t)pg_get_int(rows, row, API_PROTOCOLS_BYTES),
	    .name = pg_get_text(rows, row, API_PROTOCOLS_NAME),
	    .version = pg_get_text(rows, row, API_PROTOCOLS_VERSION),
	    .owner = pg_get_text(rows, row, API_PROTOCOLS_OWNER),
	    .url = pg_get_text(rows, row, API_PROTOCOLS_URL),
	    .sha256 = pg_get_text(rows, row, API_PROTOCOLS_SHA256),
	};
	return out->place != TABLE_NONE && out->function != TABLE_NONE;
}

void
snapshot_load_protocols(struct snapshot *draft, const struct pg_rows *rows, int64_t version)
{
	size_t count = pg_rows_count(rows), found = 0;
	struct arena *arena = arena_new(0);
	struct kept_protocol *items = arena_array(arena, count + 1, sizeof *items);

	for (size_t row = 0; row < count; row++)
		if (load_protocol(draft->setup->region, rows, row, &items[found]))
			found++;
	snapshot_set_protocols(draft, protocols_of(version, items, found));
	/* The texts were copied. */
	arena_free(arena);
}

/* -------------------------------------------------------------------------------------- the file */

#define TEXT_MAX_BYTES 4096

/* The fewest bytes of one. */
#define PROTOCOL_LEAST PACKED_LEAST(0, 4, 3, 5)

void
snapshot_pack_protocols(struct buf *out, const struct protocols *protocols)
{
	pack_i64(out, protocols->version);
	pack_u32(out, (uint32_t)protocols->count);
	for (size_t i = 0; i < protocols->count; i++) {
		const struct kept_protocol *protocol = &protocols->items[i];

		pack_i64(out, protocol->id);
		pack_i64(out, protocol->at);
		pack_i64(out, protocol->review);
		pack_u32(out, protocol->place);
		pack_u32(out, protocol->function);
		pack_u32(out, protocol->edition);
		pack_u32(out, protocol->bytes);
		pack_text(out, protocol->name);
		pack_text(out, protocol->version);
		pack_text(out, protocol->owner);
		pack_text(out, protocol->url);
		pack_text(out, protocol->sha256);
	}
}

static void
unpack_protocol(
    struct unpack *in, const struct region *region, struct arena *arena, struct kept_protocol *out)
{
	*out = (struct kept_protocol){.id = unpack_i64(in)};
	out->at = unpack_i64(in);
	out->review = unpack_i64(in);
	out->place = unpack_u32(in);
	out->function = unpack_u32(in);
	out->edition = unpack_u32(in);
	out->bytes = unpack_u32(in);
	out->name = unpack_text(in, arena, TEXT_MAX_BYTES);
	out->version = unpack_text(in, arena, TEXT_MAX_BYTES);
	out->owner = unpack_text(in, arena, TEXT_MAX_BYTES);
	out->url = unpack_text(in, arena, TEXT_MAX_BYTES);
	out->sha256 = unpack_text(in, arena, TEXT_MAX_BYTES);
	/* An index beyond the list would be read as something else. */
	in->bad |= out->place >= region->nplaces || out->function >= region->nfunctions ||
		   out->name == NULL || out->version == NULL || out->owner == NULL ||
		   (out->url == NULL) == (out->sha256 == NULL);
}

struct protocols *
snapshot_unpack_protocols(struct unpack *in, const struct region *region)
{
	int64_t version = unpack_i64(in);
	uint32_t count = unpack_count(in, PROTOCOL_LEAST);
	struct arena *arena = arena_new(0);
	struct kept_protocol *items = arena_array(arena, (size_t)count + 1, sizeof *items);
	struct protocols *protocols = NULL;

	for (uint32_t i = 0; i < count && !in->bad; i++)
		unpack_protocol(in, region, arena, &items[i]);
	if (!in->bad)
		protocols = protocols_of(version, items, count);
	arena_free(arena);
	return protocols;
}
