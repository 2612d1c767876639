/* SPDX-License-Identifier: MIT */
#include "tests/simulation/stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/flags/flag_id.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

#define CHANNEL "crisiscover:flags"

struct entry {
	struct flag_id id;
	char *payload;
	int64_t published_us; /* -1: only appended */
};

static struct {
	bool up;
	struct entry *items;
	size_t count, capacity;
	struct flag_id last; /* outlives its entry */
	uint32_t loses, repeats;
} redis;

/* ------------------------------------------------------------------------------------- replies */

static struct redis_reply *
reply_of(enum redis_kind kind, size_t count)
{
	struct redis_reply *reply = xcalloc(1, sizeof *reply);

	reply->kind = kind;
	reply->count = count;
	if (count > 0)
		reply->items = xcalloc(count, sizeof *reply->items);
	return reply;
}

/* Items are built before anybody else sees them. */
static struct redis_reply *
item(const struct redis_reply *reply, size_t i)
{
	struct redis_reply *items;

	memcpy(&items, &reply->items, sizeof items);
	return &items[i];
}

static void
set_text(struct redis_reply *reply, const char *text)
{
	reply->kind = REDIS_TEXT;
	reply->text = slice_of(xstrdup(text));
}

static void
set_array(struct redis_reply *reply, size_t count)
{
	reply->kind = REDIS_ARRAY;
	reply->count = count;
	reply->items = xcalloc(count, sizeof *reply->items);
}

static void
free_inside(const struct redis_reply *reply)
{
	void *memory;

	for (size_t i = 0; i < reply->count; i++)
		free_inside(&reply->items[i]);
	memcpy(&memory, &reply->items, sizeof memory);
	free(memory);
	memcpy(&memory, &reply->text.at, sizeof memory);
	free(memory);
}

void
stream_reply_free(struct redis_reply *reply)
{
	if (reply == NULL)
		return;
	free_inside(reply);
	free(reply);
}

/* ----------------------------------------------------------------------------- coming and going */

static void
forget(size_t keep)
{
	while (redis.count > keep)
		free(redis.items[--redis.count].payload);
	redis.last = redis.count > 0 ? redis.items[redis.count - 1].id : (struct flag_id){0};
}

void
stream_begin(void)
{
	redis.up = true;
	redis.loses = redis.repeats = 0;
	redis.last = (struct flag_id){0};
}

void
stream_finish(void)
{
	forget(0);
	free(redis.items);
	redis.items = NULL;
	redis.capacity = 0;
}

bool
stream_up(void)
{
	return redis.up;
}

void
stream_stop(void)
{
	sim_note("redis stops");
	redis.up = false;
	fake_redis_break_all();
}

void
stream_resume(void)
{
	sim_note("redis is back");
	redis.up = true;
}

void
stream_wipe(void)
{
	sim_note("redis loses its data");
	forget(0);
}

void
stream_roll_back(void)
{
	size_t lost = sim_below(20);

	forget(redis.count > lost ? redis.count - lost : 0);
	sim_note("redis goes back to %" PRId64 "-%" PRId64, redis.last.epoch, redis.last.seq);
}

void
stream_trouble(uint32_t loses, uint32_t repeats)
{
	redis.loses = loses;
	redis.repeats = repeats;
}

bool
stream_loses(void)
{
	return sim_odds(redis.loses);
}

bool
stream_repeats(void)
{
	return sim_odds(redis.repeats);
}

/* ------------------------------------------------------------------------------- what must hold */

static bool
newer(struct flag_id a, struct flag_id b)
{
	return a.epoch > b.epoch || (a.epoch == b.epoch && a.seq > b.seq);
}

/* No flag of the outbox lies between the newest entry and the one that comes, but for what is
 * further back than the stream is filled again. */
static void
check_next(struct flag_id next)
{
	const struct db *db = db_primary();
	bool empty = redis.count == 0 && redis.last.epoch == 0;
	size_t from_next = 0, left_out = 0;

	for (size_t i = 0; i < db->flags.count; i++) {
		struct flag_id id = {db->flags.items[i].epoch, db->flags.items[i].seq};

		from_next += !newer(next, id);
		left_out += newer(next, id) && (empty || newer(id, redis.last));
	}
	/* A command may have been sent before a promotion: the numbers are checked nevertheless. */
	if (from_next >= STREAM_MAX || (empty && db_promoted_recently()))
		return;
	if (left_out > 0)
		sim_fail("%zu flags are left out of the stream between %" PRId64 "-%" PRId64
			 " and %" PRId64 "-%" PRId64,
		    left_out, redis.last.epoch, redis.last.seq, next.epoch, next.seq);
	if (!empty && next.epoch == redis.last.epoch && next.seq != redis.last.seq + 1)
		sim_fail("a hole in the stream: %" PRId64 "-%" PRId64 " after %" PRId64 "-%" PRId64,
		    next.epoch, next.seq, redis.last.epoch, redis.last.seq);
	if (!empty && next.epoch != redis.last.epoch && next.seq != 1)
		sim_fail("epoch %" PRId64 " begins with %" PRId64 " in the stream", next.epoch,
		    next.seq);
}

/* A heartbeat promises that everything is told that was in the outbox when its publisher looked. */
static void
check_beat(const struct loop *client)
{
	const struct db *db = db_primary();
	int64_t seen = host_outbox_seen(client);

	for (size_t i = 0; i < db->flags.count; i++) {
		const struct db_flag *flag = &db->flags.items[i];

		if (flag->committed_us < seen &&
		    newer((struct flag_id){flag->epoch, flag->seq}, redis.last))
			sim_fail("%s beats at %" PRId64 "-%" PRId64 " though %" PRId64 "-%" PRId64
				 " was there when it looked",
			    host_name(client), redis.last.epoch, redis.last.seq, flag->epoch,
			    flag->seq);
	}
}

