/* SPDX-License-Identifier: MIT */
#include "server/api/keep/follow.h"

#include <malloc.h>
#include <stdlib.h>

#include "server/api/keep/canary.h"
#include "server/api/keep/follow_steps.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/pulse.h"

/* The life of a round, and what begins one: the timer, a hint. */

#define LOOK_EVERY_MS 1000

static void run(struct follow *follow);

/* -------------------------------------------------------------------------- who waits for a round */

struct follow_wait *
follow_wait(struct follow *follow, follow_wait_fn *fn, void *ctx)
{
	struct follow_wait *wait = xcalloc(1, sizeof *wait);

	wait->fn = fn;
	wait->ctx = ctx;
	wait->next = follow->waits;
	wait->back = &follow->waits;
	if (wait->next != NULL)
		wait->next->back = &wait->next;
	follow->waits = wait;
	follow_look(follow);
	return wait;
}

void
follow_wait_cancel(struct follow_wait *wait)
{
	if (wait == NULL)
		return;
	*wait->back = wait->next;
	if (wait->next != NULL)
		wait->next->back = wait->back;
	free(wait);
}

typedef bool over_fn(struct follow_wait *wait);

/* A callback may cancel other waits, so that the list is begun again after each. */
static void
end_waits(struct follow *follow, over_fn *is_over)
{
	struct follow_wait *wait = follow->waits;

	while (wait != NULL) {
		follow_wait_fn *fn = wait->fn;
		void *ctx = wait->ctx;

		if (!is_over(wait)) {
			wait = wait->next;
			continue;
		}
		follow_wait_cancel(wait);
		fn(ctx);
		wait = follow->waits;
	}
}

static bool
was_in_round(struct follow_wait *wait)
{
	return wait->in_round;
}

static bool
is_old(struct follow_wait *wait)
{
	return wait->old;
}

/* From any state: drops what the round has gathered. A round that fails leaves no trace in the
 * current snapshot: its draft is dropped and the old snapshot stays. */
static void
round_end(struct follow *follow)
{
	struct follow_round *round = &follow->round;

	/* Also where BEGIN was not answered: it may still be carried out, and the next round would read as of that instant. A
	 * connection that is lost has ended its transaction. */
	if (follow->state != FOLLOW_IDLE && pg_connected(follow->options.pg))
		pg_rollback(follow->options.pg);
	arena_free(round->arena);
	arena_free(round->account_arena);
	snapshot_region_unref(round->setup);
	snapshot_unref(round->draft);
	*round = (struct follow_round){0};
	follow->state = FOLLOW_IDLE;
	pulse_work(false);
}

static void
round_begin(struct follow *follow)
{
	follow->again = false;
	follow->looks++;
	for (struct follow_wait *wait = follow->waits; wait != NULL; wait = wait->next)
		wait->in_round = true;
	follow->round.arena = arena_new(0);
	follow->state = FOLLOW_BEGIN;
	pulse_work(true);
	run(follow);
}

/* Everything was read, so the draft is what the database had at the beginning of the round. It
 * becomes visible in one assignment, so that no answer sees half a round. */
static void
show(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	struct snapshot_store *store = follow->options.store;

	if (round->whole) {
		follow->loaded_at = round->looked_at;
		/* returns to the machine the memory that only the reading used */
		malloc_trim(0);
		log_event(LOG_INFO, "snapshot_loaded",
		    LOG_INT("region", round->draft->setup->region->version),
		    LOG_INT("map", round->mark.version),
		    LOG_INT("rotas", (int64_t)round->rotas.count),
		    LOG_INT("demands", (int64_t)round->demands.count));
	}
	/* Also where nothing has changed: that the database was asked and had nothing newer is what
	 * "live" means. */
	store->look = round->look;
	store->checked_at = round->looked_at;
	/* Not before: what a round has read that fails is read again by the next. */
	follow->feeds_read_at = round->looked_at;
	store->erasure = round->erasure;
	if (round->all_feeds)
		follow->feeds_whole_at = round->looked_at;
	store->checked_boot_ms = round->asked_boot_ms;
	store->clock = round->clock;
	/* From now on answers are "live" and not "last_good". */
	store->seen_database = true;
	database_clock_tell(&store->clock, clock_read());
	if (round->changed) {
		round->draft->mark = round->mark;
		snapshot_store_show(store, round->draft);
		round->draft = NULL;
	}
	/* A session that ended is no part of the snapshot, but has to reach the last-good file. */
	if (round->changed || round->sessions_changed) {
		if (follow->options.shown != NULL)
			follow->options.shown(follow->options.ctx);
	}
	follow->patient = false;
	figure_done();
	/* Asked for its effect: it notes that the store has become ready. */
	(void)snapshot_store_unready(store, clock_read());
	round_end(follow);
	if (follow->options.over != NULL)
		follow->options.over(follow->options.ctx);
	end_waits(follow, was_in_round);
	if (follow->again)
		round_begin(follow);
}

