/* SPDX-License-Identifier: MIT */
/*
 * crisiscover watch: the reference subscriber. It receives flags from a Redis channel, acts on each, and keeps
 * its place in their sequence. watch_follow.h decides what to ask for if flags are missing. This file asks:
 * the stream in Redis, the server's replay, and after a new epoch the server's open gaps.
 *
 * After 15 s without a heartbeat it reports that flags are not live.
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
#include "clients/cli/watch_follow.h"
#include "clients/cli/watch_state.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/loop/loop.h"
#include "server/redis/redis.h"

/* BLIND_MS is three heartbeats. */
enum { PAGE = 500, BLIND_MS = 15000, RETRY_MS = 1000, SERVER_LIMIT_MS = 5000 };

#define STREAM "crisiscover:flags:stream"
#define CHANNEL "crisiscover:flags"

struct watch {
	struct loop *loop;
	/* Two connections: Redis takes no other calls on one that subscribes. */
	struct redis *ears, *hands;
	struct redis_call *page;
	struct loop_timer *retry, *blind;
	struct watch_follow follow;
	struct watch_act act;
	const char *state_path;
	bool said_blind;
};

static void ask(struct watch *watch, enum follow_ask what);

static void
keep_place(const struct watch *watch)
{
	if (watch->state_path != NULL)
		watch_state_write(watch->state_path, &watch->follow.place);
}

static void
on_blind(void *ctx)
{
	struct watch *watch = ctx;

	watch->blind = loop_after(watch->loop, BLIND_MS, on_blind, watch);
	/* Printed once, while the silence lasts. */
	if (!watch->said_blind)
		fprintf(stderr,
		    "crisiscover watch: nothing has been heard for 15 s: flags are NOT live\n");
	watch->said_blind = true;
	/* Asked for again each time: a connection that is half open never reports that it has
	 * ended. */
	ask(watch, follow_start(&watch->follow));
}

/* Something came from the server: flags are live, and the time without a heartbeat begins again. */
static void
heard(struct watch *watch)
{
	loop_timer_cancel(watch->blind);
	watch->blind = loop_after(watch->loop, BLIND_MS, on_blind, watch);
	if (watch->said_blind)
		fprintf(stderr, "crisiscover watch: flags are live again\n");
	watch->said_blind = false;
}

static void
on_retry(void *ctx)
{
	struct watch *watch = ctx;

	watch->retry = NULL;
	ask(watch, follow_start(&watch->follow));
}

/* --------------------------------------------------------------------------------- the server */

/* A new epoch has begun: rows may have been lost, so the numbers seen so far mean nothing. The
 * open gaps as a whole take their place. */
static enum follow_ask
ask_whole(struct watch *watch)
{
	struct server_answer answer;
	struct watch_place as_of;
	enum follow_ask next;
	bool taken = false;

	/* One line is enough: the place in the sequence (as_of) is what is wanted, not the gaps. */
	if (server_ask(&(struct server_ask){.path = "/v1/gaps?state=open&limit=1",
			   .limit_ms = SERVER_LIMIT_MS},
		&answer) == EXIT_FINE &&
	    watch_place_parse(slice_of(show_text(answer.json, "as_of")), &as_of))
		next = follow_whole(&watch->follow, &as_of, &taken);
	else
		next = follow_failed(&watch->follow);
	if (taken) {
		fprintf(stderr,
		    "crisiscover watch: a new numbering has begun; going on from %s (crisiscover gaps lists what is open)\n",
		    show_text(answer.json, "as_of"));
		keep_place(watch);
		if (watch->act.groups != NULL)
			/* Groups are named by gaps of the old numbering. */
			watch_groups_forget(watch->act.groups);
	}
	server_answer_free(&answer);
	return next;
}

static void
act(struct watch *watch, const struct watch_place *flag, struct slice payload)
{
	/* Acted on before the place is kept: after a crash in between a flag comes twice rather
	 * than never. */
	watch_act(&watch->act, payload);
	follow_took(&watch->follow, flag);
	keep_place(watch);
}

