/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <sodium.h>
#include <unistd.h>

#include "server/api/ask/cookie.h"
#include "server/api/ask/session.h"
#include "server/api/keep/ended_sessions.h"
#include "server/base/instant.h"
#include "tests/support/scratch.h"

/* The validity of a cookie: when it is known, when it is not known yet, when it is over. */

#define NOW 1795316999
#define MINUTES(n) ((n)*60)

static uint8_t key[SESSION_KEY_BYTES] = {1, 2, 3};
static struct accounts *accounts;
static struct account *items;
static struct sessions *sessions;
static struct session made;
static char value[SESSION_TEXT_MAX], header[2 * SESSION_TEXT_MAX];

static void
make(const char *account, enum session_how how)
{
	uint32_t index = table_get(&accounts->by_name, account);

	made = (struct session){
	    .how = how,
	    .used_at = NOW,
	    .ended_at = INSTANT_NEVER,
	    .idle_seconds = session_idle_seconds(&accounts->items[index], how),
	    .ends_at = session_ends_at(&accounts->items[index], how, NOW),
	};
	snprintf(made.account, sizeof made.account, "%s", account);
	session_make(key, &made, value);
	snprintf(header, sizeof header, "a=b; " SESSION_COOKIE "=%s; c=d", value);
}

static int
set_up(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	assert_true(sodium_init() >= 0);
	items = arena_array(arena, 2, sizeof *items);
	items[0] = (struct account){.name = "a.reader", .kind = "person", .role = ROLE_VIEWER};
	items[1] =
	    (struct account){.name = "b.manager", .kind = "person", .role = ROLE_ROTA_MANAGER};
	accounts =
	    accounts_new(arena, &(struct accounts_read){.version = 1, .items = items, .count = 2});
	sessions = sessions_new();
	make("a.reader", SESSION_BY_PASSWORD);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	accounts_unref(accounts);
	sessions_free(sessions);
	return 0;
}

static struct session_facts
at(int64_t now, int64_t known_at)
{
	return (struct session_facts){.key = key,
	    .sessions = sessions,
	    .accounts = accounts,
	    .now = now,
	    .known_at = known_at,
	    .seen_database = true};
}

/* Whose session ${cookies} are at ${now}; NULL. */
static const char *
whose(const char *cookies, int64_t now, int64_t known_at)
{
	struct session_facts facts = at(now, known_at);
	struct session out;
	uint32_t account = session_check(&facts, slice_of(cookies), &out);

	return account == TABLE_NONE ? NULL : accounts->items[account].name;
}

/* holds: A12 */
static void
a_known_cookie_opens_only_whole(void **state)
{
	size_t proof = SESSION_ID_LEN + 1 + 43;
	char *text = strdup(header);
	size_t from = (size_t)(strstr(header, value) - header);

	(void)state;
	sessions_put(sessions, &made, NOW);
	assert_string_equal(whose(header, NOW + MINUTES(5), NOW + MINUTES(5)), "a.reader");
	/* Past the first seconds the signed part decides nothing, the secret everything. */
	for (size_t i = 0; i < proof; i++) {
		memcpy(text, header, strlen(header) + 1);
		text[from + i] = text[from + i] == 'x' ? 'y' : 'x';
		assert_null(whose(text, NOW + MINUTES(5), NOW + MINUTES(5)));
	}
	assert_null(whose("a=b", NOW, NOW));
	assert_null(whose("", NOW, NOW));
	free(text);
}

static void
a_cookie_is_believed_in_its_first_seconds_only_as_it_was_signed(void **state)
{
	struct session_facts facts = at(NOW, NOW);
	size_t from = (size_t)(strstr(header, value) - header);
	char *text = strdup(header);
	uint8_t other[SESSION_KEY_BYTES] = {9};
	struct session out;

	(void)state;
	assert_string_equal(whose(header, NOW, NOW), "a.reader");
	assert_string_equal(whose(header, NOW + SESSION_FRESH_SECONDS - 1, NOW), "a.reader");
	assert_null(whose(header, NOW + SESSION_FRESH_SECONDS, NOW));
	for (size_t i = 0; i < strlen(value); i++) {
		memcpy(text, header, strlen(header) + 1);
		text[from + i] = text[from + i] == '7' ? '8' : '7';
		assert_null(whose(text, NOW, NOW));
	}
	for (size_t i = 0; i < strlen(value); i++) {
		snprintf(text, strlen(header), SESSION_COOKIE "=%.*s", (int)i, value);
		assert_null(whose(text, NOW, NOW));
	}
	facts.key = other;
	assert_int_equal(session_check(&facts, slice_of(header), &out), TABLE_NONE);
	/* A process that has not seen the database since its start knows no newcomer. */
	facts = at(NOW, NOW);
	facts.seen_database = false;
	assert_int_equal(session_check(&facts, slice_of(header), &out), TABLE_NONE);
	free(text);
}

