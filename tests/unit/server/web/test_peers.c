/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "server/web/peers.h"
#include "tests/unit/server/web/address_of.h"

static void
test_each_address_has_its_own_count(void **state)
{
	struct peers *peers = peers_new();
	struct peer *kept[2000];
	union address address = {.four.sin_family = AF_INET};

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		address.four.sin_addr.s_addr = htonl(0x0a000000 + i);
		kept[2 * i] = peers_enter(peers, &address.any, 2);
		kept[2 * i + 1] = peers_enter(peers, &address.any, 2);
		assert_non_null(kept[2 * i]);
		assert_ptr_equal(kept[2 * i], kept[2 * i + 1]);
		assert_null(peers_enter(peers, &address.any, 2));
	}
	peers_leave(peers, kept[7], true);
	address.four.sin_addr.s_addr = htonl(0x0a000003);
	kept[7] = peers_enter(peers, &address.any, 2);
	assert_non_null(kept[7]);
	for (int i = 0; i < 2000; i++)
		peers_leave(peers, kept[i], true);
	peers_free(peers);
}

/* Whether two addresses share one place. */
static bool
same(const char *one, const char *other)
{
	struct peers *peers = peers_new();
	union address a = address_of(one), b = address_of(other);
	struct peer *first = peers_enter(peers, &a.any, 0), *second = peers_enter(peers, &b.any, 0);
	bool is_same = first == second;

	peers_leave(peers, first, true);
	peers_leave(peers, second, true);
	peers_free(peers);
	return is_same;
}

static void
test_who_is_the_same(void **state)
{
	(void)state;
	assert_true(same("192.0.2.1", "::ffff:192.0.2.1"));
	assert_true(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
	assert_false(same("2001:db8:1:2::1", "2001:db8:1:3::1"));
	assert_false(same("192.0.2.1", "192.0.2.2"));
}

static void
test_texts_and_loopback(void **state)
{
	static const struct {
		const char *address, *text;
		bool loopback;
	} cases[] = {
	    {"127.8.8.8", "127.8.8.8", true},
	    {"::ffff:127.0.0.1", "127.0.0.1", true},
	    {"::1", "::1", true},
	    {"192.0.2.1", "192.0.2.1", false},
	    {"2001:db8::1", "2001:db8::1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		union address address = address_of(cases[i].address);
		char text[PEER_TEXT_MAX];

		peer_text(&address.any, text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(peer_is_loopback(&address.any), cases[i].loopback);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_address_has_its_own_count),
	    cmocka_unit_test(test_who_is_the_same),
	    cmocka_unit_test(test_texts_and_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