/* Flags that the stream no longer holds are replayed by the server from its outbox. */
static enum follow_ask
ask_replay(struct watch *watch)
{
	struct server_answer answer;
	char after[WATCH_PLACE_MAX], path[WATCH_PLACE_MAX + 40];
	json_t *flags, *flag;
	size_t i = 0;
	bool more, fine;
	enum follow_ask next;

	watch_place_print(&watch->follow.place, after);
	snprintf(path, sizeof path, "/v1/flags?after=%s&limit=%d", after, PAGE);
	more = fine = server_ask(&(struct server_ask){.path = path, .limit_ms = SERVER_LIMIT_MS},
			  &answer) == EXIT_FINE;
	flags = json_object_get(answer.json, "flags");
	for (; more && i < json_array_size(flags); i++) {
		struct watch_place place;

		flag = json_array_get(flags, i);
		/* A flag without a number cannot be put in its place, so the replay is not believed
		 * from here on. */
		more = fine = watch_place_parse(slice_of(show_text(flag, "id")), &place);
		if (fine && follow_entry(&watch->follow, &place, &more)) {
			char *payload = json_dumps(flag, JSON_COMPACT);

			act(watch, &place, slice_of(payload));
			free(payload);
		}
	}
	/* A full page: there may be more. */
	next = fine ? follow_replay_end(&watch->follow, json_array_size(flags) == PAGE)
		    : follow_failed(&watch->follow);
	server_answer_free(&answer);
	return next;
}

/* --------------------------------------------------------------------------------- the stream */

/* One entry of the stream: [id, ["p", payload]]. */
static bool
read_entry(const struct redis_reply *entry, struct watch_place *place)
{
	return entry->count == 2 && entry->items[1].count == 2 &&
	       watch_place_parse(entry->items[0].text, place);
}

static void
on_page(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct watch *watch = ctx;
	bool more = true, fine = st == STATUS_OK && reply->kind == REDIS_ARRAY;

	watch->page = NULL;
	for (size_t i = 0; fine && more && i < reply->count; i++) {
		struct watch_place place;

		fine = read_entry(&reply->items[i], &place);
		if (fine && follow_entry(&watch->follow, &place, &more))
			act(watch, &place, reply->items[i].items[1].items[1].text);
	}
	ask(watch, fine ? follow_page_end(&watch->follow, reply->count == PAGE)
			: follow_failed(&watch->follow));
}

/* The first time there is no place to continue from: it begins at the newest flag. */
static void
on_top(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct watch *watch = ctx;
	char text[WATCH_PLACE_MAX];
	struct watch_place top;
	bool fine = st == STATUS_OK && reply->kind == REDIS_ARRAY, empty;
	enum follow_ask next;

	watch->page = NULL;
	empty = fine && reply->count == 0;
	if (!fine || (!empty && !read_entry(&reply->items[0], &top))) {
		ask(watch, follow_failed(&watch->follow));
		return;
	}
	next = follow_top(&watch->follow, empty ? NULL : &top);
	watch_place_print(&watch->follow.place, text);
	fprintf(stderr, "crisiscover watch: listening, from %s on\n", text);
	keep_place(watch);
	ask(watch, next);
}

static void
ask_top(struct watch *watch)
{
	const struct slice argv[] = {
	    SLICE("XREVRANGE"), SLICE(STREAM), SLICE("+"), SLICE("-"), SLICE("COUNT"), SLICE("1")};

	watch->page = redis_call(watch->hands, argv, sizeof argv / sizeof *argv, on_top, watch);
}

static void
ask_page(struct watch *watch)
{
	char text[WATCH_PLACE_MAX], after[WATCH_PLACE_MAX + 1];

	watch_place_print(&watch->follow.place, text);
	/* Redis: "(" leaves the entry itself out. */
	snprintf(after, sizeof after, "(%s", text);
	const struct slice argv[] = {SLICE("XRANGE"), SLICE(STREAM), slice_of(after), SLICE("+"),
	    SLICE("COUNT"), SLICE("500")};
	watch->page = redis_call(watch->hands, argv, sizeof argv / sizeof *argv, on_page, watch);
}

