/* SPDX-License-Identifier: MIT */
#include "server/flags/flags_redis.h"

#include <stdio.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/flags/flags_sql.h"

#define STREAM "crisiscover:flags:stream"
#define HEAD "crisiscover:flags:head"
#define CHANNEL "crisiscover:flags"

/* Both begin by comparing. An entry that Redis refuses as not newer was there before (its last id
 * outlives its entries): as good as done. Anything else it refuses ends the batch there, since with
 * a flag after it, it could never be added any more. */
#define COMPARE                                                                                    \
	"local top = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)\n"                     \
	"top = top[1] and top[1][1] or '0-0'\n"                                                    \
	"if top ~= ARGV[1] then return {0, top, 'UNEXPECTED'} end\n"

/* ARGV: the expected top, then for each flag: id, payload, 1 to publish it, two more channels or
 * ''. */
static const char publish_script[] = COMPARE
    "local refused = 'ERR The ID specified in XADD is equal or smaller'\n"
    "local count = 0\n"
    "for i = 2, #ARGV, 5 do\n"
    "  local r = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', '100000', ARGV[i], 'p', ARGV[i + 1])\n"
    "  if type(r) == 'table' and r.err then\n"
    "    if string.sub(r.err, 1, #refused) ~= refused then return {count, top, r.err} end\n"
    "  else\n"
    "    top = ARGV[i]\n"
    "    if ARGV[i + 2] == '1' then\n"
    "      redis.call('PUBLISH', '" CHANNEL "', ARGV[i + 1])\n"
    "      if ARGV[i + 3] ~= '' then redis.call('PUBLISH', ARGV[i + 3], ARGV[i + 1]) end\n"
    "      if ARGV[i + 4] ~= '' then redis.call('PUBLISH', ARGV[i + 4], ARGV[i + 1]) end\n"
    "    end\n"
    "  end\n"
    "  count = count + 1\n"
    "end\n"
    "return {count, top, ''}\n";

/* ARGV: the expected top, the head, the message. */
static const char beat_script[] = COMPARE "redis.call('SET', KEYS[2], ARGV[2], 'EX', '15')\n"
					  "redis.call('PUBLISH', '" CHANNEL "', ARGV[3])\n"
					  "return {0, top, ''}\n";

struct redis_call *
flags_redis_top(struct redis *redis, redis_done_fn *done, void *ctx)
{
	const struct slice argv[] = {
	    SLICE("XREVRANGE"), SLICE(STREAM), SLICE("+"), SLICE("-"), SLICE("COUNT"), SLICE("1")};

	return redis_call(redis, argv, sizeof argv / sizeof *argv, done, ctx);
}

bool
flags_redis_top_read(const struct redis_reply *reply, struct flag_id *top)
{
	if (reply->kind == REDIS_ARRAY && reply->count == 0) {
		*top = (struct flag_id){0};
		return true;
	}
	if (reply->kind == REDIS_ARRAY && reply->items[0].kind == REDIS_ARRAY &&
	    reply->items[0].count > 0 && flag_id_parse(reply->items[0].items[0].text, top))
		return true;
	log_event(LOG_ERROR, "flags_stream_unreadable",
	    LOG_STR("why", reply->kind == REDIS_ERROR ? "redis refuses to read it"
						      : "its newest id was not written by us"));
	return false;
}

static struct slice
text_of(const char *text)
{
	return slice_of(text != NULL ? text : "");
}

/* "crisiscover:flags:PLACE[:FUNCTION]". Codes only: anything else there is due to a bug here. */
static struct slice
channel_of(struct arena *arena, const char *place, const char *function)
{
	if (place == NULL)
		return SLICE("");
	INVARIANT(text_is_code(slice_of(place)));
	if (function == NULL)
		return slice_of(arena_printf(arena, CHANNEL ":%s", place));
	INVARIANT(text_is_code(slice_of(function)));
	return slice_of(arena_printf(arena, CHANNEL ":%s:%s", place, function));
}

static struct slice
print_id(struct arena *arena, struct flag_id id)
{
	char text[FLAG_ID_MAX];

	flag_id_print(id, text);
	return slice_of(arena_strdup(arena, text));
}

/* The five arguments of one flag. */
static void
put_flag(struct arena *arena, const struct pg_rows *rows, size_t row, struct slice argv[5])
{
	const char *place = pg_get_text(rows, row, FLAGS_NEXT_PLACE),
		   *function = pg_get_text(rows, row, FLAGS_NEXT_FUNCTION);

	argv[0] = print_id(arena, (struct flag_id){pg_get_int(rows, row, FLAGS_NEXT_EPOCH),
				      pg_get_int(rows, row, FLAGS_NEXT_SEQ)});
	argv[1] = text_of(pg_get_text(rows, row, FLAGS_NEXT_PAYLOAD));
	argv[2] = pg_get_bool(rows, row, FLAGS_NEXT_WAS_PUBLISHED) ? SLICE("0") : SLICE("1");
	argv[3] = channel_of(arena, place, NULL);
	argv[4] = function != NULL ? channel_of(arena, place, function) : SLICE("");
}

