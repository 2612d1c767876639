/* SPDX-License-Identifier: MIT */
#include "server/feeds/claimed.h"

#include "server/feeds/feeds_sql.h"

#include <string.h>

struct slice
claimed_copy_bytes(struct arena *arena, const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice bytes;

	if (pg_is_null(rows, row, column))
		return (struct slice){0};
	bytes = pg_get_bytes(rows, row, column);
	/* Cells are borrowed for the turn in which they came, and a claim is used for a minute. */
	return (struct slice){arena_strndup(arena, bytes.at, bytes.len), bytes.len};
}

struct claimed
claimed_copy(struct arena *arena, const struct pg_rows *rows, size_t row)
{
	return (struct claimed){
	    .rota = pg_copy_text(arena, rows, row, FEEDS_CLAIM_ROTA),
	    .claim = pg_get_int(rows, row, FEEDS_CLAIM_CLAIM),
	    .is_fetched = pg_get_bool(rows, row, FEEDS_CLAIM_IS_FETCHED),
	    .is_collection = pg_get_bool(rows, row, FEEDS_CLAIM_IS_COLLECTION),
	    .address = pg_copy_text(arena, rows, row, FEEDS_CLAIM_ADDRESS),
	    .box = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_BOX),
	    .secret = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_SECRET),
	    .etag = pg_copy_text(arena, rows, row, FEEDS_CLAIM_ETAG),
	    .last_modified = pg_copy_text(arena, rows, row, FEEDS_CLAIM_LAST_MODIFIED),
	    .body = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_BODY),
	    .is_roster = pg_get_bool(rows, row, FEEDS_CLAIM_IS_ROSTER),
	    .read_with = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_READ_WITH),
	    .seen_body = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_SEEN_BODY),
	    .seen_with = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_SEEN_WITH),
	    .held_body = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_HELD_BODY),
	    .whole_due = pg_get_bool(rows, row, FEEDS_CLAIM_WHOLE_DUE),
	    .clock_off = pg_get_int(rows, row, FEEDS_CLAIM_CLOCK_OFF),
	    .rules = pg_copy_text(arena, rows, row, FEEDS_CLAIM_RULES),
	};
}

/* Every outcome ends the claim. The database writes nothing for a claim that has run out meanwhile,
 * because somebody else may hold the feed by now. */
struct pg_args
claimed_args(const struct claimed *claimed)
{
	struct pg_args args = {0};

	pg_text(&args, claimed->rota);
	pg_int8(&args, claimed->claim);
	return args;
}

bool
hash_is(struct slice slice, const unsigned char *hash, size_t len)
{
	return slice.at != NULL && slice.len == len && memcmp(slice.at, hash, len) == 0;
}