static void
ask(struct watch *watch, enum follow_ask what)
{
	/* The server is asked here and now, blocking: nothing is acted on before it has answered.
	 * Messages that arrive meanwhile wait in the socket. */
	while (what == FOLLOW_REPLAY || what == FOLLOW_WHOLE)
		what = what == FOLLOW_REPLAY ? ask_replay(watch) : ask_whole(watch);
	if (what == FOLLOW_TOP)
		ask_top(watch);
	else if (what == FOLLOW_PAGE)
		ask_page(watch);
	else if (what == FOLLOW_LATER && watch->retry == NULL)
		watch->retry = loop_after(watch->loop, RETRY_MS, on_retry, watch);
}

/* -------------------------------------------------------------------------------- the channel */

static void
on_message(void *ctx, struct slice channel, struct slice payload)
{
	struct watch *watch = ctx;
	/* A payload that is no JSON has no number, and is passed over below. */
	json_t *message = json_loadb(payload.at, payload.len, JSON_REJECT_DUPLICATES, NULL);
	bool heartbeat = strcmp(show_text(message, "kind"), "heartbeat") == 0, now = false;
	struct watch_place place;
	bool parsed =
	    watch_place_parse(slice_of(show_text(message, heartbeat ? "head" : "id")), &place);
	enum follow_ask next;

	(void)channel;
	json_decref(message);
	/* Not a flag of this server. It proves nothing about whether flags are live. */
	if (!parsed)
		return;
	heard(watch);
	next = heartbeat ? follow_head(&watch->follow, &place)
			 : follow_flag(&watch->follow, &place, &now);
	if (now)
		act(watch, &place, payload);
	ask(watch, next);
}

static void
on_subscribed(void *ctx)
{
	struct watch *watch = ctx;

	ask(watch, follow_start(&watch->follow));
}

/* ------------------------------------------------------------------------------------ the run */

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
	/* The address was accepted a moment ago. */
	watch->hands = redis_open(watch->loop, &options, NULL);
	/* The command that is run for a flag may not read its input. */
	signal(SIGPIPE, SIG_IGN);
	loop_on_signal(watch->loop, SIGTERM, on_stop, watch->loop);
	loop_on_signal(watch->loop, SIGINT, on_stop, watch->loop);
	if (watch->state_path != NULL)
		watch_state_read(watch->state_path, &watch->follow.place);
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

/* A subscriber to a place that does not exist would hear nothing and take that as good news. If
 * the server is not reached it listens all the same: the flags come from Redis. */
static int
check_asked(const struct watch *watch)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	if (watch->act.place == NULL && watch->act.function == NULL)
		return EXIT_FINE;
	buf_add_text(&path, "/v1/gaps?limit=1");
	if (watch->act.place != NULL) {
		buf_add_text(&path, "&place=");
		buf_add_encoded(&path, watch->act.place);
	}
	if (watch->act.function != NULL) {
		buf_add_text(&path, "&function=");
		buf_add_encoded(&path, watch->act.function);
	}
	status =
	    server_ask(&(struct server_ask){.path = path.at, .limit_ms = SERVER_LIMIT_MS}, &answer);
	if (status == EXIT_SERVER_SAID_NO && (answer.status == 404 || answer.status == 400)) {
		status = EXIT_INPUT_REFUSED;
		/* 403: this account may not list gaps, which says nothing about the place. */
	} else if (status != EXIT_FINE && answer.status != 403) {
		fputs(
		    "crisiscover watch: the server could not say whether there is such a place or function; listening all the same\n",
		    stderr);
		status = EXIT_FINE;
	}
	server_answer_free(&answer);
	buf_free(&path);
	return status;
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
		fputs(
		    "crisiscover watch: which Redis? Set REDIS_URL, or redis= in ~/.config/crisiscover\n",
		    stderr);
		return EXIT_USAGE;
	}
	status = check_asked(&watch);
	if (status != EXIT_FINE)
		return status;
	watch.act.groups = group ? watch_groups_new() : NULL;
	status = run(&watch, url);
	watch_groups_free(watch.act.groups);
	return status;
}