/* ---------------------------------------------------------------------------------- the scripts */

static bool
append(struct flag_id id, const char *payload, bool publish)
{
	if (!newer(id, redis.last) && !sim_faulty("no-id-rule"))
		return false;
	if (!newer(id, redis.last))
		sim_fail("the stream turns back to %" PRId64 "-%" PRId64, id.epoch, id.seq);
	check_next(id);
	if (redis.count == redis.capacity) {
		redis.capacity = redis.capacity > 0 ? redis.capacity * 2 : 64;
		redis.items = xrealloc(redis.items, redis.capacity * sizeof *redis.items);
	}
	redis.items[redis.count++] =
	    (struct entry){id, xstrdup(payload), publish ? sim_now_us() : -1};
	redis.last = id;
	if (redis.count > STREAM_MAX + 20) {
		size_t excess = redis.count - STREAM_MAX;

		for (size_t i = 0; i < excess; i++)
			free(redis.items[i].payload);
		redis.count -= excess;
		memmove(redis.items, redis.items + excess, redis.count * sizeof *redis.items);
	}
	if (publish)
		fake_redis_publish(CHANNEL, payload, true);
	return true;
}

static struct flag_id
id_of(const char *text)
{
	struct flag_id id = {0};

	if (!flag_id_parse(slice_of(*text == '(' ? text + 1 : text), &id))
		sim_fail("redis is given %s for an id", text);
	return id;
}

static struct redis_reply *
done_reply(int64_t count, const char *why)
{
	struct redis_reply *reply = reply_of(REDIS_ARRAY, 3);
	char top[FLAG_ID_MAX];

	flag_id_print(redis.count > 0 ? redis.items[redis.count - 1].id : (struct flag_id){0}, top);
	item(reply, 0)->kind = REDIS_INT;
	item(reply, 0)->num = count;
	set_text(item(reply, 1), top);
	set_text(item(reply, 2), why);
	return reply;
}

/* XREVRANGE shows entries, not the last id. */
static bool
as_expected(const char *expected)
{
	struct flag_id top =
	    redis.count > 0 ? redis.items[redis.count - 1].id : (struct flag_id){0};

	return flag_id_is(top, id_of(expected)) || sim_faulty("no-compare");
}

static struct redis_reply *
run_publish(const struct loop *client, char *const *argv, size_t argc)
{
	int64_t count = 0;

	if (!as_expected(argv[4]))
		return done_reply(0, "UNEXPECTED");
	for (size_t i = 5; i + 4 < argc; i += 5, count++)
		append(id_of(argv[i]), argv[i + 1], strcmp(argv[i + 2], "1") == 0);
	sim_note("%s has published up to %s", client != NULL ? host_name(client) : "somebody gone",
	    argv[argc - 5]);
	return done_reply(count, "");
}

static struct redis_reply *
run_beat(const struct loop *client, char *const *argv)
{
	if (!as_expected(argv[5]))
		return done_reply(0, "UNEXPECTED");
	if (client != NULL)
		check_beat(client);
	fake_redis_publish(CHANNEL, argv[7], false);
	return done_reply(0, "");
}

static void
set_entry(struct redis_reply *reply, const struct entry *entry)
{
	char id[FLAG_ID_MAX];

	flag_id_print(entry->id, id);
	set_array(reply, 2);
	set_text(item(reply, 0), id);
	set_array(item(reply, 1), 2);
	set_text(item(item(reply, 1), 0), "p");
	set_text(item(item(reply, 1), 1), entry->payload);
}

static struct redis_reply *
run_range(const char *after, size_t limit)
{
	size_t first = 0, count;
	struct redis_reply *reply;

	while (first < redis.count && !newer(redis.items[first].id, id_of(after)))
		first++;
	count = redis.count - first < limit ? redis.count - first : limit;
	reply = reply_of(REDIS_ARRAY, count);
	for (size_t i = 0; i < count; i++)
		set_entry(item(reply, i), &redis.items[first + i]);
	return reply;
}

static struct redis_reply *
run_top(void)
{
	struct redis_reply *reply = reply_of(REDIS_ARRAY, redis.count > 0);

	if (redis.count > 0)
		set_entry(item(reply, 0), &redis.items[redis.count - 1]);
	return reply;
}

struct redis_reply *
stream_run(const struct loop *client, char *const *argv, size_t argc)
{
	if (strcmp(argv[0], "EVAL") == 0)
		return strcmp(argv[2], "1") == 0 ? run_publish(client, argv, argc)
						 : run_beat(client, argv);
	if (strcmp(argv[0], "XRANGE") == 0)
		return run_range(argv[2], (size_t)atoi(argv[5]));
	if (strcmp(argv[0], "XREVRANGE") == 0)
		return run_top();
	sim_fail("redis does not know %s", argv[0]);
	return reply_of(REDIS_ERROR, 0);
}

/* ------------------------------------------------------------------------------------ questions */

void
stream_top(int64_t *epoch, int64_t *seq)
{
	*epoch = redis.last.epoch;
	*seq = redis.last.seq;
}

int64_t
stream_published_us(int64_t epoch, int64_t seq)
{
	for (size_t i = redis.count; i > 0; i--)
		if (flag_id_is(redis.items[i - 1].id, (struct flag_id){epoch, seq}))
			return redis.items[i - 1].published_us;
	return -1;
}

size_t
stream_count(void)
{
	return redis.count;
}