/* Steps that have nothing to read are passed over at once; the first that waits for an answer ends
 * the loop. */
static void
run(struct follow *follow)
{
	for (; follow->state < FOLLOW_STATES; follow->state++)
		if (follow_steps[follow->state].start(follow))
			return;
	show(follow);
}

/* A step that repeats (shifts, gaps) asks for its next part until its start() says that there is
 * none. */
void
follow_on_rows(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct follow *follow = ctx;

	INVARIANT(follow->state < FOLLOW_STATES);
	follow->call = NULL;
	pulse_work(true);
	/* Not at once, as this is a callback of that connection. */
	if (follow->state == FOLLOW_REGION)
		loop_soon(follow->loop, follow_close_region, follow);
	if (st == STATUS_OK)
		st = follow_steps[follow->state].take(follow, rows);
	if (st != STATUS_OK) {
		log_event(LOG_DEBUG, "look_ended",
		    LOG_STR("step", follow_steps[follow->state].name),
		    LOG_STR("status", status_name(st)));
		follow->patient = true;
		round_end(follow);
		return;
	}
	if (!follow_steps[follow->state].repeats)
		follow->state++;
	run(follow);
}

/* --------------------------------------------------------------------------------- outside */

/* A hint during a round may be about something that the round has already read past, so that
 * another round follows. */
void
follow_look(struct follow *follow)
{
	if (follow->state == FOLLOW_IDLE)
		round_begin(follow);
	else
		follow->again = true;
}

void
follow_note_ended(struct follow *follow, const char *path)
{
	follow->ended = path;
}

static void
on_hint(void *ctx)
{
	follow_look(ctx);
}

/* A round that is under way will have been late enough; the next tick begins another. */
static void
on_timer(void *ctx)
{
	struct follow *follow = ctx;

	end_waits(follow, is_old);
	for (struct follow_wait *wait = follow->waits; wait != NULL; wait = wait->next)
		wait->old = true;
	if (follow->state == FOLLOW_IDLE)
		round_begin(follow);
}

/* The timer finds what hints miss: a notification is lost when the connection is. */
struct follow *
follow_new(struct loop *loop, const struct follow_options *options)
{
	static const char *const channels[] = {"coverage_changed", "region_applied",
	    "accounts_changed", "sessions_changed", "remarks_changed", "swaps_changed",
	    "protocols_changed", "navigators_changed"};
	struct follow *follow = xcalloc(1, sizeof *follow);

	follow->options = *options;
	follow->loop = loop;
	follow->state = FOLLOW_IDLE;
	follow->canary = options->canary ? canary_new(options->tools) : NULL;
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
		/* Hints have no content: on whichever channel they come, the next round finds what
		 * has changed. */
		pg_listen(options->pg, channels[i], on_hint, follow);
	follow->timer = loop_every(loop, LOOK_EVERY_MS, on_timer, follow);
	return follow;
}

void
follow_free(struct follow *follow)
{
	if (follow == NULL)
		return;
	/* The call first: its callback would use the round that round_end() frees. */
	pg_call_cancel(follow->call);
	loop_timer_cancel(follow->timer);
	while (follow->waits != NULL)
		follow_wait_cancel(follow->waits);
	pg_close(follow->region_pg);
	round_end(follow);
	canary_free(follow->canary);
	free(follow);
}
