/* SPDX-License-Identifier: MIT */
#include "server/api/keep/follow_steps.h"

#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/keep/canary.h"
#include "server/api/keep/ended_sessions.h"
#include "server/api/keep/snapshot_remarks.h"
#include "server/base/fatal.h"
#include "server/model/override.h"

#define LIMIT_MS 5000
#define PATIENT_LIMIT_MS 30000  /* as the statements have it that read most */
#define FEEDS_OVERLAP_SECONDS 5 /* commits are not in the order of updated_at */
#define FEEDS_WHOLE_SECONDS 60  /* between two readings of all */
#define CLOCKS_EVERY 5          /* rounds */
#define ROTAS_AT_ONCE 8         /* a few thousand shifts: milliseconds, and little memory */
#define DEMANDS_AT_ONCE 200

bool
follow_call(struct follow *follow, const struct pg_stmt *stmt, struct pg_args *args)
{
	follow->call = pg_call_in(follow->round.session, stmt, args, follow_on_rows, follow);
	return true;
}

/* A shift that moves from one rota to another while the round reads would be shown with both or with neither if their rotas
 * were read at different instants. The limit is short as long as it suffices, since a server that does not answer is only left
 * when it is over. */
static bool
begin_start(struct follow *follow)
{
	follow->call = pg_begin_reading(follow->options.pg,
	    follow->patient ? PATIENT_LIMIT_MS : LIMIT_MS, follow_on_rows, follow);
	return true;
}

static enum status
begin_take(struct follow *follow, const struct pg_rows *rows)
{
	(void)rows;
	follow->round.session = pg_session(follow->options.pg);
	return STATUS_OK;
}

/* Only figures for operators, so not every round asks for them. */
static bool
clocks_start(struct follow *follow)
{
	bool due = follow->looks % CLOCKS_EVERY == 0 || !follow->options.store->seen_database;

	return due && follow_call(follow, &API_ROLE_CLOCKS, NULL);
}

/* Figures for operators alone: no part of what is shown, so they need not wait for the round. */
static enum status
clocks_take(struct follow *follow, const struct pg_rows *rows)
{
	/* Straight into the store, since figures need no draft. */
	struct snapshot_store *store = follow->options.store;

	INVARIANT(pg_rows_count(rows) <= ROLE_CLOCKS_MAX);
	store->nrole_clocks = (unsigned)pg_rows_count(rows);
	for (unsigned i = 0; i < store->nrole_clocks; i++) {
		struct role_clock *clock = &store->role_clocks[i];

		snprintf(clock->role, sizeof clock->role, "%s",
		    pg_get_text(rows, i, API_ROLE_CLOCKS_ROLE));
		clock->ahead_ms = pg_get_int(rows, i, API_ROLE_CLOCKS_AHEAD);
		clock->at_us = pg_get_time_us(rows, i, API_ROLE_CLOCKS_AT);
	}
	return STATUS_OK;
}

/* The first step after the region, so that it begins the draft. */
static bool
accounts_start(struct follow *follow)
{
	follow_begin_draft(follow);
	return follow->round.need_accounts && follow_call(follow, &API_ACCOUNTS, NULL);
}

static enum status
accounts_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;

	/* The accounts take the arena when their tokens have been read; until then the round owns
	 * it. */
	round->account_arena = arena_new(0);
	round->accounts = snapshot_load_accounts(round->account_arena, rows, &round->naccounts);
	return STATUS_OK;
}

static bool
tokens_start(struct follow *follow)
{
	return follow->round.need_accounts && follow_call(follow, &API_TOKENS, NULL);
}

/* The accounts are replaced together with their tokens, so that no answer sees a token of an
 * account that is not there. */
static enum status
tokens_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;
	struct accounts_read read = {
	    .version = round->accounts_version,
	    .items = round->accounts,
	    .count = round->naccounts,
	};

	read.tokens =
	    snapshot_load_tokens(round->account_arena, rows, read.items, read.count, &read.ntokens);
	snapshot_set_accounts(round->draft, accounts_new(round->account_arena, &read));
	round->account_arena = NULL;
	return STATUS_OK;
}

/* In a whole round all of them: what was missed, and rows that have been deleted. */
static bool
sessions_start(struct follow *follow)
{
	int64_t mine = sessions_version(follow->options.store->sessions);
	struct pg_args args = {0};

	if (!follow->round.whole && mine == follow->round.sessions_version)
		return false;
	pg_int8(&args, follow->round.whole ? -1 : mine);
	return follow_call(follow, &API_SESSIONS, &args);
}

