/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/watch_follow.h"
#include "server/base/fatal.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/roles.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/stream.h"

/*
 * A subscriber that keeps the open gaps as its state, and stores them together with its place. The
 * part of watch.c around watch_follow.c, without a terminal.
 */
enum { BLIND_MS = 15000, RETRY_MS = 1000, PAGE = 10, GAPS = 4096 };

/* An undisturbed subscriber acts on what the channel brings within this; what takes longer than
 * SLOW_US to be answered is a disturbance of its own. */
#define LATE_US INT64_C(1000000)
#define SLOW_US INT64_C(100000)
#define HEALS_US                                                                                   \
	INT64_C(                                                                                   \
	    16000000) /* a lost message shows at the next heartbeat, or as blindness           \
			   */

struct seen_gap {
	int64_t id, start, end;
	char state[16], cause[16], severity[12];
};

struct gap_list {
	struct seen_gap items[GAPS];
	size_t count;
};

/* The state that survives its death. */
struct store {
	struct watch_place place;
	struct gap_list gaps;
	bool strict; /* the state is one of the present epoch, whole */
};

struct subscriber {
	unsigned number;
	struct store store;
	struct sim_event *back;
	int64_t calm_since_us;
	/* While it runs: */
	struct loop *loop;
	struct redis *ears, *hands;
	struct redis_call *page;
	struct loop_timer *api, *retry, *blind;
	struct watch_follow follow;
	int64_t asked_us;
	bool dying;
};

/* -------------------------------------------------------------------------------------- the api */

static struct {
	bool away;
	struct watch_place as_of;
	struct gap_list gaps;
	bool strict;
} api;

static void
copy_gap(struct seen_gap *to, const struct db_gap *gap)
{
	to->id = gap->id;
	to->start = gap->start;
	to->end = gap->end;
	snprintf(to->state, sizeof to->state, "%s", gap->state);
	snprintf(to->cause, sizeof to->cause, "%s", gap->cause);
	snprintf(to->severity, sizeof to->severity, "%s", gap->severity);
}

/* The gaps that subscribers believe to be open. A closing that is held back was not told, and if
 * the gap opens again, that is not told either. The fault: a state that leaves those gaps out. */
static bool
told_open(const struct db_gap *gap)
{
	bool held = gap->settle_us != PG_INFINITY && !sim_faulty("state-without-held");

	return gap->told && (!gap->closed || held);
}

static void
list_open(const struct db *db, struct gap_list *list)
{
	list->count = 0;
	for (size_t i = 0; i < db->gaps.count && list->count < GAPS; i++)
		if (told_open(&db->gaps.items[i]))
			copy_gap(&list->items[list->count++], &db->gaps.items[i]);
}

void
api_begin(void)
{
	api.away = false;
	api_refresh();
}

void
api_finish(void)
{
	api.gaps.count = 0;
}

/* Its snapshot, which it may not get. */
void
api_refresh(void)
{
	const struct db *db = db_primary();

	if (db_primary_node() < 0)
		return;
	api.as_of = (struct watch_place){true, db->counter_epoch, db->counter_seq};
	api.strict = db->timeline == db->incarnation_timeline;
	list_open(db, &api.gaps);
}

void
api_away(bool away)
{
	api.away = away;
}

/* --------------------------------------------------------------------------------------- acting */

static struct seen_gap *
find(struct gap_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].id == id)
			return &list->items[i];
	return NULL;
}

/* The invariants of a flag, given those before it. */
static void
apply(struct subscriber *subscriber, const struct watch_place *flag, const char *kind,
    const struct seen_gap *told)
{
	struct gap_list *list = &subscriber->store.gaps;
	struct seen_gap *known = find(list, told->id);
	bool opens = strcmp(kind, "opened") == 0, closes = strcmp(kind, "closed") == 0;
	/* Between a promotion and the epoch that follows it, what was lost and what is new share
	 * their numbers; the whole state of the new epoch ends that. */
	bool strict = subscriber->store.strict && flag->epoch == db_primary()->counter_epoch &&
		      db_primary()->timeline == db_primary()->incarnation_timeline;

	if (known == NULL && strcmp(kind, "acknowledged") == 0)
		return; /* an acknowledgement of a gap that is too short to be told */
	if (strict && (known != NULL) == opens)
		sim_fail("subscriber %u is told that gap %" PRId64 " %s, and %s",
		    subscriber->number, told->id, kind,
		    opens ? "knows it already" : "does not know it");
	if (closes) {
		if (known != NULL)
			*known = list->items[--list->count];
		return;
	}
	if (known == NULL) {
		INVARIANT(list->count < GAPS);
		known = &list->items[list->count++];
	}
	*known = *told;
}