/* The proof of a cookie made here, signed here with ${claim} behind it. */
static const char *
whose_claim(const char *proof, const char *claim)
{
	char text[SESSION_TEXT_MAX], mac[COOKIE_MAC_LEN + 1], cookies[2 * SESSION_TEXT_MAX];

	snprintf(text, sizeof text, "%s%s", proof, claim);
	cookie_sign(key, slice_of(text), mac);
	snprintf(cookies, sizeof cookies, SESSION_COOKIE "=%s.%s", text, mac);
	return whose(cookies, NOW, NOW);
}

/* A claim that was signed here, as another version might write it. */
static void
a_claim_of_another_form_is_none(void **state)
{
	static const char *const claims[] = {"", ".", ".1795316999", ".1795316999.0",
	    ".1795316999.0.900", ".x.0.900.a.reader", ".-1.0.900.a.reader",
	    ".1795316999.9.900.a.reader", ".1795316999.-1.900.a.reader", ".1795316999.0.x.a.reader",
	    ".1795316999.0.4294967296.a.reader", "_1795316999.0.900.a.reader",
	    ".1795316999.0.900.nobody", ".1795316999.0.900.",
	    ".1795316999.0.900.a.reader-a.reader-a.reader-a.reader-a.reader-a.reader-a.reader-a.reader"};
	char proof[SESSION_ID_LEN + 1 + 43 + 1] = {0};

	(void)state;
	memcpy(proof, value, sizeof proof - 1);
	assert_string_equal(whose_claim(proof, ".1795316999.0.900.a.reader"), "a.reader");
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
		if (whose_claim(proof, claims[i]) != NULL)
			fail_msg("%s", claims[i]);
	proof[SESSION_ID_LEN] = '-';
	assert_null(whose_claim(proof, ".1795316999.0.900.a.reader"));
	proof[SESSION_ID_LEN] = '_';
	proof[0] = 'A'; /* no letter of an id */
	assert_null(whose_claim(proof, ".1795316999.0.900.a.reader"));
}

/* Longer than any that was made here. */
static void
a_long_cookie_is_none(void **state)
{
	char cookies[2 * SESSION_TEXT_MAX];

	(void)state;
	sessions_put(sessions, &made, NOW);
	snprintf(cookies, sizeof cookies, SESSION_COOKIE "=%s", value);
	assert_non_null(whose(cookies, NOW, NOW));
	for (size_t at = strlen(cookies); at < sizeof SESSION_COOKIE + SESSION_TEXT_MAX; at++)
		snprintf(cookies + at, sizeof cookies - at, "x");
	assert_null(whose(cookies, NOW, NOW));
}

/* A clock that went back: what was signed ahead of it is not believed for longer. */
static void
a_cookie_from_the_future_is_not_fresh(void **state)
{
	(void)state;
	assert_non_null(whose(header, NOW - SESSION_FRESH_SECONDS, NOW));
	assert_null(whose(header, NOW - SESSION_FRESH_SECONDS - 1, NOW));
}

static void
a_device_stays_signed_in(void **state)
{
	(void)state;
	make("b.manager", SESSION_BY_DEVICE);
	assert_int_equal(made.idle_seconds, 90 * 86400);
	assert_int_equal(made.ends_at, INSTANT_END);
	sessions_put(sessions, &made, NOW);
	assert_non_null(whose(header, NOW + 89 * (int64_t)86400, NOW + 89 * (int64_t)86400));
	assert_null(whose(header, NOW + 180 * (int64_t)86400, NOW + 180 * (int64_t)86400));
}

static void
another_host_of_the_same_length_is_another(void **state)
{
	(void)state;
	assert_true(session_same_origin(
	    SLICE("same-origin"), SLICE("https://a.example"), SLICE("a.example")));
	assert_false(session_same_origin(
	    SLICE("same-origin"), SLICE("https://b.example"), SLICE("a.example")));
	assert_false(session_same_origin(
	    SLICE("cross-site"), SLICE("https://a.example"), SLICE("a.example")));
	assert_true(
	    session_same_origin((struct slice){0}, SLICE("http://a.example"), SLICE("a.example")));
	assert_false(session_same_origin((struct slice){0}, (struct slice){0}, SLICE("a.example")));
}

/* Also in its first seconds. */
static void
an_ended_session_opens_nothing(void **state)
{
	(void)state;
	made.ended_at = NOW + 1;
	sessions_put(sessions, &made, NOW);
	assert_null(whose(header, NOW + 2, NOW + 2));
}

