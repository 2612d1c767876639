/*
 * crisiscover watch: the reference subscriber. It hears flags on the channel and keeps its place in
 * their sequence: subscribe first, then read what the stream holds after that place, then act on
 * what was heard meanwhile. Whatever the channel loses (it promises nothing), a hole or a heartbeat
 * shows, and the stream or the server's replay fills. A new epoch means that numbering began anew:
 * then the open gaps are the state, and their `as_of` the new place.
 *
 *   LOST (no connection, or catching up) -> LIVE -> LOST …   15 s without a heartbeat: blind, said
 * aloud.
 */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "clients/cli/watch_act.h"
#include "clients/cli/watch_place.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/loop/loop.h"
#include "server/redis/redis.h"

enum { PAGE = 500, BLIND_MS = 15000, RETRY_MS = 1000, REPLAY_LIMIT_MS = 5000, STATE_MAX = 64 };

#define STREAM "crisiscover:flags:stream"
#define CHANNEL "crisiscover:flags"

struct watch {
	struct loop *loop;
	struct redis *ears, *hands; /* a subscriber makes no calls: two connections */
	struct redis_call *page;
	struct loop_timer *retry, *blind;
	struct watch_place place;
	struct watch_act act;
	const char *state_path;
	bool live;
	bool said_blind;
};

static void catch_up(struct watch *watch);

static void
keep_place(const struct watch *watch)
{
	char text[WATCH_PLACE_MAX + 1];

	if (watch->state_path == NULL)
		return;
	watch_place_print(&watch->place, text);
	strcat(text, "\n");
	if (file_replace(watch->state_path, text, strlen(text), 0600) != STATUS_OK)
		fprintf(stderr, "crisiscover watch: could not write %s\n", watch->state_path);
}

static void
on_blind(void *ctx)
{
	struct watch *watch = ctx;

	watch->blind = loop_after(watch->loop, BLIND_MS, on_blind, watch);
	if (!watch->said_blind)
		fprintf(stderr,
		    "crisiscover watch: nothing has been heard for 15 s: flags are NOT live\n");
	watch->said_blind = true;
	watch->live = false;
	catch_up(watch);
}

static void
heard(struct watch *watch)
{
	loop_timer_cancel(watch->blind);
	watch->blind = loop_after(watch->loop, BLIND_MS, on_blind, watch);
	if (watch->said_blind)
		fprintf(stderr, "crisiscover watch: flags are live again\n");
	watch->said_blind = false;
}

/* Numbering began anew: the open gaps, whole, take the place of everything seen so far. */
static bool
take_whole_state(struct watch *watch)
{
	struct server_answer answer;
	struct watch_place as_of;
	bool taken = false;

	if (server_ask(&(struct server_ask){.path = "/v1/gaps?state=open&limit=1",
			   .limit_ms = REPLAY_LIMIT_MS},
		&answer) == EXIT_FINE &&
	    watch_place_parse(slice_of(show_text(answer.json, "as_of")), &as_of)) {
		fprintf(stderr,
		    "crisiscover watch: the numbering began anew; going on from %s (crisiscover "
		    "gaps lists "
		    "what is open)\n",
		    show_text(answer.json, "as_of"));
		watch_place_move(&watch->place, &as_of);
		keep_place(watch);
		if (watch->act.groups != NULL)
			watch_groups_forget(watch->act.groups);
		taken = true;
	}
	server_answer_free(&answer);
	return taken;
}

/* Acts on one flag if it is the next. False if something is missing before it. */
static bool
take(struct watch *watch, const struct watch_place *flag, struct slice payload)
{
	switch (watch_place_weigh(&watch->place, flag)) {
	case WATCH_DROP:
		return true;
	case WATCH_APPLY:
		watch_act(&watch->act, payload);
		watch_place_move(&watch->place, flag);
		keep_place(watch);
		return true;
	case WATCH_HOLE:
	case WATCH_NEW_EPOCH:
		return false;
	}
	return false;
}

static void
on_retry(void *ctx)
{
	struct watch *watch = ctx;

	watch->retry = NULL;
	catch_up(watch);
}