static void
check_order(const struct subscriber *subscriber, const struct watch_place *flag)
{
	const struct watch_place *place = &subscriber->store.place;

	if (flag->epoch != place->epoch || flag->seq != place->seq + 1)
		sim_fail("subscriber %u acts on %" PRId64 "-%" PRId64 " after %" PRId64 "-%" PRId64,
		    subscriber->number, flag->epoch, flag->seq, place->epoch, place->seq);
}

static void
check_in_time(const struct subscriber *subscriber, const struct watch_place *flag)
{
	int64_t published = stream_published_us(flag->epoch, flag->seq);

	if (published >= 0 && published >= subscriber->calm_since_us &&
	    sim_now_us() - published > LATE_US)
		sim_fail("subscriber %u acts on %" PRId64 "-%" PRId64 " after %" PRId64
			 " ms, and nothing disturbed it",
		    subscriber->number, flag->epoch, flag->seq, (sim_now_us() - published) / 1000);
}

static void
die_soon(void *ctx)
{
	subscriber_kill(ctx);
}

/* State and place are stored together. The fault: the place first, and then death. */
static void
act(struct subscriber *subscriber, const struct watch_place *flag, const char *payload)
{
	struct store *store = &subscriber->store;
	struct seen_gap told = {0};
	int64_t epoch, seq;
	char kind[16];

	if (sscanf(payload,
		"{\"id\":\"%" SCNd64 "-%" SCNd64 "\",\"kind\":\"%15[a-z]\",\"gap\":%" SCNd64
		",\"start\":%" SCNd64 ",\"end\":%" SCNd64
		",\"state\":\"%15[a-z_]\",\"cause\":\"%15[a-z_]\",\"severity\":\"%11[a-z]\"}",
		&epoch, &seq, kind, &told.id, &told.start, &told.end, told.state, told.cause,
		told.severity) != 9) {
		sim_fail("subscriber %u hears %s", subscriber->number, payload);
		return;
	}
	check_order(subscriber, flag);
	check_in_time(subscriber, flag);
	store->place = *flag;
	follow_took(&subscriber->follow, flag);
	if (sim_faulty("place-before-effect") && sim_odds(10)) {
		subscriber->dying = true;
		sim_after(0, die_soon, subscriber);
		return;
	}
	apply(subscriber, flag, kind, &told);
}

/* --------------------------------------------------------------------------------------- asking */

static void ask(struct subscriber *subscriber, enum follow_ask what);

static void
disturbed(struct subscriber *subscriber, int64_t until_us)
{
	if (until_us > subscriber->calm_since_us)
		subscriber->calm_since_us = until_us;
}

static void
answered(struct subscriber *subscriber)
{
	if (sim_now_us() - subscriber->asked_us > SLOW_US)
		disturbed(subscriber, sim_now_us());
}

static void
failed(struct subscriber *subscriber)
{
	disturbed(subscriber, sim_now_us() + RETRY_MS * INT64_C(1000));
	ask(subscriber, follow_failed(&subscriber->follow));
}

static void
on_retry(void *ctx)
{
	struct subscriber *subscriber = ctx;

	subscriber->retry = NULL;
	disturbed(subscriber, sim_now_us());
	ask(subscriber, follow_start(&subscriber->follow));
}

static void
on_page(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct subscriber *subscriber = ctx;
	bool more = true;

	subscriber->page = NULL;
	answered(subscriber);
	if (st != STATUS_OK || reply->kind != REDIS_ARRAY) {
		failed(subscriber);
		return;
	}
	for (size_t i = 0; i < reply->count && more && !subscriber->dying; i++) {
		const struct redis_reply *entry = &reply->items[i];
		struct watch_place place;

		INVARIANT(watch_place_parse(entry->items[0].text, &place));
		if (follow_entry(&subscriber->follow, &place, &more))
			act(subscriber, &place, entry->items[1].items[1].text.at);
	}
	if (reply->count == PAGE) /* it lags far: that takes its time */
		disturbed(subscriber, sim_now_us());
	if (!subscriber->dying)
		ask(subscriber, follow_page_end(&subscriber->follow, reply->count == PAGE));
}

