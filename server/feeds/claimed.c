#include "server/feeds/claimed.h"

#include <string.h>

struct slice
claimed_copy_bytes(struct arena *arena, const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice bytes;

	if (pg_is_null(rows, row, column))
		return (struct slice){0};
	bytes = pg_get_bytes(rows, row, column);
	return (struct slice){arena_strndup(arena, bytes.at, bytes.len), bytes.len};
}

static const char *
copy_text(struct arena *arena, const struct pg_rows *rows, size_t row, unsigned column)
{
	const char *text = pg_get_text(rows, row, column);

	return text == NULL ? NULL : arena_strdup(arena, text);
}

struct claimed
claimed_copy(struct arena *arena, const struct pg_rows *rows, size_t row)
{
	return (struct claimed){
	    .rota = copy_text(arena, rows, row, 0),
	    .claim = pg_get_int(rows, row, 1),
	    .is_fetched = pg_get_bool(rows, row, 2),
	    .url = copy_text(arena, rows, row, 3),
	    .etag = copy_text(arena, rows, row, 4),
	    .last_modified = copy_text(arena, rows, row, 5),
	    .body = claimed_copy_bytes(arena, rows, row, 6),
	    .is_roster = pg_get_bool(rows, row, 7),
	    .read_with = claimed_copy_bytes(arena, rows, row, 8),
	    .seen_body = claimed_copy_bytes(arena, rows, row, 9),
	    .seen_with = claimed_copy_bytes(arena, rows, row, 10),
	    .held_body = claimed_copy_bytes(arena, rows, row, 11),
	    .whole_due = pg_get_bool(rows, row, 12),
	    .clock_off = pg_get_int(rows, row, 13),
	    .rules = copy_text(arena, rows, row, 14),
	};
}

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
