/* SPDX-License-Identifier: MIT */
#include "server/api/record/uses.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/hash.h"
#include "server/base/instant.h"
#include "server/map/accounts.h"

/* When a token or a session was last used, to the hour or minute. Each use of a stretch is one
 * write and not one for each request; losing a note costs nothing but accuracy. */

#define SLOTS 4096 /* a power of two */
#define FULL (SLOTS / 2)
#define BATCH_MAX 500
#define TICK_MS 2000

enum use_state { USE_WRITTEN, USE_NEW, USE_SENT };

struct use {
	char id[TOKEN_ID_LEN + 1]; /* empty: free */
	int64_t stretch;           /* the beginning of the last in which it was used */
	enum use_state state;
};

struct uses {
	struct pg *pg;
	const struct pg_stmt *stmt;
	int64_t seconds; /* of a stretch */
	struct loop_timer *timer;
	struct pg_call *call;
	struct use slots[SLOTS];
	size_t count, new;
};

/* The loop ends: at most half of the slots are in use (FULL). */
static struct use *
slot_of(struct uses *uses, const char *id)
{
	uint64_t letters;

	/* They are random, so that multiplying spreads them. */
	memcpy(&letters, id, sizeof letters);
	for (size_t place = hash_spread(letters) >> 40;; place++) {
		struct use *use = &uses->slots[place % SLOTS];

		if (use->id[0] == '\0' || memcmp(use->id, id, TOKEN_ID_LEN) == 0)
			return use;
	}
}

/* Tokens come and go: now and then the table begins again, and what is noted twice is written once
 * more. Nothing is thrown away that still has to be written. Uses are not noted for a while if
 * everything is still to be written, which is when the database is away. */
static bool
make_room(struct uses *uses)
{
	if (uses->count < FULL)
		return true;
	if (uses->new > 0 || uses->call != NULL)
		return false;
	memset(uses->slots, 0, sizeof uses->slots);
	uses->count = 0;
	return true;
}

/* NULL: uses are not noted in this process. */
void
uses_note(struct uses *uses, const char *id, int64_t now)
{
	int64_t stretch;
	struct use *use;

	if (uses == NULL)
		return;
	stretch = now - now % uses->seconds;
	use = slot_of(uses, id);
	if (use->id[0] == '\0') {
		if (!make_room(uses))
			return;
		use = slot_of(uses, id);
		memcpy(use->id, id, TOKEN_ID_LEN);
		uses->count++;
	} else if (use->stretch >= stretch) {
		return;
	}
	uses->new += use->state != USE_NEW;
	use->stretch = stretch;
	use->state = USE_NEW;
}

/* A use that was not written is new again, unless a later one has been noted since. */
static void
on_written(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct uses *uses = ctx;

	(void)rows;
	uses->call = NULL;
	for (size_t i = 0; i < SLOTS; i++) {
		struct use *use = &uses->slots[i];

		if (use->state != USE_SENT)
			continue;
		use->state = st == STATUS_OK ? USE_WRITTEN : USE_NEW;
		uses->new += st != STATUS_OK;
	}
}

/* Those of one stretch, the first that is found: it is seldom over while some wait. */
static void
on_tick(void *ctx)
{
	struct uses *uses = ctx;
	const char *ids[BATCH_MAX];
	struct pg_args args = {0};
	int64_t stretch = INSTANT_NEVER;
	size_t count = 0;

	if (uses->new == 0 || uses->call != NULL)
		return;
	for (size_t i = 0; i < SLOTS && count < BATCH_MAX; i++) {
		struct use *use = &uses->slots[i];

		if (use->state != USE_NEW || (count > 0 && use->stretch != stretch))
			continue;
		stretch = use->stretch;
		use->state = USE_SENT;
		ids[count++] = use->id;
	}
	uses->new -= count;
	pg_text_array(&args, ids, count);
	pg_time(&args, stretch);
	uses->call = pg_call(uses->pg, uses->stmt, &args, on_written, uses);
}

struct uses *
uses_open(struct loop *loop, struct pg *pg, const struct pg_stmt *stmt, int64_t seconds)
{
	struct uses *uses = xcalloc(1, sizeof *uses);

	uses->pg = pg;
	uses->stmt = stmt;
	uses->seconds = seconds;
	uses->timer = loop_every(loop, TICK_MS, on_tick, uses);
	return uses;
}

void
uses_close(struct uses *uses)
{
	if (uses == NULL)
		return;
	loop_timer_cancel(uses->timer);
	pg_call_cancel(uses->call);
	free(uses);
}