static void
try_later(struct watch *watch)
{
	if (watch->retry == NULL)
		watch->retry = loop_after(watch->loop, RETRY_MS, on_retry, watch);
}

/* What the stream no longer holds, the server replays from its outbox. False: not to be had now. */
static bool
replay(struct watch *watch)
{
	struct server_answer answer;
	char after[WATCH_PLACE_MAX], path[WATCH_PLACE_MAX + 40];
	json_t *flag;
	size_t i = 0, count;
	bool whole;

	watch_place_print(&watch->place, after);
	snprintf(path, sizeof path, "/v1/flags?after=%s&limit=%d", after, PAGE);
	whole = server_ask(&(struct server_ask){.path = path, .limit_ms = REPLAY_LIMIT_MS},
		    &answer) == EXIT_FINE;
	count = json_array_size(json_object_get(answer.json, "flags"));
	json_array_foreach(json_object_get(answer.json, "flags"), i, flag)
	{
		char *payload = json_dumps(flag, JSON_COMPACT);
		struct watch_place place;

		whole = whole && watch_place_parse(slice_of(show_text(flag, "id")), &place) &&
			(take(watch, &place, slice_of(payload)) ||
			    (place.epoch > watch->place.epoch && take_whole_state(watch)));
		free(payload);
	}
	server_answer_free(&answer);
	return whole && count > 0;
}

/* One entry of the stream: [id, ["p", payload]]. */
static bool
take_entry(struct watch *watch, const struct redis_reply *entry)
{
	struct watch_place place;

	if (entry->count != 2 || entry->items[1].count != 2 ||
	    !watch_place_parse(entry->items[0].text, &place))
		return false;
	if (take(watch, &place, entry->items[1].items[1].text))
		return true;
	return place.epoch > watch->place.epoch ? take_whole_state(watch) : replay(watch);
}

static void
on_page(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct watch *watch = ctx;

	watch->page = NULL;
	if (st != STATUS_OK || reply->kind != REDIS_ARRAY) {
		try_later(watch);
		return;
	}
	for (size_t i = 0; i < reply->count; i++) {
		if (!take_entry(watch, &reply->items[i])) {
			try_later(watch);
			return;
		}
	}
	if (reply->count == PAGE) {
		catch_up(watch);
		return;
	}
	watch->live = true;
}

/* The first time, without a place of its own: from the newest flag on. */
static void
on_top(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct watch *watch = ctx;
	char text[WATCH_PLACE_MAX];

	watch->page = NULL;
	if (st != STATUS_OK || reply->kind != REDIS_ARRAY) {
		try_later(watch);
		return;
	}
	if (reply->count == 0)
		watch->place = (struct watch_place){true, 1, 0};
	else if (reply->items[0].count == 0 ||
		 !watch_place_parse(reply->items[0].items[0].text, &watch->place)) {
		try_later(watch);
		return;
	}
	watch_place_print(&watch->place, text);
	fprintf(stderr, "crisiscover watch: listening, from %s on\n", text);
	keep_place(watch);
	catch_up(watch);
}

static void
catch_up(struct watch *watch)
{
	struct buf after = {0};
	char text[WATCH_PLACE_MAX];

	if (watch->page != NULL)
		return;
	if (!watch->place.known) {
		const struct slice argv[] = {SLICE("XREVRANGE"), SLICE(STREAM), SLICE("+"),
		    SLICE("-"), SLICE("COUNT"), SLICE("1")};

		watch->page =
		    redis_call(watch->hands, argv, sizeof argv / sizeof *argv, on_top, watch);
		return;
	}
	watch_place_print(&watch->place, text);
	buf_printf(&after, "(%s", text);
	const struct slice argv[] = {SLICE("XRANGE"), SLICE(STREAM), {after.at, after.len},
	    SLICE("+"), SLICE("COUNT"), SLICE("500")};
	watch->page = redis_call(watch->hands, argv, sizeof argv / sizeof *argv, on_page, watch);
	buf_free(&after);
}

/* Whether nothing was missed up to the ${head} of a heartbeat. A new epoch may have no flag yet
 * that would tell of it. */