/* Sessions are changed in place and not in the draft: an end must hold at once, whatever becomes of
 * the round. */
static enum status
sessions_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;
	struct sessions *sessions = follow->options.store->sessions;

	if (round->whole)
		sessions_clear(sessions);
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		struct session session;
		const struct session *known;

		snapshot_load_session(rows, i, &session);
		/* Compared before it is put: afterwards both are the same row. */
		known = sessions_find(sessions, session.id);
		round->sessions_changed |= known == NULL || known->ended_at != session.ended_at;
		/* A session that was ended by another process is noted for this machine too. */
		if (session.ended_at != INSTANT_NEVER && follow->ended != NULL)
			ended_sessions_note(follow->ended, session.id);
		sessions_put(sessions, &session, round->looked_at);
	}
	sessions_set_version(sessions, round->sessions_version);
	return STATUS_OK;
}

/* Rows are asked for by their time of change, from a little before the last reading: what was not
 * committed then may have been changed before it. A transaction that was open for longer than that is
 * found once a minute, when all are read. Counted from the reading, and not from the newest change: after a
 * region file that may be the change of all, which would be read again in every round. */
static bool
feeds_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	struct pg_args args = {0};

	round->all_feeds =
	    round->whole || round->looked_at - follow->feeds_whole_at >= FEEDS_WHOLE_SECONDS;
	pg_time(&args,
	    round->all_feeds ? PG_MINUS_INFINITY : follow->feeds_read_at - FEEDS_OVERLAP_SECONDS);
	return follow_call(follow, &API_FEEDS, &args);
}

/* In a whole round every rota is read anyway. */
static enum status
feeds_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;
	/* Read and dropped: in a whole round every rota is on the list already. */
	index_list aside = {0};

	canary_take_feeds(follow->canary, rows);
	round->changed |= snapshot_load_feeds(
	    round->draft, rows, round->arena, round->whole ? &aside : &round->rotas);
	return STATUS_OK;
}

/* The rotas and demands that have changed between the two versions of the map, so that only these
 * are read. */
static bool
changes_start(struct follow *follow)
{
	const struct snapshot *mine = follow->options.store->current;
	struct pg_args args = {0};

	if (!follow->round.need_changes)
		return false;
	/* By epoch as well: a number of another epoch is another version. */
	pg_int4(&args, (int32_t)mine->mark.epoch);
	pg_int8(&args, mine->mark.version);
	return follow_call(follow, &API_CHANGES, &args);
}

static void
add_once(struct arena *arena, index_list *list, uint32_t index)
{
	/* A list of a few: a linear search is shorter than a table. */
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == index)
			return;
	*VEC_PUSH(arena, list) = index;
}

/* A rota that is not in the region any more has left with a version that the next round brings. */
static enum status
changes_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;
	const struct region *region = round->draft->setup->region;

	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		const char *rota = pg_get_text(rows, i, API_CHANGES_ROTA),
			   *requirement = pg_get_text(rows, i, API_CHANGES_REQUIREMENT);
		uint32_t index = rota ? table_get(&region->rota_by_id, rota) : TABLE_NONE;

		if (index != TABLE_NONE)
			add_once(round->arena, &round->rotas, index);
		/* Typed absences are on no rota of the region. */
		round->need_typed |= rota != NULL && strcmp(rota, OVERRIDE_ABSENCES) == 0;
		index = requirement ? snapshot_demand(round->draft, requirement,
					  pg_get_text(rows, i, API_CHANGES_PLACE))
				    : REGION_NONE;
		if (index != REGION_NONE)
			add_once(round->arena, &round->demands, index);
	}
	return STATUS_OK;
}

/* Before the shifts, whose last part collects all absences. */
static bool
typed_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	const char *id = OVERRIDE_ABSENCES;
	struct pg_args args = {0};

	if (!round->whole && !round->need_typed)
		return false;
	pg_text_array(&args, &id, 1);
	pg_time(&args, round->draft->window.start);
	pg_time(&args, round->draft->window.end);
	return follow_call(follow, &API_SHIFTS, &args);
}

static enum status
typed_take(struct follow *follow, const struct pg_rows *rows)
{
	snapshot_load_typed(follow->round.draft, rows);
	snapshot_gather_absences(follow->round.draft);
	return STATUS_OK;
}

/* Only what has changed. In a whole round all of it, and nothing of what was shown before: it may not
 * be of this database. */