static void
over_tls_only_the_cookie_of_this_very_host_counts(void **state)
{
	struct session_facts facts = at(NOW, NOW);
	char tls[2 * SESSION_TEXT_MAX];
	struct session out;

	(void)state;
	sessions_put(sessions, &made, NOW);
	snprintf(tls, sizeof tls, SESSION_COOKIE_TLS "=%s", value);
	assert_null(whose(tls, NOW, NOW));
	facts.tls = true;
	assert_int_not_equal(session_check(&facts, slice_of(tls), &out), TABLE_NONE);
	assert_string_equal(out.id, made.id);
	assert_int_equal(session_check(&facts, slice_of(header), &out), TABLE_NONE);
}

/* Whose session that began with ${made} goes on at ${now}; NULL. */
static const char *
goes_on(struct session *session, int64_t now)
{
	struct session_facts facts = at(now, now);
	uint32_t account = session_goes_on(&facts, session);

	return account == TABLE_NONE ? NULL : accounts->items[account].name;
}

static void
what_comes_from_no_person_is_no_use(void **state)
{
	struct session_facts facts = at(NOW + MINUTES(14), NOW + MINUTES(14));
	struct session out;

	(void)state;
	make("b.manager", SESSION_BY_PASSWORD);
	sessions_put(sessions, &made, NOW);
	facts.aside = true;
	assert_int_not_equal(session_check(&facts, slice_of(header), &out), TABLE_NONE);
	assert_int_equal(sessions_find(sessions, made.id)->used_at, NOW);
	assert_string_equal(goes_on(&out, NOW + MINUTES(15)), "b.manager");
	assert_null(goes_on(&out, NOW + MINUTES(16)));
	/* A person's request in between. */
	assert_string_equal(whose(header, NOW + MINUTES(15), NOW + MINUTES(15)), "b.manager");
	assert_string_equal(goes_on(&out, NOW + MINUTES(29)), "b.manager");
	assert_null(goes_on(&out, NOW + MINUTES(31)));
}

static void
a_session_goes_on_until_it_is_ended_or_forgotten(void **state)
{
	struct session fresh = made, known = made, gone = made;

	(void)state;
	/* Another process has opened it: believed for as long as its cookie is. */
	fresh.ends_at = NOW + SESSION_FRESH_SECONDS;
	assert_string_equal(goes_on(&fresh, NOW + SESSION_FRESH_SECONDS - 1), "a.reader");
	assert_null(goes_on(&fresh, NOW + SESSION_FRESH_SECONDS));
	/* Its account has gone since. */
	gone.ends_at = NOW + SESSION_FRESH_SECONDS;
	snprintf(gone.account, sizeof gone.account, "c.left");
	assert_null(goes_on(&gone, NOW + 1));
	/* It was known, and is not any more. */
	assert_null(goes_on(&known, NOW + 1));
	sessions_put(sessions, &made, NOW);
	assert_string_equal(goes_on(&fresh, NOW + MINUTES(5)), "a.reader");
	assert_string_equal(goes_on(&known, NOW + MINUTES(5)), "a.reader");
	made.ended_at = NOW + MINUTES(5);
	sessions_put(sessions, &made, NOW + MINUTES(5));
	assert_null(goes_on(&fresh, NOW + MINUTES(5)));
	assert_null(goes_on(&known, NOW + MINUTES(5)));
}

static void
who_may_change_things_is_signed_out_after_a_quarter_of_an_hour(void **state)
{
	int64_t at_last;

	(void)state;
	make("b.manager", SESSION_BY_PASSWORD);
	assert_int_equal(made.idle_seconds, MINUTES(15));
	assert_int_equal(made.ends_at, NOW + 12 * 3600);
	sessions_put(sessions, &made, NOW);
	assert_non_null(whose(header, NOW + MINUTES(14), NOW + MINUTES(14)));
	/* The request counts as a use. */
	assert_non_null(whose(header, NOW + MINUTES(28), NOW + MINUTES(28)));
	assert_null(whose(header, NOW + MINUTES(28 + 17), NOW + MINUTES(28 + 17)));
	/* However often it is used, half a day is the end. */
	for (at_last = NOW; at_last < NOW + 12 * 3600; at_last += MINUTES(10)) {
		struct session again = made;

		again.used_at = at_last;
		sessions_put(sessions, &again, NOW);
		assert_non_null(whose(header, at_last, at_last));
	}
	assert_null(whose(header, NOW + 12 * 3600, NOW + 12 * 3600));
}

static void
who_reads_only_stays_for_half_a_day_without_use(void **state)
{
	(void)state;
	sessions_put(sessions, &made, NOW);
	assert_non_null(whose(header, NOW + 11 * 3600, NOW + 11 * 3600));
	assert_non_null(whose(header, NOW + 22 * 3600, NOW + 22 * 3600));
	assert_null(whose(header, NOW + 35 * 3600, NOW + 35 * 3600));
}

