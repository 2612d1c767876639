/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/keep/follow_steps.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/pulse.h"

/* The region of a round: patched, or read whole, which makes a whole round; and the draft of that. */

#define WINDOW_AHEAD_SECONDS (401 * INT64_C(86400))
#define UNREADABLE_SECONDS 60

/* The region cannot be patched, so that nothing else can be kept either. */
static void
become_whole(struct follow_round *round)
{
	snapshot_unref(round->draft);
	round->draft = NULL;
	round->whole = true;
	round->need_changes = false;
}

bool
follow_setup_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	struct pg_args args = {0};

	if (!round->patching)
		return false;
	if (round->look.newest_region == 0) {
		become_whole(round);
		return false;
	}
	pg_int8(&args, follow->options.store->current->setup->region->version);
	pg_int8(&args, round->look.newest_region);
	return follow_call(follow, &API_REGION_SINCE, &args);
}

/* Under a patched region every index stays what it was, so that the rest of the snapshot does too. */
enum status
follow_setup_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;
	const struct snapshot_region *mine = follow->options.store->current->setup;
	struct region_shared_since since = {
	    .version = round->look.newest_region,
	    .zones = region_zones_of(follow->options.tools->zones),
	};
	struct region_takens takens;
	struct region_shared *shared;

	if (!pg_is_null(rows, 0, API_REGION_SINCE_CHANGES))
		since.changes = pg_get_bytes(rows, 0, API_REGION_SINCE_CHANGES);
	shared = region_shared_take(round->arena, mine->shared, &since, &takens);
	if (shared == NULL) {
		become_whole(round);
		return STATUS_OK;
	}
	snapshot_set_setup(round->draft, snapshot_region_patched(mine, shared));
	follow->options.store->regions_patched++;
	log_event(LOG_INFO, "region_patched", LOG_INT("region", since.version),
	    LOG_INT("objects", (int64_t)takens.count));
	return STATUS_OK;
}

/* A connection keeps the room that its largest value took, so the region, megabytes and rare, has
 * one of its own for the while. That one is not in the transaction of the round, so the region is asked for by the version that
 * was the newest there. */
static bool
call_for_region(struct follow *follow)
{
	struct pg_args args = {0};

	follow->region_pg = pg_open(follow->loop, &(struct pg_options){
						      .conninfo = follow->options.conninfo,
						      .application_name = "crisiscover-api-region",
						  });
	pg_int8(&args, follow->round.look.newest_region);
	follow->call =
	    pg_call(follow->region_pg, &API_REGION_DOCUMENT, &args, follow_on_rows, follow);
	return true;
}

void
follow_close_region(void *ctx)
{
	struct follow *follow = ctx;

	if (follow->call == NULL || follow->state != FOLLOW_REGION) {
		pg_close(follow->region_pg);
		follow->region_pg = NULL;
	}
}

/* Only a whole round needs a region: with another region everything is read again. */
bool
follow_region_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;

	if (!round->whole)
		return false;
	if (round->need_region && round->look.newest_region > 0)
		return call_for_region(follow);
	round->setup = round->need_region
			   ? snapshot_region_empty(follow->options.tools)
			   : snapshot_region_ref(follow->options.store->current->setup);
	return false;
}

/* A region that this program cannot read is tried again in a minute, not each second: it is parsed
 * in the process that answers requests. */
enum status
follow_region_take(struct follow *follow, const struct pg_rows *rows)
{
	enum status st;

	INVARIANT(pg_rows_count(rows) == 1);
	pulse_long(PULSE_LONG_SECONDS);
	st = snapshot_region_read(follow->options.tools,
	    pg_get_int(rows, 0, API_REGION_DOCUMENT_VERSION),
	    pg_get_bytes(rows, 0, API_REGION_DOCUMENT_DOCUMENT), &follow->round.setup);
	follow->options.store->regions_read++;
	log_event(LOG_INFO, "region_read",
	    LOG_INT("region", pg_get_int(rows, 0, API_REGION_DOCUMENT_VERSION)));
	if (st != STATUS_OK) {
		follow->unreadable_region = pg_get_int(rows, 0, API_REGION_DOCUMENT_VERSION);
		follow->unreadable_until = follow->round.looked_at + UNREADABLE_SECONDS;
	}
	return st;
}

/* The draft of a whole round begins where its region is known. */
void
follow_begin_draft(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	const struct snapshot *mine = follow->options.store->current;
	const struct region *region;

	if (round->draft != NULL)
		return;
	/* Under the same region the draft begins as a copy, and each part is replaced when it has been
	 * read. Under another one, rotas and demands may have other indexes: nothing can be kept. */
	if (mine != NULL && mine->setup == round->setup) {
		round->draft = snapshot_copy(mine);
		snapshot_region_unref(round->setup);
	} else {
		round->draft = snapshot_new(
		    round->setup, mine ? accounts_ref(mine->accounts) : accounts_none());
	}
	round->setup = NULL;
	round->draft->last_good = false;
	round->draft->window = (struct span_time){
	    round->looked_at - SNAPSHOT_BACK_SECONDS, round->looked_at + WINDOW_AHEAD_SECONDS};
	region = round->draft->setup->region;
	for (uint32_t i = 0; i < region->nrotas; i++)
		*VEC_PUSH(round->arena, &round->rotas) = i;
	for (uint32_t i = 0; i < region->ndemands; i++)
		*VEC_PUSH(round->arena, &round->demands) = i;
}