static bool
remarks_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	struct pg_args args = {0};

	if (!round->whole && !round->need_remarks)
		return false;
	if (round->whole)
		snapshot_set_remarks(round->draft, remarks_none());
	pg_int8(&args, round->draft->remarks->version);
	pg_time(&args, round->draft->window.start);
	return follow_call(follow, &API_REMARKS, &args);
}

static enum status
remarks_take(struct follow *follow, const struct pg_rows *rows)
{
	snapshot_load_remarks(follow->round.draft, rows, follow->round.remarks_version);
	return STATUS_OK;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* A few at a time: the answer is turned into blocks in one turn of the loop, during which no
 * request is answered. */
static bool
shifts_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	const struct region *region = round->draft->setup->region;
	const char *ids[ROTAS_AT_ONCE];
	struct pg_args args = {0};

	round->asked = least(ROTAS_AT_ONCE, round->rotas.count - round->rotas_done);
	if (round->asked == 0)
		return false;
	for (size_t i = 0; i < round->asked; i++)
		ids[i] = region->rotas[round->rotas.items[round->rotas_done + i]].id;
	pg_text_array(&args, ids, round->asked);
	pg_time(&args, round->draft->window.start);
	pg_time(&args, round->draft->window.end);
	return follow_call(follow, &API_SHIFTS_TRACED, &args);
}

static enum status
shifts_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;

	snapshot_load_traced(
	    /* The rows of these rotas only: one without rows becomes empty
	     * (snapshot_load_shifts). */
	    round->draft, rows, round->rotas.items + round->rotas_done, round->asked);
	round->rotas_done += round->asked;
	if (round->rotas_done == round->rotas.count)
		snapshot_gather_absences(round->draft);
	return STATUS_OK;
}

/* Likewise in parts. */
static bool
gaps_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	const struct region *region = round->draft->setup->region;
	const char *requirements[DEMANDS_AT_ONCE], *places[DEMANDS_AT_ONCE];
	struct pg_args args = {0};

	round->asked = least(DEMANDS_AT_ONCE, round->demands.count - round->demands_done);
	if (round->asked == 0)
		return false;
	for (size_t i = 0; i < round->asked; i++) {
		const struct region_demand *demand =
		    &region->demands[round->demands.items[round->demands_done + i]];

		requirements[i] = region->requirements[demand->requirement].id;
		places[i] = region->places[demand->place].code;
	}
	pg_text_array(&args, requirements, round->asked);
	pg_text_array(&args, places, round->asked);
	return follow_call(follow, &API_GAPS, &args);
}

static enum status
gaps_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;

	snapshot_load_gaps(
	    round->draft, rows, round->demands.items + round->demands_done, round->asked);
	round->demands_done += round->asked;
	return STATUS_OK;
}

const struct follow_step follow_steps[FOLLOW_STATES] = {
    [FOLLOW_BEGIN] = {"begin", begin_start, begin_take, false},
    [FOLLOW_LOOK] = {"look", follow_look_start, follow_look_take, false},
    [FOLLOW_SETUP] = {"setup", follow_setup_start, follow_setup_take, false},
    [FOLLOW_REGION] = {"region", follow_region_start, follow_region_take, false},
    [FOLLOW_CLOCKS] = {"clocks", clocks_start, clocks_take, false},
    [FOLLOW_ACCOUNTS] = {"accounts", accounts_start, accounts_take, false},
    [FOLLOW_TOKENS] = {"tokens", tokens_start, tokens_take, false},
    [FOLLOW_SESSIONS] = {"sessions", sessions_start, sessions_take, false},
    [FOLLOW_FEEDS] = {"feeds", feeds_start, feeds_take, false},
    [FOLLOW_CHANGES] = {"changes", changes_start, changes_take, false},
    [FOLLOW_TYPED] = {"typed", typed_start, typed_take, false},
    [FOLLOW_REMARKS] = {"remarks", remarks_start, remarks_take, false},
    [FOLLOW_SWAPS] = {"swaps", follow_swaps_start, follow_swaps_take, false},
    [FOLLOW_PROTOCOLS] = {"protocols", follow_protocols_start, follow_protocols_take, false},
    [FOLLOW_CLOSINGS] = {"closings", follow_closings_start, follow_closings_take, false},
    [FOLLOW_SHIFTS] = {"shifts", shifts_start, shifts_take, true},
    [FOLLOW_GAPS] = {"gaps", gaps_start, gaps_take, true},
    [FOLLOW_CANARY] = {"canary", follow_canary_start, follow_canary_take, false},
};