/* A viewer who was made a rota manager since. */
static void
a_role_that_was_given_more_is_idle_for_less(void **state)
{
	(void)state;
	sessions_put(sessions, &made, NOW);
	items[0].role = ROLE_ROTA_MANAGER;
	assert_string_equal(goes_on(&made, NOW + MINUTES(15)), "a.reader");
	assert_null(goes_on(&made, NOW + MINUTES(17)));
	assert_null(whose(header, NOW + MINUTES(17), NOW + MINUTES(17)));
}

/* Which other process has seen a use nobody can tell then. */
static void
nobody_is_signed_out_for_want_of_the_database(void **state)
{
	(void)state;
	make("b.manager", SESSION_BY_PASSWORD);
	sessions_put(sessions, &made, NOW);
	assert_non_null(whose(header, NOW + 3 * 3600, NOW + MINUTES(5)));
	assert_null(whose(header, NOW + 12 * 3600, NOW + MINUTES(5)));
}

static void
a_use_that_is_known_here_is_not_forgotten(void **state)
{
	struct session older = made;

	(void)state;
	sessions_put(sessions, &made, NOW);
	assert_non_null(whose(header, NOW + MINUTES(9), NOW + MINUTES(9)));
	sessions_put(sessions, &older, NOW);
	assert_int_equal(sessions_find(sessions, made.id)->used_at, NOW + MINUTES(9));
	older.used_at = NOW + MINUTES(20);
	sessions_put(sessions, &older, NOW);
	assert_int_equal(sessions_find(sessions, made.id)->used_at, NOW + MINUTES(20));
}

/* A hundred thousand come and go; those that stand are all there, and room is made of the others. */
static void
sessions_that_are_over_make_room(void **state)
{
	struct session one = made;
	char first[SESSION_ID_LEN + 1];

	(void)state;
	snprintf(first, sizeof first, "%s", made.id);
	one.ends_at = INSTANT_END;
	one.idle_seconds = INT32_MAX;
	sessions_put(sessions, &one, NOW);
	one = made;
	one.idle_seconds = 10;
	one.ends_at = INSTANT_END;
	for (int i = 0; i < 100000; i++) {
		snprintf(one.id, sizeof one.id, "%06xabcdef", (unsigned)i * 7919 % 0xffffff);
		one.used_at = NOW + i;
		sessions_put(sessions, &one, NOW + i);
		assert_non_null(sessions_find(sessions, one.id));
	}
	assert_non_null(sessions_find(sessions, first));
	assert_true(sessions_count(sessions) < 1000);
}

static void
what_ended_is_noted_beside_the_last_good_file(void **state)
{
	char *folder = scratch_folder(), *path = ended_sessions_path(folder);
	FILE *file;

	(void)state;
	sessions_put(sessions, &made, NOW);
	ended_sessions_read(path, sessions); /* there is none yet */
	assert_non_null(whose(header, NOW, NOW));
	ended_sessions_note(path, "0123456789ab");
	file = fopen(path, "a");
	fputs("cut\n\n", file);
	fclose(file);
	ended_sessions_note(path, made.id);
	ended_sessions_read(path, sessions);
	assert_null(whose(header, NOW, NOW));
	/* A long file keeps its newest lines. */
	for (int i = 0; i < 45000; i++)
		ended_sessions_note(path, i == 44999 ? made.id : "0123456789ab");
	ended_sessions_trim(path);
	file = fopen(path, "r");
	fseek(file, 0, SEEK_END);
	assert_true(ftell(file) < 300000);
	fclose(file);
	sessions_find(sessions, made.id)->ended_at = INSTANT_NEVER;
	ended_sessions_read(path, sessions);
	assert_null(whose(header, NOW, NOW));
	free(path);
	free(folder);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_known_cookie_opens_only_whole),
	    TEST(a_cookie_is_believed_in_its_first_seconds_only_as_it_was_signed),
	    TEST(a_claim_of_another_form_is_none),
	    TEST(a_long_cookie_is_none),
	    TEST(a_cookie_from_the_future_is_not_fresh),
	    TEST(a_device_stays_signed_in),
	    TEST(another_host_of_the_same_length_is_another),
	    TEST(an_ended_session_opens_nothing),
	    TEST(over_tls_only_the_cookie_of_this_very_host_counts),
	    TEST(who_may_change_things_is_signed_out_after_a_quarter_of_an_hour),
	    TEST(what_comes_from_no_person_is_no_use),
	    TEST(a_session_goes_on_until_it_is_ended_or_forgotten),
	    TEST(who_reads_only_stays_for_half_a_day_without_use),
	    TEST(a_role_that_was_given_more_is_idle_for_less),
	    TEST(nobody_is_signed_out_for_want_of_the_database),
	    TEST(a_use_that_is_known_here_is_not_forgotten),
	    TEST(sessions_that_are_over_make_room),
	    TEST(what_ended_is_noted_beside_the_last_good_file),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
