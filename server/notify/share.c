/* SPDX-License-Identifier: MIT */
#include "server/notify/share.h"

#include "server/base/vec.h"
#include "server/notify/notify_sql.h"

static struct news_codes
codes_of(struct arena *arena, const struct pg_rows *rows, size_t row, unsigned column)
{
	size_t count = pg_get_array_count(rows, row, column);
	const char **items = arena_array(arena, count + 1, sizeof *items);

	for (size_t i = 0; i < count; i++) {
		struct slice code = pg_get_array_text(rows, row, column, i);

		items[i] = arena_printf(arena, "%.*s", (int)code.len, code.at);
	}
	return (struct news_codes){items, count};
}

static struct news
news_of(struct arena *arena, const struct pg_rows *rows, size_t row)
{
	return (struct news){
	    .kind = pg_copy_text(arena, rows, row, NOTIFY_UNSHARED_KIND),
	    .severity = gap_severity_named(pg_get_text(rows, row, NOTIFY_UNSHARED_SEVERITY)),
	    .alerted_to = pg_copy_text(arena, rows, row, NOTIFY_UNSHARED_ALERTED_TO),
	    .organisation = pg_copy_text(arena, rows, row, NOTIFY_UNSHARED_ORGANISATION),
	    .account = pg_copy_text(arena, rows, row, NOTIFY_UNSHARED_ACCOUNT),
	    .above = codes_of(arena, rows, row, NOTIFY_UNSHARED_ABOVE),
	    .functions = codes_of(arena, rows, row, NOTIFY_UNSHARED_FUNCTIONS),
	    .at = pg_get_time(rows, row, NOTIFY_UNSHARED_AT),
	};
}

void
share_read(struct share *share, struct arena *arena, const struct pg_rows *rows)
{
	size_t count = pg_rows_count(rows);
	int64_t *ids = arena_array(arena, count + 1, sizeof *ids);
	struct news *news = arena_array(arena, count + 1, sizeof *news);

	for (size_t i = 0; i < count; i++) {
		ids[i] = pg_get_int(rows, i, NOTIFY_UNSHARED_ID);
		news[i] = news_of(arena, rows, i);
	}
	*share = (struct share){ids, news, count};
}

static struct news_reader
reader_of(struct arena *arena, const struct pg_rows *rows, size_t row)
{
	return (struct news_reader){
	    .account = pg_copy_text(arena, rows, row, NOTIFY_READERS_ACCOUNT),
	    .role = pg_copy_text(arena, rows, row, NOTIFY_READERS_ROLE),
	    .own_places = codes_of(arena, rows, row, NOTIFY_READERS_OWN_PLACES),
	    .organisation = pg_copy_text(arena, rows, row, NOTIFY_READERS_ORGANISATION),
	    .about = codes_of(arena, rows, row, NOTIFY_READERS_ABOUT),
	    .places = codes_of(arena, rows, row, NOTIFY_READERS_PLACES),
	    .functions = codes_of(arena, rows, row, NOTIFY_READERS_FUNCTIONS),
	    .severity = gap_severity_named(pg_get_text(rows, row, NOTIFY_READERS_SEVERITY)),
	    .alerted_to = pg_copy_text(arena, rows, row, NOTIFY_READERS_ALERTED_TO),
	    .since = pg_get_time(rows, row, NOTIFY_READERS_AT),
	};
}

typedef VEC(int64_t) ids;

void
share_out(
    const struct share *share, struct arena *arena, const struct pg_rows *rows, struct pg_args *out)
{
	ids news = {0}, subscriptions = {0};

	for (size_t row = 0; row < pg_rows_count(rows); row++) {
		struct news_reader reader = reader_of(arena, rows, row);

		for (size_t i = 0; i < share->count; i++) {
			if (!news_wanted(&share->news[i], &reader))
				continue;
			*VEC_PUSH(arena, &news) = share->ids[i];
			*VEC_PUSH(arena, &subscriptions) = pg_get_int(rows, row, NOTIFY_READERS_ID);
		}
	}
	pg_int8_array(out, share->ids, share->count);
	pg_int8_array(out, news.items, news.count);
	pg_int8_array(out, subscriptions.items, subscriptions.count);
}