static void
on_replay(void *ctx)
{
	struct subscriber *subscriber = ctx;
	const struct db *db = db_primary();
	struct watch_place after = subscriber->follow.place;
	size_t count = 0;
	bool more = true;
	char payload[400];

	subscriber->api = NULL;
	answered(subscriber);
	if (api.away || db_primary_node() < 0) {
		failed(subscriber);
		return;
	}
	for (size_t i = 0; i < db->flags.count && count < PAGE && !subscriber->dying; i++) {
		const struct db_flag *flag = &db->flags.items[i];
		struct watch_place place = {true, flag->epoch, flag->seq};

		if (!db_flag_after(flag, after.epoch, after.seq) || !db_flag_visible(flag))
			continue;
		count++;
		if (more && follow_entry(&subscriber->follow, &place, &more))
			act(subscriber, &place, db_flag_payload(flag, payload, sizeof payload));
	}
	if (count == PAGE)
		disturbed(subscriber, sim_now_us());
	if (!subscriber->dying && !subscriber->follow.moved)
		disturbed(subscriber, sim_now_us() + RETRY_MS * INT64_C(1000));
	if (!subscriber->dying)
		ask(subscriber, follow_replay_end(&subscriber->follow, count == PAGE));
}

static void
on_whole(void *ctx)
{
	struct subscriber *subscriber = ctx;
	enum follow_ask next;
	bool taken = false;

	subscriber->api = NULL;
	answered(subscriber);
	if (api.away) {
		failed(subscriber);
		return;
	}
	next = follow_whole(&subscriber->follow, &api.as_of, &taken);
	if (taken) {
		sim_note("subscriber %u takes the whole state as of %" PRId64 "-%" PRId64,
		    subscriber->number, api.as_of.epoch, api.as_of.seq);
		subscriber->store.place = api.as_of;
		subscriber->store.gaps = api.gaps;
		subscriber->store.strict = api.strict;
	}
	disturbed(subscriber, sim_now_us() + (taken ? 0 : RETRY_MS * INT64_C(1000)));
	ask(subscriber, next);
}

static void
ask_page(struct subscriber *subscriber)
{
	char text[WATCH_PLACE_MAX], after[WATCH_PLACE_MAX + 1];

	watch_place_print(&subscriber->follow.place, text);
	snprintf(after, sizeof after, "(%s", text);
	const struct slice argv[] = {SLICE("XRANGE"), SLICE("crisiscover:flags:stream"),
	    slice_of(after), SLICE("+"), SLICE("COUNT"), SLICE("10")};
	subscriber->page =
	    redis_call(subscriber->hands, argv, sizeof argv / sizeof *argv, on_page, subscriber);
}

static void
ask(struct subscriber *subscriber, enum follow_ask what)
{
	subscriber->asked_us = what == FOLLOW_REST ? subscriber->asked_us : sim_now_us();
	switch (what) {
	case FOLLOW_REST:
		break;
	case FOLLOW_TOP:
		sim_fail("subscriber %u has lost its place", subscriber->number);
		break;
	case FOLLOW_PAGE:
		ask_page(subscriber);
		break;
	case FOLLOW_REPLAY:
		subscriber->api =
		    host_after_us(subscriber->loop, sim_between(500, 20000), on_replay, subscriber);
		break;
	case FOLLOW_WHOLE:
		subscriber->api =
		    host_after_us(subscriber->loop, sim_between(500, 20000), on_whole, subscriber);
		break;
	case FOLLOW_LATER:
		if (subscriber->retry == NULL)
			subscriber->retry =
			    loop_after(subscriber->loop, RETRY_MS, on_retry, subscriber);
		break;
	}
}

/* -------------------------------------------------------------------------------------- hearing */

static void
on_blind(void *ctx)
{
	struct subscriber *subscriber = ctx;

	sim_note("subscriber %u is blind", subscriber->number);
	subscriber->blind = loop_after(subscriber->loop, BLIND_MS, on_blind, subscriber);
	disturbed(subscriber, sim_now_us());
	ask(subscriber, follow_start(&subscriber->follow));
}

static void
on_message(void *ctx, struct slice channel, struct slice payload)
{
	struct subscriber *subscriber = ctx;
	static const char head[] = "\"head\":\"", id[] = "\"id\":\"";
	const char *at = strstr(payload.at, head);
	bool heartbeat = at != NULL, now = false;
	struct watch_place place;
	enum follow_ask next;

	(void)channel;
	if (subscriber->dying)
		return;
	at = heartbeat ? at + sizeof head - 1 : strstr(payload.at, id) + sizeof id - 1;
	INVARIANT(watch_place_parse((struct slice){at, strcspn(at, "\"")}, &place));
	loop_timer_cancel(subscriber->blind);
	subscriber->blind = loop_after(subscriber->loop, BLIND_MS, on_blind, subscriber);
	next = heartbeat ? follow_head(&subscriber->follow, &place)
			 : follow_flag(&subscriber->follow, &place, &now);
	if (now)
		act(subscriber, &place, payload.at);
	if (!subscriber->dying)
		ask(subscriber, next);
}

