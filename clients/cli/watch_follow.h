/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "clients/cli/watch_place.h"

/*
 * The catch-up rule of a subscriber as decisions: what to ask next, given its place and what it
 * hears. Pure: the caller does the asking, one thing at a time, and says what came of it.
 *
 *   follow_start -> TOP or PAGE -> (PAGE …, REPLAY, WHOLE) -> REST, live
 *
 * The order is what loses nothing: the channel is heard before the stream is read, and what is
 * heard meanwhile is not acted on but remembered, so that the stream is read again until it has
 * brought that too. The stream is Redis's and may have lost entries: then the server's outbox is
 * asked. A new epoch, wherever it shows, asks for the whole state; an answer of before it is not
 * taken, or the place would go back and flags be acted on twice.
 */
enum follow_ask {
	FOLLOW_REST,   /* nothing: an answer is awaited, or what comes will be heard */
	FOLLOW_TOP,    /* the newest entry of the stream; then follow_top */
	FOLLOW_PAGE,   /* the entries of the stream after the place; then follow_entry for each, and
			* follow_page_end
			*/
	FOLLOW_REPLAY, /* the same of the server's outbox; then follow_replay_end */
	FOLLOW_WHOLE,  /* the open gaps, all of them, and which flag they are as of; then
			* follow_whole
			*/
	FOLLOW_LATER,  /* not to be had now: follow_start after a second */
};

/* Starts as {0}, or with a place that was kept. */
struct watch_follow {
	struct watch_place place; /* the last flag acted on */
	struct watch_place heard; /* the newest that was heard of */
	bool live;                /* nothing is missing, as far as was heard */
	bool asking;              /* an answer is awaited */
	bool again;               /* asked to start meanwhile */
	bool moved;               /* the answer has brought something */
	enum watch_verdict last;  /* of the entry at which the answer was left */
};

/* The channel is heard from now on, for the first time or again; or nothing was heard for too long;
 * or the second of FOLLOW_LATER is over. */
enum follow_ask follow_start(struct watch_follow *follow);

/* A flag on the channel. ${act}: act on it now, then follow_took. */
enum follow_ask follow_flag(struct watch_follow *follow, const struct watch_place *flag, bool *act);

/* A heartbeat: all flags up to ${head} have been published. */
enum follow_ask follow_head(struct watch_follow *follow, const struct watch_place *head);

/* An entry of a page or of a replay, in their order. True: act on it, then follow_took. False with
 * ${more}: it was seen before, take the next. False without: leave the rest. */
bool follow_entry(struct watch_follow *follow, const struct watch_place *flag, bool *more);

/* The flag has been acted on. */
void follow_took(struct watch_follow *follow, const struct watch_place *flag);

/* The answer to the question has come. ${full}: there may be more. ${top}, NULL: the stream is
 * empty. follow_whole: ${taken}: the state is to be replaced by what was answered. */
enum follow_ask follow_top(struct watch_follow *follow, const struct watch_place *top);
enum follow_ask follow_page_end(struct watch_follow *follow, bool full);
enum follow_ask follow_replay_end(struct watch_follow *follow, bool full);
enum follow_ask follow_whole(
    struct watch_follow *follow, const struct watch_place *as_of, bool *taken);
enum follow_ask follow_failed(struct watch_follow *follow);
