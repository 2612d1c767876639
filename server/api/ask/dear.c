/* SPDX-License-Identifier: MIT */
#include "server/api/ask/dear.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/job.h"
#include "server/base/fatal.h"
#include "server/base/hash.h"
#include "server/pg/pg.h"

#define AGAIN_SECONDS 2

struct dear_place {
	TAILQ_ENTRY(dear_place) entry;
	struct dear *dear;
	uint64_t owner;
};

struct dear {
	struct dear_options options;
	struct slices *slices;
	const struct web_server *server;
	TAILQ_HEAD(, dear_place) places;
	unsigned count;
	uint64_t refused;
};

/* Work that waits or is under way: a view that has not begun, or a job with its rows. */
struct dear_work {
	struct ask ask;
	struct job *job;
	struct pg_rows *rows;
};

static uint64_t
requests_of(void *ctx)
{
	const struct dear *dear = ctx;

	return dear->server == NULL ? 0 : web_server_stats(dear->server).requests;
}

struct dear *
dear_new(struct loop *loop, const struct dear_options *options)
{
	struct dear *dear = xcalloc(1, sizeof *dear);

	dear->options = *options;
	TAILQ_INIT(&dear->places);
	dear->slices =
	    slices_new(loop, &(struct slices_options){.served = requests_of, .ctx = dear});
	return dear;
}

void
dear_watch(struct dear *dear, const struct web_server *server)
{
	dear->server = server;
}

void
dear_finish(struct dear *dear)
{
	slices_finish(dear->slices);
	dear->server = NULL;
}

void
dear_free(struct dear *dear)
{
	INVARIANT(TAILQ_EMPTY(&dear->places));
	slices_free(dear->slices);
	free(dear);
}

/* A program with a token is one who asks; a browser and its other windows are their account. */
static uint64_t
owner_of(const struct ask *ask)
{
	const char *name = ask->token != NULL ? ask->token->id : ask->account->name;

	return hash_text(HASH_START, name);
}

static unsigned
places_of(const struct dear *dear, uint64_t owner)
{
	const struct dear_place *place;
	unsigned count = 0;

	TAILQ_FOREACH(place, &dear->places, entry)
	count += place->owner == owner;
	return count;
}

void
dear_leave(struct dear_place *place)
{
	if (place == NULL)
		return;
	TAILQ_REMOVE(&place->dear->places, place, entry);
	place->dear->count--;
	free(place);
}

static void
refuse(struct ask *ask, const char *detail)
{
	ask->api->dear->refused++;
	problem_reply_with(ask->exchange, 429, detail,
	    &(struct problem_more){
		.extra = arena_printf(ask->arena, "Retry-After: %d\r\n", AGAIN_SECONDS)});
	ask_end(ask);
}

/* The one who asks is looked at first: the others are not told to wait for somebody's many questions. */
static bool
take_place(struct ask *ask)
{
	struct dear *dear = ask->api->dear;
	uint64_t owner = owner_of(ask);

	if (places_of(dear, owner) >= dear->options.most_of_one) {
		refuse(ask,
		    arena_printf(ask->arena,
			"Of the large questions (coverage, gaps, history, exports, calendars) you have %u that are not answered yet, which is as "
			"many as one may have at once. Wait for as long as Retry-After says (in seconds), and ask one after another.",
			dear->options.most_of_one));
		return false;
	}
	if (dear->count >= dear->options.most) {
		refuse(ask,
		    "Too many large questions (coverage, gaps, history, exports, calendars) are asked at once. Lookups are answered. Wait "
		    "for as long as Retry-After says (in seconds).");
		return false;
	}
	ask->place = xcalloc(1, sizeof *ask->place);
	*ask->place = (struct dear_place){.dear = dear, .owner = owner};
	TAILQ_INSERT_TAIL(&dear->places, ask->place, entry);
	dear->count++;
	return true;
}

/* Nobody may wait for the answer any more by now. */
static void
begin(void *ctx)
{
	struct dear_work *work = ctx;
	struct ask ask = work->ask;

	free(work);
	if (!web_awaited(ask.exchange)) {
		web_problem(ask.exchange, 503, "Nobody waits for this.");
		ask_end(&ask);
		return;
	}
	ask.route->view(&ask);
}

void
dear_view(struct ask *ask)
{
	struct dear_work *work;

	if (!take_place(ask))
		return;
	work = xcalloc(1, sizeof *work);
	work->ask = *ask;
	slices_add(ask->api->dear->slices, ask->place->owner, begin, work);
}

static void
go_on(void *ctx)
{
	struct dear_work *work = ctx;
	struct pg_rows *rows = work->rows;
	struct job *job = work->job;

	free(work);
	job->take(job, STATUS_OK, rows);
	pg_rows_free(rows);
}

void
dear_take(struct job *job, const struct pg_rows *rows)
{
	struct dear_work *work = xcalloc(1, sizeof *work);

	work->job = job;
	work->rows = pg_rows_keep(rows);
	slices_add(job->ask.api->dear->slices, job->ask.place->owner, go_on, work);
}

struct dear_stats
dear_stats(const struct dear *dear)
{
	return (struct dear_stats){
	    .places = dear->count, .refused = dear->refused, .slices = slices_stats(dear->slices)};
}