static void
on_subscribed(void *ctx)
{
	struct subscriber *subscriber = ctx;

	disturbed(subscriber, sim_now_us());
	ask(subscriber, follow_start(&subscriber->follow));
}

/* The channel lost a message, or was itself lost. */
static void
on_lost(void *ctx)
{
	disturbed(ctx, sim_now_us() + HEALS_US);
}

/* ------------------------------------------------------------------------------ life and death */

static void
start(void *ctx)
{
	struct subscriber *subscriber = ctx;

	subscriber->back = NULL;
	subscriber->dying = false;
	subscriber->loop = host_loop_new("subscriber", subscriber->number);
	subscriber->follow = (struct watch_follow){.place = subscriber->store.place};
	subscriber->ears = redis_open(subscriber->loop, &(struct redis_options){0}, NULL);
	subscriber->hands = redis_open(subscriber->loop, &(struct redis_options){0}, NULL);
	fake_redis_on_lost(subscriber->ears, on_lost, subscriber);
	fake_redis_on_lost(subscriber->hands, on_lost, subscriber);
	subscriber->blind = loop_after(subscriber->loop, BLIND_MS, on_blind, subscriber);
	redis_subscribe(
	    subscriber->ears, "crisiscover:flags", on_message, on_subscribed, subscriber);
	disturbed(subscriber, sim_now_us() + HEALS_US);
}

struct subscriber *
subscriber_new(unsigned number)
{
	struct subscriber *subscriber = xcalloc(1, sizeof *subscriber);

	subscriber->number = number;
	subscriber->store.place = (struct watch_place){true, 1, 0};
	subscriber->store.strict = true;
	start(subscriber);
	return subscriber;
}

static void
drop(struct subscriber *subscriber)
{
	if (subscriber->loop == NULL)
		return;
	redis_close(subscriber->ears);
	redis_close(subscriber->hands);
	loop_free(subscriber->loop);
	subscriber->loop = NULL;
	subscriber->page = NULL;
	subscriber->api = subscriber->retry = subscriber->blind = NULL;
}

void
subscriber_kill(struct subscriber *subscriber)
{
	if (subscriber->loop == NULL)
		return;
	sim_note("subscriber %u is killed", subscriber->number);
	drop(subscriber);
	subscriber->back = sim_after(sim_between(1000, 20000000), start, subscriber);
}

void
subscriber_cut(struct subscriber *subscriber)
{
	if (subscriber->loop != NULL)
		fake_redis_break_of(subscriber->loop);
}

void
subscriber_free(struct subscriber *subscriber)
{
	drop(subscriber);
	sim_cancel(subscriber->back);
	free(subscriber);
}

/* -------------------------------------------------------------------------------- at the end */

bool
subscriber_settled(const struct subscriber *subscriber)
{
	const struct db *db = db_primary();

	return subscriber->loop != NULL && subscriber->follow.live &&
	       subscriber->follow.place.epoch == db->counter_epoch &&
	       subscriber->follow.place.seq == db->counter_seq;
}

/* Ends at the far edge of the window move with it, untold. */
static bool
same(const struct seen_gap *a, const struct seen_gap *b)
{
	int64_t edge = db_now_us() / 1000000 + INT64_C(395) * 86400;

	return a->start == b->start && strcmp(a->state, b->state) == 0 &&
	       strcmp(a->cause, b->cause) == 0 && strcmp(a->severity, b->severity) == 0 &&
	       (a->end == b->end || (a->end > edge && b->end > edge));
}

void
subscriber_check(const struct subscriber *subscriber)
{
	struct gap_list *open = xcalloc(1, sizeof *open), *list = xcalloc(1, sizeof *list);

	*list = subscriber->store.gaps;
	list_open(db_primary(), open);
	if (open->count != list->count)
		sim_fail("subscriber %u knows %zu gaps, %zu are open", subscriber->number,
		    list->count, open->count);
	for (size_t i = 0; i < open->count; i++) {
		const struct seen_gap *gap = &open->items[i], *known = find(list, gap->id);

		if (known == NULL || !same(known, gap))
			sim_fail("subscriber %u has gap %" PRId64
				 " otherwise than it is (%s %s %s)",
			    subscriber->number, gap->id, gap->state, gap->cause, gap->severity);
	}
	free(open);
	free(list);
}