static bool
follows_head(struct watch *watch, const struct watch_place *head)
{
	switch (watch_place_weigh(&watch->place, head)) {
	case WATCH_DROP:
		return true;
	case WATCH_NEW_EPOCH:
		return take_whole_state(watch);
	case WATCH_APPLY:
	case WATCH_HOLE:
		return false;
	}
	return false;
}

/* Heard on the channel. While catching up it is left alone: the stream holds it too, and the next
 * heartbeat tells if not. */
static void
on_message(void *ctx, struct slice channel, struct slice payload)
{
	struct watch *watch = ctx;
	json_t *message = json_loadb(payload.at, payload.len, JSON_REJECT_DUPLICATES, NULL);
	bool heartbeat = strcmp(show_text(message, "kind"), "heartbeat") == 0;
	struct watch_place place;
	bool parsed =
	    watch_place_parse(slice_of(show_text(message, heartbeat ? "head" : "id")), &place);

	(void)channel;
	json_decref(message);
	if (!parsed)
		return;
	heard(watch);
	if (!watch->live || !watch->place.known)
		return;
	if (heartbeat ? follows_head(watch, &place) : take(watch, &place, payload))
		return;
	watch->live = false;
	catch_up(watch);
}

static void
on_subscribed(void *ctx)
{
	struct watch *watch = ctx;

	watch->live = false;
	catch_up(watch);
}

static void
recall_place(struct watch *watch)
{
	char *text;
	size_t len;

	if (watch->state_path == NULL ||
	    file_read(watch->state_path, STATE_MAX, &text, &len) != STATUS_OK)
		return;
	if (!watch_place_parse(
		slice_trim((struct slice){text, strcspn(text, "\n")}), &watch->place))
		fprintf(stderr,
		    "crisiscover watch: %s holds no place; starting from the newest flag\n",
		    watch->state_path);
	free(text);
}

static void
on_stop(void *ctx)
{
	loop_stop(ctx);
}

static int
run(struct watch *watch, const char *url)
{
	const struct redis_options options = {.url = url};
	const char *reason = NULL;

	watch->loop = loop_new();
	watch->ears = redis_open(watch->loop, &options, &reason);
	if (watch->ears == NULL) {
		fprintf(stderr, "crisiscover watch: REDIS_URL: %s\n", reason);
		loop_free(watch->loop);
		return EXIT_USAGE;
	}
	watch->hands = redis_open(watch->loop, &options, NULL);
	signal(SIGPIPE, SIG_IGN);
	loop_on_signal(watch->loop, SIGTERM, on_stop, watch->loop);
	loop_on_signal(watch->loop, SIGINT, on_stop, watch->loop);
	recall_place(watch);
	watch->blind = loop_after(watch->loop, BLIND_MS, on_blind, watch);
	redis_subscribe(watch->ears, CHANNEL, on_message, on_subscribed, watch);
	loop_run(watch->loop);
	redis_close(watch->ears);
	redis_close(watch->hands);
	loop_timer_cancel(watch->blind);
	loop_timer_cancel(watch->retry);
	loop_free(watch->loop);
	return EXIT_FINE;
}

int
command_watch(int argc, char **argv)
{
	struct watch watch = {0};
	bool group = false;
	const struct option_row rows[] = {{"group", NULL, &group},
	    {"place", &watch.act.place, NULL}, {"function", &watch.act.function, NULL},
	    {"exec", &watch.act.exec, NULL}, {"state", &watch.state_path, NULL},
	    {"json", NULL, &watch.act.json}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, NULL, 0), *url;
	int status;

	if (fault != NULL)
		return command_refuse("watch", fault);
	url = server_setting("REDIS_URL", "redis");
	if (url == NULL) {
		fputs("crisiscover watch: which Redis? Set REDIS_URL, or redis= in "
		      "~/.config/crisiscover\n",
		    stderr);
		return EXIT_USAGE;
	}
	watch.act.groups = group ? watch_groups_new() : NULL;
	status = run(&watch, url);
	watch_groups_free(watch.act.groups);
	return status;
}
