/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "clients/cli/watch_place.h"

/*
 * How a subscriber catches up, as a state machine: given its place in the sequence of flags and what it
 * receives, it says what to ask for next. Pure: the caller asks, one question at a time, and reports the
 * answer.
 *
 *   follow_start -> TOP or PAGE -> (PAGE …, REPLAY, WHOLE) -> REST, live
 *
 * The order makes sure that no flag is lost. The subscription comes before the stream is read. Flags that
 * arrive on the channel meanwhile are remembered and not acted on; the stream is read again until it has
 * brought them too. Redis may have lost entries of the stream: then the server replays them from its outbox.
 * If a new epoch appears anywhere, the whole state is asked for. An answer from before that epoch is
 * ignored: the place would go back, and flags would be acted on twice.
 */
enum follow_ask {
	FOLLOW_REST,   /* nothing: an answer is awaited, or all is live */
	FOLLOW_TOP,    /* the newest entry of the stream; then call follow_top */
	FOLLOW_PAGE,   /* the entries of the stream after the place; then call follow_entry for
			  each, and follow_page_end */
	FOLLOW_REPLAY, /* the same from the server's outbox; then call follow_replay_end */
	FOLLOW_WHOLE, /* all open gaps, and the flag up to which they are; then call follow_whole */
	FOLLOW_LATER, /* nothing now: call follow_start after a second */
};

/* Starts as {0}, or with a place that was kept. */
struct watch_follow {
	struct watch_place place; /* the last flag acted on */
	struct watch_place heard; /* the newest flag that is known to exist */
	bool live;                /* no flag up to ${heard} is missing */
	bool asking;              /* an answer is awaited */
	bool again;               /* follow_start was called while an answer was awaited */
	bool moved;               /* the answer has brought a flag that was missing */
	enum watch_verdict last;  /* on the entry at which reading of the answer stopped */
};

/* To be called when the subscription is established, for the first time or again; when nothing was received
 * for too long; and a second after FOLLOW_LATER. */
enum follow_ask follow_start(struct watch_follow *follow);

/* A flag has arrived on the channel. If ${act} is set: act on it now, then call follow_took. */
enum follow_ask follow_flag(struct watch_follow *follow, const struct watch_place *flag, bool *act);

/* A heartbeat has arrived: all flags up to ${head} have been published. */
enum follow_ask follow_head(struct watch_follow *follow, const struct watch_place *head);

/* An entry of a page or a replay, in their order. True: act on it, then call follow_took. False, and ${more} is
 * set: it was seen before, go on with the next entry. False, and ${more} is not set: ignore the rest. */
bool follow_entry(struct watch_follow *follow, const struct watch_place *flag, bool *more);

/* The flag has been acted on. */
void follow_took(struct watch_follow *follow, const struct watch_place *flag);

/* The answer to a question has come, or (follow_failed) will not come. ${full}: the page was full, so there may
 * be more. ${top} NULL: the stream is empty. ${taken} is set if the caller must replace its state by the
 * answer. */
enum follow_ask follow_top(struct watch_follow *follow, const struct watch_place *top);
enum follow_ask follow_page_end(struct watch_follow *follow, bool full);
enum follow_ask follow_replay_end(struct watch_follow *follow, bool full);
enum follow_ask follow_whole(
    struct watch_follow *follow, const struct watch_place *as_of, bool *taken);
enum follow_ask follow_failed(struct watch_follow *follow);
