/* SPDX-License-Identifier: MIT */
#include "server/api/ask/token.h"
#include "server/api/events/listener.h"

/* Whether a listener still may listen, and to what. */

static const struct account *
account_of(struct listener *listener, struct clock_reading reading)
{
	const struct api *api = listener->of->options.api;
	const struct accounts *accounts = api->store.current->accounts;
	struct session_facts facts = {
	    .sessions = api->store.sessions,
	    .accounts = accounts,
	    .now = snapshot_store_now(&api->store, reading),
	    .known_at = snapshot_store_as_of(&api->store, reading),
	};
	const struct token *token;
	uint32_t account;

	/* A session or a token: a listener has what its first request had. */
	if (listener->token[0] == '\0') {
		account = session_goes_on(&facts, &listener->session);
		return account == TABLE_NONE ? NULL : &accounts->items[account];
	}
	/* By its id alone: the token itself is not kept for as long as a stream lasts. */
	token = token_goes_on(accounts, listener->token, facts.now);
	if (token == NULL || (token->scopes & (1u << SCOPE_READ)) == 0)
		return NULL;
	return accounts_asker(accounts, token);
}

/* False: its place has left the region, or its account may not see it any more. */
static bool
make_ear(struct listener *listener, const struct account *account)
{
	const struct region *region = listener->of->options.api->store.current->setup->region;
	uint32_t place = REGION_NONE;

	if (listener->place != NULL) {
		place = table_get(&region->place_by_code, listener->place);
		if (place == TABLE_NONE || !rights_place(region, account, place))
			return false;
	}
	event_ear_set(&listener->ear, region, account, place);
	listener->ear_of = listener->of->ears;
	return true;
}

/* An ear is kept while neither the accounts nor the region change; but what was opened for a while
 * (break-glass) ends by itself. */
bool
listener_may_stay(struct listener *listener, struct clock_reading reading)
{
	const struct api *api = listener->of->options.api;
	const struct account *account = account_of(listener, reading);
	struct arena *arena;
	bool may;

	if (account == NULL || !rights_has(account, RIGHT_READ))
		return false;
	if (listener->ear_of == listener->of->ears && account->nglass == 0)
		return true;
	arena = arena_new(0);
	may = make_ear(
	    listener, rights_with_glass(arena, account, snapshot_store_now(&api->store, reading)));
	arena_free(arena);
	return may;
}
