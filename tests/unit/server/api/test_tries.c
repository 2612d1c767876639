/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <sodium.h>

#include "server/api/ask/limits.h"

/* How often somebody may try to sign in, and that nobody makes a ward wait. */

#define NOW 1795316999

static struct limits *limits;

static int
set_up(void **state)
{
	(void)state;
	assert_true(sodium_init() >= 0);
	limits = limits_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	limits_free(limits);
	return 0;
}

static int64_t
stranger(const char *account, const char *address, int64_t now)
{
	struct limits_try attempt = {
	    .account = slice_of(account), .address = slice_of(address), .browser = SLICE("")};

	return limits_begin(limits, &attempt, now);
}

static int64_t
known(const char *account, const char *browser, bool of_account, int64_t now)
{
	struct limits_try attempt = {.account = slice_of(account),
	    .address = SLICE("10.0.0.1"),
	    .browser = slice_of(browser),
	    .is_of_account = of_account};

	return limits_begin(limits, &attempt, now);
}

static void
waits_double_up_to_a_quarter_of_an_hour(void **state)
{
	static const int64_t waits[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
	int64_t now = NOW;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(stranger("ann", "10.0.0.1", now), 0);
	assert_int_equal(stranger("ann", "10.0.0.1", now), 0); /* the eleventh counts, and costs */
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		assert_int_equal(stranger("ann", "10.0.0.1", now), waits[i]);
		/* From wherever, and asking while one waits costs nothing more. */
		assert_int_equal(stranger("ann", "10.9.9.9", now + waits[i] - 1), 1);
		now += waits[i];
		assert_int_equal(stranger("ann", "10.0.0.1", now), 0);
	}
	/* Another account is another matter, */
	assert_int_equal(stranger("bob", "10.9.9.9", now), 0);
	/* and a day later all is forgotten. */
	now += 2 * 86400;
	for (int i = 0; i < 10; i++)
		assert_int_equal(stranger("ann", "10.0.0.1", now), 0);
}

static void
an_address_may_try_many_accounts_but_not_all(void **state)
{
	char name[16];

	(void)state;
	for (int i = 0; i < 51; i++) {
		snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(stranger(name, "10.0.0.1", NOW), 0);
	}
	assert_true(stranger("other", "10.0.0.1", NOW) > 0);
	assert_int_equal(stranger("other", "10.0.0.2", NOW), 0);
}

/* Whatever strangers do, at its address and with its account. */
static void
a_known_browser_is_not_made_to_wait_by_strangers(void **state)
{
	char name[16];

	(void)state;
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "n%d", i);
		(void)stranger(name, "10.0.0.1", NOW);
		(void)stranger("ward", "10.0.0.1", NOW);
	}
	assert_true(stranger("ward", "10.0.0.1", NOW) > 0);
	assert_int_equal(known("ward", "b1", true, NOW), 0);
	assert_int_equal(known("ward", "b2", false, NOW), 0);
}

static void
one_of_the_ward_cannot_lock_another_out(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		(void)known("ann", "b1", false, NOW);
	assert_true(known("ann", "b1", false, NOW) > 0);
	/* A person at a machine that she never used waits a minute at most; */
	assert_true(known("ann", "b2", false, NOW) <= 60);
	/* at her own she does not wait, */
	assert_int_equal(known("ann", "b3", true, NOW), 0);
	/* and others do not wait at the machine where that was tried for longer than a minute. */
	assert_true(known("bob", "b1", true, NOW) == 0);
	assert_true(known("bob", "b1", false, NOW) <= 60);
}

static void
even_at_its_own_machine_an_account_is_not_guessed_at_will(void **state)
{
	int done = 0;

	(void)state;
	for (int64_t now = NOW; now < NOW + 3600; now++)
		done += known("ann", "b1", true, now) == 0;
	assert_in_range(done, 50, 90);
}

static void
what_comes_right_begins_again(void **state)
{
	struct limits_try attempt = {
	    .account = SLICE("ann"), .address = SLICE("10.0.0.1"), .browser = SLICE("")};

	(void)state;
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 10; i++)
			assert_int_equal(limits_begin(limits, &attempt, NOW), 0);
		limits_good(limits, &attempt);
	}
	/* At its address the tries of others go on counting. */
	for (int i = 0; i < 51; i++) {
		char name[16];

		snprintf(name, sizeof name, "n%d", i);
		(void)stranger(name, "10.0.0.1", NOW);
	}
	assert_int_equal(limits_begin(limits, &attempt, NOW + 600), 0);
	limits_good(limits, &attempt);
	for (int i = 0; i < 3; i++)
		(void)stranger("other", "10.0.0.1", NOW + 600);
	assert_true(stranger("another", "10.0.0.1", NOW + 600) > 0);
}

static void
what_could_not_be_told_does_not_count(void **state)
{
	struct limits_try attempt = {
	    .account = SLICE("ann"), .address = SLICE("10.0.0.1"), .browser = SLICE("")};

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(limits_begin(limits, &attempt, NOW), 0);
		limits_void(limits, &attempt);
	}
}

/* Many at once, before any of them is known to be wrong. */
static void
tries_count_when_they_begin(void **state)
{
	int begun = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		begun += stranger("ann", "10.0.0.1", NOW) == 0;
	assert_int_equal(begun, 11);
}

/* A hundred thousand names do not make it forget the one that is tried again and again. */
static void
a_flood_of_names_does_not_wash_the_counts_away(void **state)
{
	char name[16], address[32];

	(void)state;
	for (int i = 0; i < 20; i++)
		(void)stranger("ann", "10.0.0.1", NOW + i * 1000);
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "n%d", i);
		snprintf(address, sizeof address, "2001:db8::%x", (unsigned)i);
		(void)stranger(name, address, NOW + 20000);
	}
	(void)stranger("ann", "10.0.0.1", NOW + 20001);
	assert_true(stranger("ann", "10.0.0.1", NOW + 20001) > 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(waits_double_up_to_a_quarter_of_an_hour),
	    TEST(an_address_may_try_many_accounts_but_not_all),
	    TEST(a_known_browser_is_not_made_to_wait_by_strangers),
	    TEST(one_of_the_ward_cannot_lock_another_out),
	    TEST(even_at_its_own_machine_an_account_is_not_guessed_at_will),
	    TEST(what_comes_right_begins_again),
	    TEST(what_could_not_be_told_does_not_count),
	    TEST(tries_count_when_they_begin),
	    TEST(a_flood_of_names_does_not_wash_the_counts_away),
	};

	return cmocka_run_group_tests_name("tries", tests, NULL, NULL);
}
