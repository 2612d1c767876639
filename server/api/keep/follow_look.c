/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/keep/follow_steps.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"

/* The first step of a round: the versions in the database, and what the round must read. */

/* The window moves on with the clock, and whatever was missed is found. */
#define RELOAD_AFTER_SECONDS 86400

/* The machine's clock before the question: with the one after the answer it bounds how far the
 * database's clock can be off. */
bool
follow_look_start(struct follow *follow)
{
	follow->round.asked_boot_ms = clock_boot_ms();
	return follow_call(follow, &API_LOOK, NULL);
}

/* Whether another region is to be read. One that could not be read is left for a while: the old one
 * stays in use. */
static bool
differs(const struct follow *follow)
{
	const struct follow_round *round = &follow->round;
	const struct snapshot *mine = follow->options.store->current;

	if (mine == NULL)
		return true;
	/* The same version again and again: it would be parsed each second in the process that
	 * answers requests. */
	if (round->look.newest_region == follow->unreadable_region &&
	    round->looked_at < follow->unreadable_until)
		return false;
	return mine->setup->region->version != round->look.newest_region;
}

/* Whether everything must be read, because the changes from our version to the head cannot be
 * followed: another epoch may have lost versions, and changes are kept for a while only. Another region
 * too, unless ours can be patched: it gives places and rotas other indexes. */
static bool
must_be_whole(const struct follow *follow)
{
	const struct follow_round *round = &follow->round;
	const struct snapshot *mine = follow->options.store->current;

	/* A last-good file does not count as loaded: it is replaced whole. */
	if (mine == NULL || follow->loaded_at == 0)
		return true;
	if (mine->mark.epoch != round->mark.epoch ||
	    /* The database was restored from a backup: what is shown here may never have happened
	     * there. */
	    mine->mark.version > round->mark.version)
		return true;
	/* Rows of the past were replaced, and sessions deleted: no version tells which. */
	if (round->erasure != follow->options.store->erasure)
		return true;
	if (round->mark.version > mine->mark.version &&
	    mine->mark.version + 1 < round->oldest_change)
		return true;
	/* At least once a day, since the window of the snapshot moves on only then. */
	return round->looked_at - follow->loaded_at > RELOAD_AFTER_SECONDS;
}

/* The whole round is judged by this one row. If something changes while the round reads, the
 * versions differ in the next round. */
enum status
follow_look_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;
	const struct snapshot *mine = follow->options.store->current;

	INVARIANT(pg_rows_count(rows) == 1);
	/* The instant lies between asking and answering; both ends are needed to know how well. */
	round->clock = follow->options.store->clock;
	database_clock_look(&round->clock, pg_get_time_us(rows, 0, API_LOOK_NOW),
	    round->asked_boot_ms, clock_boot_ms());
	round->looked_at = pg_get_time(rows, 0, API_LOOK_NOW);
	round->mark = (struct map_mark){
	    .epoch = pg_get_int(rows, 0, API_LOOK_EPOCH),
	    .version = pg_get_int(rows, 0, API_LOOK_VERSION),
	    .swept_region = pg_get_int(rows, 0, API_LOOK_REGION),
	    .flag_epoch = pg_get_int(rows, 0, API_LOOK_FLAG_EPOCH),
	    .flag_seq = pg_get_int(rows, 0, API_LOOK_FLAG_SEQ),
	};
	round->accounts_version = pg_get_int(rows, 0, API_LOOK_ACCOUNTS);
	round->sessions_version = pg_get_int(rows, 0, API_LOOK_SESSIONS);
	round->remarks_version = pg_get_int(rows, 0, API_LOOK_REMARKS);
	round->swaps_version = pg_get_int(rows, 0, API_LOOK_SWAPS);
	round->protocols_version = pg_get_int(rows, 0, API_LOOK_PROTOCOLS);
	round->closings_version = pg_get_int(rows, 0, API_LOOK_CLOSINGS);
	round->erasure = pg_get_int(rows, 0, API_LOOK_ERASURE);
	round->oldest_change = pg_get_int(rows, 0, API_LOOK_OLDEST_CHANGE);
	round->look = (struct snapshot_look){
	    .newest_region = pg_get_int(rows, 0, API_LOOK_NEWEST_REGION),
	    .waiting_imports = pg_get_int(rows, 0, API_LOOK_WAITING_IMPORTS),
	    .unpublished = pg_get_int(rows, 0, API_LOOK_UNPUBLISHED),
	    .oldest_flag = pg_get_time_or(rows, 0, API_LOOK_OLDEST_FLAG, INSTANT_NEVER),
	    .dirty = pg_get_bool(rows, 0, API_LOOK_DIRTY),
	};
	round->canary = (struct follow_canary_look){
	    .version = pg_get_int(rows, 0, API_LOOK_CANARY),
	    .turned_us = pg_get_time_us(rows, 0, API_LOOK_CANARY_TURNED),
	    .hole_at = pg_get_time(rows, 0, API_LOOK_CANARY_HOLE),
	};
	/* In this order: whether the changes suffice decides whether they are read at all, and a
	 * round that is not whole works on a copy of what is shown. */
	round->whole = must_be_whole(follow);
	round->need_region = differs(follow);
	round->patching = round->need_region && !round->whole;
	round->need_accounts = mine == NULL || mine->accounts->version != round->accounts_version;
	round->need_changes = !round->whole && mine->mark.version != round->mark.version;
	round->need_remarks = mine == NULL || mine->remarks->version != round->remarks_version;
	round->need_swaps = mine == NULL || mine->swaps->version != round->swaps_version;
	round->need_protocols =
	    mine == NULL || mine->protocols->version != round->protocols_version;
	round->need_closings = mine == NULL || mine->closings->version != round->closings_version;
	if (!round->whole)
		round->draft = snapshot_copy(mine);
	round->changed = round->whole || round->patching || round->need_accounts ||
			 round->need_changes || round->need_remarks || round->need_swaps ||
			 round->need_protocols || round->need_closings ||
			 mine->mark.flag_seq != round->mark.flag_seq ||
			 mine->mark.swept_region != round->mark.swept_region;
	return STATUS_OK;
}
