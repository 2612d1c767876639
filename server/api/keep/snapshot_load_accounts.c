/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/keep/snapshot_load.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"

/* The accounts, their tokens and links, and sessions. */

static const struct account_glass *
load_glass(struct arena *arena, const struct pg_rows *rows, size_t row)
{
	size_t count = pg_get_array_count(rows, row, API_ACCOUNTS_GLASS_PLACES);
	struct account_glass *glass = arena_array(arena, count + 1, sizeof *glass);

	for (size_t i = 0; i < count; i++) {
		struct slice place = pg_get_array_text(rows, row, API_ACCOUNTS_GLASS_PLACES, i);

		glass[i] = (struct account_glass){
		    .place = arena_strndup(arena, place.at, place.len),
		    .until = pg_get_array_int(rows, row, API_ACCOUNTS_GLASS_UNTIL, i),
		};
	}
	return glass;
}

/* Texts are copied: the rows are freed after the call. */
static void
load_account(struct arena *arena, const struct pg_rows *rows, size_t row, struct account *out)
{
	uint32_t count = (uint32_t)pg_get_array_count(rows, row, API_ACCOUNTS_PLACES);
	const char **places = arena_array(arena, count + 1, sizeof *places);
	const char *organisation = pg_get_text(rows, row, API_ACCOUNTS_ORGANISATION);

	for (uint32_t i = 0; i < count; i++) {
		struct slice place = pg_get_array_text(rows, row, API_ACCOUNTS_PLACES, i);

		places[i] = arena_strndup(arena, place.at, place.len);
	}
	*out = (struct account){
	    .glass = load_glass(arena, rows, row),
	    .nglass = (uint32_t)pg_get_array_count(rows, row, API_ACCOUNTS_GLASS_PLACES),
	    .name = arena_strdup(arena, pg_get_text(rows, row, API_ACCOUNTS_NAME)),
	    .kind = arena_strdup(arena, pg_get_text(rows, row, API_ACCOUNTS_KIND)),
	    .organisation = organisation ? arena_strdup(arena, organisation) : NULL,
	    .places = places,
	    .nplaces = count,
	};
	/* The table's own check lists the same roles. */
	INVARIANT(account_role_of(pg_get_text(rows, row, API_ACCOUNTS_ROLE), &out->role));
}

const struct account *
snapshot_load_accounts(struct arena *arena, const struct pg_rows *rows, uint32_t *count)
{
	size_t n = pg_rows_count(rows);
	struct account *items = arena_array(arena, n + 1, sizeof *items);

	for (size_t i = 0; i < n; i++)
		load_account(arena, rows, i, &items[i]);
	*count = (uint32_t)n;
	return items;
}

static int
by_name(const void *name, const void *item)
{
	const struct account *account = item;

	return strcmp(name, account->name);
}

/* Of a version of this program that knew more: a name that is not known gives nothing. */
static uint32_t
load_scopes(const struct pg_rows *rows, size_t row)
{
	size_t count = pg_get_array_count(rows, row, API_TOKENS_SCOPES);
	uint32_t scopes = 0;

	if (!pg_get_bool(rows, row, API_TOKENS_SCOPED))
		return SCOPE_ALL;
	for (size_t i = 0; i < count; i++)
		for (int scope = 0; scope < SCOPES; scope++)
			if (slice_is(pg_get_array_text(rows, row, API_TOKENS_SCOPES, i),
				scope_name((enum scope)scope)))
				scopes |= 1u << scope;
	return scopes;
}

/* False: a link of a kind that this version of the program does not know. It opens nothing here. */
static bool
load_link(struct arena *arena, const struct pg_rows *rows, size_t row, struct token_link *out)
{
	const char *kind = pg_get_text(rows, row, API_TOKENS_LINK_KIND);

	*out = (struct token_link){LINK_NONE, NULL, false};
	if (kind == NULL)
		return true;
	out->of = arena_strdup(arena, pg_get_text(rows, row, API_TOKENS_LINK_OF));
	out->names = pg_get_bool(rows, row, API_TOKENS_LINK_NAMES);
	return link_kind_of(kind, &out->kind);
}

/* An account that was added between the two reads is found in the next round, whose version has
 * moved: its tokens wait for that. */
const struct token *
snapshot_load_tokens(struct arena *arena, const struct pg_rows *rows,
    const struct account *accounts, uint32_t naccounts, uint32_t *count)
{
	size_t n = pg_rows_count(rows);
	struct token *items = arena_array(arena, n + 1, sizeof *items);

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		const struct account *account = bsearch(pg_get_text(rows, i, API_TOKENS_ACCOUNT),
		    accounts, naccounts, sizeof *accounts, by_name);
		struct slice sha256 = pg_get_bytes(rows, i, API_TOKENS_SHA256);
		const char *id = pg_get_text(rows, i, API_TOKENS_ID);
		struct token *token = &items[*count];

		if (account == NULL || !load_link(arena, rows, i, &token->link))
			continue;
		INVARIANT(strlen(id) == TOKEN_ID_LEN && sha256.len == sizeof token->sha256);
		memcpy(token->id, id, TOKEN_ID_LEN + 1);
		memcpy(token->sha256, sha256.at, sha256.len);
		token->expires_at = pg_get_time(rows, i, API_TOKENS_EXPIRES_AT);
		token->account = (uint32_t)(account - accounts);
		token->scopes = load_scopes(rows, i);
		++*count;
	}
	return items;
}

/* A row that this program cannot hold is a fault of the schema, not of a user: the table's checks
 * are the same. */
void
snapshot_load_session(const struct pg_rows *rows, size_t row, struct session *out)
{
	struct slice sha256 = pg_get_bytes(rows, row, API_SESSIONS_SHA256);
	const char *id = pg_get_text(rows, row, API_SESSIONS_ID);
	const char *account = pg_get_text(rows, row, API_SESSIONS_ACCOUNT);

	*out = (struct session){
	    .used_at = pg_get_time(rows, row, API_SESSIONS_USED_AT),
	    .ends_at = pg_get_time(rows, row, API_SESSIONS_ENDS_AT),
	    .ended_at = pg_get_time_or(rows, row, API_SESSIONS_ENDED_AT, INSTANT_NEVER),
	    .idle_seconds = (int32_t)pg_get_int(rows, row, API_SESSIONS_IDLE_SECONDS),
	};
	/* The table's own checks, and those of codes. */
	INVARIANT(strlen(id) == SESSION_ID_LEN && sha256.len == sizeof out->sha256);
	INVARIANT(strlen(account) <= SESSION_ACCOUNT_MAX);
	INVARIANT(session_how_of(pg_get_text(rows, row, API_SESSIONS_HOW), &out->how));
	memcpy(out->id, id, SESSION_ID_LEN + 1);
	memcpy(out->account, account, strlen(account) + 1);
	memcpy(out->sha256, sha256.at, sha256.len);
}
