/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/instant.h"
#include "server/map/accounts.h"
#include "server/map/sessions.h"

/* The account that asks, by a token; and the sessions that one process knows. */

#define NOW 1795316999

static struct accounts *
accounts(void)
{
	static const struct account items[] = {
	    {.name = "chief", .kind = "person", .role = ROLE_ADMINISTRATOR},
	    {.name = "desk", .kind = "device", .role = ROLE_SWITCHBOARD},
	};
	static const struct token tokens[] = {
	    {.id = "aaaaaaaaaaaa", .account = 0, .scopes = SCOPE_ALL},
	    {.id = "bbbbbbbbbbbb", .account = 1, .scopes = SCOPE_ALL & ~(1u << SCOPE_NUMBERS)},
	    {.id = "cccccccccccc", .account = 1, .scopes = 1u << SCOPE_NUMBERS},
	};

	return accounts_new(arena_new(0),
	    &(struct accounts_read){
		.version = 3, .items = items, .count = 2, .tokens = tokens, .ntokens = 3});
}

static void
a_token_asks_for_its_account_as_far_as_its_scopes_go(void **state)
{
	struct accounts *all = accounts();
	const struct account *asker;

	(void)state;
	assert_null(accounts_token(all, "dddddddddddd"));
	asker = accounts_asker(all, accounts_token(all, "aaaaaaaaaaaa"));
	assert_string_equal(asker->name, "chief");
	assert_false(asker->no_numbers);
	asker = accounts_asker(all, accounts_token(all, "bbbbbbbbbbbb"));
	assert_string_equal(asker->name, "desk");
	assert_int_equal(asker->role, ROLE_SWITCHBOARD);
	assert_true(asker->no_numbers);
	asker = accounts_asker(all, accounts_token(all, "cccccccccccc"));
	assert_string_equal(asker->name, "desk");
	assert_false(asker->no_numbers);
	accounts_unref(all);
}

static void
accounts_are_found_by_name(void **state)
{
	struct accounts *all = accounts();

	(void)state;
	assert_ptr_equal(accounts_named(all, "desk"), &all->items[1]);
	assert_null(accounts_named(all, "nobody"));
	assert_null(accounts_named(all, NULL));
	accounts_unref(all);
}

static void
accounts_live_as_long_as_anybody_has_them(void **state)
{
	struct accounts *all = accounts(), *none = accounts_none();

	(void)state;
	assert_ptr_equal(accounts_ref(all), all);
	accounts_unref(all);
	assert_int_equal(all->version, 3);
	assert_int_equal(all->count, 2);
	accounts_unref(all);
	accounts_unref(NULL);
	/* Before the first look, whose version is greater whatever it is. */
	assert_true(none->version < 0);
	assert_int_equal(none->count, 0);
	accounts_unref(none);
}

/* ---- Sessions. */

static struct session
session(int number, int64_t ended_at)
{
	struct session made = {.account = "chief",
	    .used_at = NOW,
	    .ends_at = NOW + 86400,
	    .ended_at = ended_at,
	    .idle_seconds = 1800,
	    .how = SESSION_BY_PASSWORD};

	snprintf(made.id, sizeof made.id, "%012d", number);
	return made;
}

static void
put(struct sessions *sessions, int number, int64_t ended_at, int64_t now)
{
	struct session made = session(number, ended_at);

	sessions_put(sessions, &made, now);
}

static void
every_session_is_found_however_many_there_are(void **state)
{
	struct sessions *sessions = sessions_new();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		put(sessions, i, INSTANT_NEVER, NOW);
		assert_int_equal(sessions_count(sessions), i + 1);
	}
	for (int i = 0; i < 1000; i++) {
		struct session wanted = session(i, INSTANT_NEVER);

		assert_string_equal(sessions_find(sessions, wanted.id)->id, wanted.id);
		assert_string_equal(sessions_at(sessions, (size_t)i)->id, wanted.id);
	}
	assert_null(sessions_find(sessions, "999999999999"));
	sessions_set_version(sessions, 12);
	assert_int_equal(sessions_version(sessions), 12);
	sessions_clear(sessions);
	assert_int_equal(sessions_version(sessions), -1);
	assert_int_equal(sessions_count(sessions), 0);
	assert_null(sessions_find(sessions, session(1, 0).id));
	sessions_free(sessions);
	sessions_free(NULL);
}

/* A session that was ended is refused by name for an hour: until its cookie is not believed by a
 * process that does not know it. Then it makes room. */
static void
what_has_ended_goes_after_an_hour(void **state)
{
	struct sessions *sessions = sessions_new();
	const int64_t later = NOW + 3600;

	(void)state;
	put(sessions, 0, NOW, NOW);           /* at the hour: still there */
	put(sessions, 1, NOW - 1, NOW);       /* a second more */
	put(sessions, 2, INSTANT_NEVER, NOW); /* not used for an hour, and may be for half of one */
	for (int i = 3; sessions_count(sessions) < 32; i++) {
		struct session made = session(i, INSTANT_NEVER);

		made.used_at = later;
		sessions_put(sessions, &made, later);
	}
	assert_non_null(sessions_find(sessions, session(1, 0).id));
	put(sessions, 90, INSTANT_NEVER, later);
	assert_non_null(sessions_find(sessions, session(0, 0).id));
	assert_int_equal(sessions_find(sessions, session(0, 0).id)->ended_at, NOW);
	assert_null(sessions_find(sessions, session(1, 0).id));
	assert_null(sessions_find(sessions, session(2, 0).id));
	assert_non_null(sessions_find(sessions, session(3, 0).id));
	sessions_free(sessions);
}

static void
the_later_use_stays(void **state)
{
	struct sessions *sessions = sessions_new();
	struct session row = session(1, INSTANT_NEVER);

	(void)state;
	sessions_put(sessions, &row, NOW);
	row.used_at = NOW - 60;
	row.ended_at = NOW;
	sessions_put(sessions, &row, NOW);
	assert_int_equal(sessions_find(sessions, row.id)->used_at, NOW);
	assert_int_equal(sessions_find(sessions, row.id)->ended_at, NOW);
	row.used_at = NOW + 60;
	sessions_put(sessions, &row, NOW);
	assert_int_equal(sessions_find(sessions, row.id)->used_at, NOW + 60);
	assert_int_equal(sessions_count(sessions), 1);
	sessions_free(sessions);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_token_asks_for_its_account_as_far_as_its_scopes_go),
	    cmocka_unit_test(accounts_are_found_by_name),
	    cmocka_unit_test(accounts_live_as_long_as_anybody_has_them),
	    cmocka_unit_test(every_session_is_found_however_many_there_are),
	    cmocka_unit_test(what_has_ended_goes_after_an_hour),
	    cmocka_unit_test(the_later_use_stays),
	};

	return cmocka_run_group_tests_name("map_accounts", tests, NULL, NULL);
}
