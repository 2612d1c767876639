/* SPDX-License-Identifier: MIT */
#include "clients/cli/watch_follow.h"

/* The epoch first: numbers begin again at 1 in each. */
static bool
newer(const struct watch_place *a, const struct watch_place *b)
{
	return a->epoch > b->epoch || (a->epoch == b->epoch && a->seq > b->seq);
}

/* Begins a question. Nothing is live while it is open. */
static enum follow_ask
ask(struct watch_follow *follow, enum follow_ask what)
{
	follow->live = false;
	follow->moved = false;
	follow->last = WATCH_DROP;
	/* One question at a time. While it is open, what is heard is only remembered. */
	follow->asking = what != FOLLOW_LATER;
	return what;
}

/* Remembers the newest flag that is known to exist; caught_up() compares it with the place. */
static void
hear(struct watch_follow *follow, const struct watch_place *number)
{
	if (!follow->heard.known || newer(number, &follow->heard))
		watch_place_move(&follow->heard, number);
}

enum follow_ask
follow_start(struct watch_follow *follow)
{
	follow->live = false;
	/* An answer is on its way. It is handled first; caught_up() then asks again. */
	if (follow->asking) {
		follow->again = true;
		return FOLLOW_REST;
	}
	return ask(follow, follow->place.known ? FOLLOW_PAGE : FOLLOW_TOP);
}

enum follow_ask
follow_flag(struct watch_follow *follow, const struct watch_place *flag, bool *act)
{
	*act = false;
	hear(follow, flag);
	/* While it catches up, a flag from the channel is only noted as heard: the page will bring
	 * it in its place. */
	if (!follow->live)
		return FOLLOW_REST;
	switch (watch_place_weigh(&follow->place, flag)) {
	case WATCH_APPLY:
		*act = true;
		return FOLLOW_REST;
	case WATCH_DROP:
		return FOLLOW_REST;
	case WATCH_HOLE:
		return ask(follow, FOLLOW_PAGE);
	case WATCH_NEW_EPOCH:
		return ask(follow, FOLLOW_WHOLE);
	}
	return FOLLOW_REST;
}

enum follow_ask
follow_head(struct watch_follow *follow, const struct watch_place *head)
{
	hear(follow, head);
	/* A head that is not newer says that nothing is missing. */
	if (!follow->live || !newer(head, &follow->place))
		return FOLLOW_REST;
	/* A new epoch may have no flag yet that would show it. */
	return ask(follow, head->epoch > follow->place.epoch ? FOLLOW_WHOLE : FOLLOW_PAGE);
}

bool
follow_entry(struct watch_follow *follow, const struct watch_place *flag, bool *more)
{
	follow->last = watch_place_weigh(&follow->place, flag);
	/* Over a hole or a new epoch the rest of the page is of no use. */
	*more = follow->last == WATCH_DROP || follow->last == WATCH_APPLY;
	return follow->last == WATCH_APPLY;
}

void
follow_took(struct watch_follow *follow, const struct watch_place *flag)
{
	watch_place_move(&follow->place, flag);
	follow->moved = true;
}

enum follow_ask
follow_top(struct watch_follow *follow, const struct watch_place *top)
{
	follow->again = false;
	/* An empty stream: everything of the first epoch is still to come. */
	follow->place = top != NULL ? *top : (struct watch_place){true, 1, 0};
	return ask(follow, FOLLOW_PAGE);
}

/* The answer has been handled to its end. If a newer flag was heard meanwhile, it asks again. */
static enum follow_ask
caught_up(struct watch_follow *follow)
{
	if (follow->again) {
		follow->again = false;
		return ask(follow, FOLLOW_PAGE);
	}
	if (follow->heard.known && newer(&follow->heard, &follow->place)) {
		if (follow->heard.epoch > follow->place.epoch)
			return ask(follow, FOLLOW_WHOLE);
		/* A page that brought nothing although a flag was heard of: the stream has lost it,
		 * so the server's outbox is asked. */
		return ask(follow, follow->moved ? FOLLOW_PAGE : FOLLOW_REPLAY);
	}
	follow->asking = false;
	follow->live = true;
	return FOLLOW_REST;
}

enum follow_ask
follow_page_end(struct watch_follow *follow, bool full)
{
	if (follow->last == WATCH_HOLE)
		return ask(follow, FOLLOW_REPLAY);
	if (follow->last == WATCH_NEW_EPOCH)
		return ask(follow, FOLLOW_WHOLE);
	return full ? ask(follow, FOLLOW_PAGE) : caught_up(follow);
}

enum follow_ask
follow_replay_end(struct watch_follow *follow, bool full)
{
	if (follow->last == WATCH_NEW_EPOCH)
		return ask(follow, FOLLOW_WHOLE);
	/* The outbox lacks it as well, for now: the api may be late. Ask again in a second. */
	if (!follow->moved || follow->last == WATCH_HOLE)
		return follow_failed(follow);
	/* Back to the stream at the end, which is where new flags come. */
	return ask(follow, full ? FOLLOW_REPLAY : FOLLOW_PAGE);
}

enum follow_ask
follow_whole(struct watch_follow *follow, const struct watch_place *as_of, bool *taken)
{
	*taken = !follow->place.known || as_of->epoch > follow->place.epoch;
	if (!*taken) /* the server has not seen the new epoch yet */
		return follow_failed(follow);
	watch_place_move(&follow->place, as_of);
	return ask(follow, FOLLOW_PAGE);
}

enum follow_ask
follow_failed(struct watch_follow *follow)
{
	follow->again = false; /* the next start asks again anyway */
	return ask(follow, FOLLOW_LATER);
}
