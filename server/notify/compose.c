/* SPDX-License-Identifier: MIT */
#include "server/notify/compose.h"

#include "server/base/instant.h"
#include "server/model/news_due.h"
#include "server/model/news_text.h"
#include "server/notify/notify_sql.h"

struct compose_message {
	int64_t subscription;
	const int64_t *news;
	size_t count;
	struct news_message says;
};

/* The rows [from, until) of one subscription. */
struct part {
	const struct compose_from *of;
	size_t from, until;
};

static struct news_hours
hours_of(const struct part *part)
{
	const struct pg_rows *rows = part->of->rows;
	size_t row = part->from, count = pg_get_array_count(rows, row, NOTIFY_WAITING_DIGEST);
	int64_t *digest = arena_array(part->of->arena, count + 1, sizeof *digest);
	const struct zone *zone =
	    zonedb_find(part->of->zones, pg_get_text(rows, row, NOTIFY_WAITING_ZONE));
	bool quiet = !pg_is_null(rows, row, NOTIFY_WAITING_QUIET_FROM);

	for (size_t i = 0; i < count; i++)
		digest[i] = pg_get_array_int(rows, row, NOTIFY_WAITING_DIGEST, i);
	return (struct news_hours){
	    .zone = zone != NULL ? zone : zone_utc(),
	    .digest = digest,
	    .ndigest = count,
	    .quiet_from = quiet ? (int32_t)pg_get_int(rows, row, NOTIFY_WAITING_QUIET_FROM) : -1,
	    .quiet_until = quiet ? (int32_t)pg_get_int(rows, row, NOTIFY_WAITING_QUIET_UNTIL) : -1,
	};
}

static int64_t
due_of(const struct part *part, const struct news_hours *hours)
{
	const struct pg_rows *rows = part->of->rows;
	size_t count = part->until - part->from;
	struct news_waits *waits = arena_array(part->of->arena, count, sizeof *waits);

	for (size_t i = 0; i < count; i++) {
		size_t row = part->from + i;

		waits[i] = (struct news_waits){
		    .at = pg_get_time(rows, row, NOTIFY_WAITING_AT),
		    .severity = gap_severity_named(pg_get_text(rows, row, NOTIFY_WAITING_SEVERITY)),
		    .told_critical =
			pg_get_time_or(rows, row, NOTIFY_WAITING_TOLD_CRITICAL_AT, INSTANT_NEVER),
		};
	}
	return news_due(hours, waits, count,
	    pg_get_time_or(rows, part->from, NOTIFY_WAITING_TOLD_AT, INSTANT_NEVER));
}

static struct news_item
item_of(const struct part *part, size_t row)
{
	const struct pg_rows *rows = part->of->rows;
	struct arena *arena = part->of->arena;

	return (struct news_item){
	    .kind = pg_copy_text(arena, rows, row, NOTIFY_WAITING_KIND),
	    .severity = gap_severity_named(pg_get_text(rows, row, NOTIFY_WAITING_SEVERITY)),
	    .of_group = pg_copy_text(arena, rows, row, NOTIFY_WAITING_OF_GROUP),
	    .gap = pg_copy_text(arena, rows, row, NOTIFY_WAITING_GAP),
	    .place = pg_copy_text(arena, rows, row, NOTIFY_WAITING_PLACE_NAME),
	    .function = pg_copy_text(arena, rows, row, NOTIFY_WAITING_FUNCTION_NAME),
	    .rota = pg_copy_text(arena, rows, row, NOTIFY_WAITING_ROTA),
	    .alerted_to = pg_copy_text(arena, rows, row, NOTIFY_WAITING_ALERTED_TO),
	    .state = pg_copy_text(arena, rows, row, NOTIFY_WAITING_STATE),
	    .outcome = pg_copy_text(arena, rows, row, NOTIFY_WAITING_OUTCOME),
	    .starts = pg_get_time_or(rows, row, NOTIFY_WAITING_STARTS_AT, INSTANT_NEVER),
	    .ends = pg_get_time_or(rows, row, NOTIFY_WAITING_ENDS_AT, INSTANT_NEVER),
	    .number = pg_get_int(rows, row, NOTIFY_WAITING_NUMBER),
	};
}

/* All that waits for the subscription, in one message. */
static struct compose_message
message_of(const struct part *part, const struct zone *zone)
{
	size_t count = part->until - part->from;
	struct news_item *items = arena_array(part->of->arena, count, sizeof *items);
	int64_t *news = arena_array(part->of->arena, count, sizeof *news);
	struct news_words words = {
	    zone, part->of->url, pg_get_bool(part->of->rows, part->from, NOTIFY_WAITING_PRACTICE)};

	for (size_t i = 0; i < count; i++) {
		items[i] = item_of(part, part->from + i);
		news[i] = pg_get_int(part->of->rows, part->from + i, NOTIFY_WAITING_NEWS);
	}
	return (struct compose_message){
	    .subscription = pg_get_int(part->of->rows, part->from, NOTIFY_WAITING_SUBSCRIPTION),
	    .news = news,
	    .count = count,
	    .says = news_message_of(part->of->arena, &words, items, count),
	};
}

static void
judge(struct compose *compose, const struct part *part)
{
	struct news_hours hours = hours_of(part);
	int64_t due = due_of(part, &hours);

	if (due <= part->of->now)
		compose->messages[compose->count++] = message_of(part, hours.zone);
	else if (due < compose->next)
		compose->next = due;
}

static int64_t
subscription_at(const struct pg_rows *rows, size_t row)
{
	return pg_get_int(rows, row, NOTIFY_WAITING_SUBSCRIPTION);
}

void
compose_read(struct compose *compose, const struct compose_from *from)
{
	size_t count = pg_rows_count(from->rows);

	*compose = (struct compose){.next = INSTANT_END};
	compose->messages = arena_array(from->arena, count + 1, sizeof *compose->messages);
	for (size_t row = 0, until; row < count; row = until) {
		for (until = row + 1; until < count && subscription_at(from->rows, until) ==
							   subscription_at(from->rows, row);
		     until++)
			;
		judge(compose, &(struct part){from, row, until});
	}
}

bool
compose_next(struct compose *compose, struct pg_args *out)
{
	const struct compose_message *message;

	if (compose->at == compose->count)
		return false;
	message = &compose->messages[compose->at++];
	pg_int8(out, message->subscription);
	pg_int8_array(out, message->news, message->count);
	pg_text(out, gap_severity_name(message->says.severity));
	pg_text(out, message->says.subject);
	pg_text(out, message->says.body);
	pg_text(out, message->says.link);
	return true;
}