struct redis_call *
flags_redis_publish(struct redis *redis, struct flag_id top, const struct pg_rows *rows,
    redis_done_fn *done, void *ctx)
{
	struct arena *arena = arena_new(0);
	size_t count = pg_rows_count(rows), argc = 5 + count * 5;
	struct slice *argv = arena_array(arena, argc, sizeof *argv);
	struct redis_call *call;

	argv[0] = SLICE("EVAL");
	argv[1] = slice_of(publish_script);
	argv[2] = SLICE("1");
	argv[3] = SLICE(STREAM);
	argv[4] = print_id(arena, top);
	for (size_t row = 0; row < count; row++)
		put_flag(arena, rows, row, &argv[5 + row * 5]);
	call = redis_call(redis, argv, argc, done, ctx);
	arena_free(arena);
	return call;
}

struct redis_call *
flags_redis_beat(struct redis *redis, struct flags_beat beat, redis_done_fn *done, void *ctx)
{
	char expected[FLAG_ID_MAX], newest[FLAG_ID_MAX], at[CIVIL_RFC3339_MAX], message[200];

	flag_id_print(beat.top, expected);
	flag_id_print(beat.head, newest);
	civil_rfc3339(beat.now, at);
	snprintf(message, sizeof message,
	    "{\"v\":1,\"kind\":\"heartbeat\",\"head\":\"%s\",\"at\":\"%s\"}", newest, at);
	const struct slice argv[] = {SLICE("EVAL"), slice_of(beat_script), SLICE("2"),
	    SLICE(STREAM), SLICE(HEAD), slice_of(expected), slice_of(newest), slice_of(message)};
	return redis_call(redis, argv, sizeof argv / sizeof *argv, done, ctx);
}

/* ARGV: the message. */
static const char canary_script[] =
    "redis.call('XADD', KEYS[1], 'MAXLEN', '10', '*', 'p', ARGV[1])\n"
    "redis.call('PUBLISH', '" FLAGS_CANARY "', ARGV[1])\n"
    "return {0, '0-0', ''}\n";

struct redis_call *
flags_redis_canary(
    struct redis *redis, const struct flags_canary *canary, redis_done_fn *done, void *ctx)
{
	char message[sizeof canary->payload + 64];

	snprintf(message, sizeof message, "%lld %lld %s", (long long)canary->turn,
	    (long long)canary->turned_us, canary->payload);
	const struct slice argv[] = {SLICE("EVAL"), slice_of(canary_script), SLICE("1"),
	    SLICE(FLAGS_CANARY), slice_of(message)};
	return redis_call(redis, argv, sizeof argv / sizeof *argv, done, ctx);
}

bool
flags_redis_canary_read(struct slice message, struct flags_canary *out)
{
	char text[sizeof out->payload + 64];
	long long turn, turned;
	int at = 0;

	snprintf(text, sizeof text, "%.*s", (int)message.len, message.at);
	if (sscanf(text, "%lld %lld %n", &turn, &turned, &at) != 2 || at == 0)
		return false;
	out->turn = turn;
	out->turned_us = turned;
	snprintf(out->payload, sizeof out->payload, "%s", text + at);
	return true;
}

static bool
complain(struct slice why)
{
	char text[200];

	snprintf(text, sizeof text, "%.*s", (int)(why.len < 199 ? why.len : 199),
	    why.len > 0 ? why.at : "");
	log_event(LOG_ERROR, "flags_refused_by_redis", LOG_STR("why", text));
	return false;
}

void
flags_redis_canary_done(const struct redis_reply *reply)
{
	if (reply->kind == REDIS_ERROR)
		complain(reply->text);
}

bool
flags_redis_done_read(const struct redis_reply *reply, struct flags_redis_done *done)
{
	if (reply->kind == REDIS_ERROR)
		return complain(reply->text);
	if (reply->kind != REDIS_ARRAY || reply->count != 3 || reply->items[0].kind != REDIS_INT ||
	    !flag_id_parse(reply->items[1].text, &done->top))
		return complain(SLICE("its answer makes no sense"));
	done->count = (size_t)reply->items[0].num;
	done->outcome = FLAGS_REDIS_DONE;
	if (slice_is(reply->items[2].text, "UNEXPECTED"))
		done->outcome = FLAGS_REDIS_UNEXPECTED;
	else if (reply->items[2].text.len > 0)
		done->outcome = FLAGS_REDIS_REFUSED;
	if (done->outcome == FLAGS_REDIS_REFUSED)
		complain(reply->items[2].text);
	return true;
}
