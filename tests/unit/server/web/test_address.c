/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "server/web/client.h"
#include "server/web/fetch/address.h"
#include "server/web/fetch/redirect.h"
#include "tests/unit/server/web/address_of.h"

/* holds: A4 */
static void
test_what_is_public(void **state)
{
	static const char *const public[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0",
	    "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
	    "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
	    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00::1",
	    "2001:200::1", "3ffe::1", "2003::1"};
	static const char *const not_public[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
	    "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254",
	    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1",
	    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
	    "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
	    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
	    "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "4000::1", "fc00::1",
	    "fd00::1", "fe80::1", "fec0::1", "ff02::1"};
	struct sockaddr_un local = {.sun_family = AF_UNIX};

	(void)state;
	for (size_t i = 0; i < sizeof public / sizeof *public; i++) {
		union address address = address_of(public[i]);

		if (!address_is_public(&address.any))
			fail_msg("%s", public[i]);
	}
	for (size_t i = 0; i < sizeof not_public / sizeof *not_public; i++) {
		union address address = address_of(not_public[i]);

		if (address_is_public(&address.any))
			fail_msg("%s", not_public[i]);
	}
	assert_false(address_is_public((struct sockaddr *)&local));
}

static void
test_ranges(void **state)
{
	static const char *const bad[] = {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
	    "10.0.0.0/08x", "10.0.0/8", "10.0.0.1/8", "::1/127", "fd00::/129", "a.example",
	    "10.0.0.0 /8", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa/1"};
	static const struct {
		const char *range, *address;
		bool in;
	} cases[] = {
	    {"127.0.0.0/8", "127.9.9.9", true},
	    {"127.0.0.0/8", "128.0.0.0", false},
	    {"127.0.0.0/8", "::ffff:127.0.0.1", false},
	    {"10.1.2.3", "10.1.2.3", true},
	    {"10.1.2.3", "10.1.2.2", false},
	    {"10.1.2.0/23", "10.1.3.255", true},
	    {"10.1.2.0/23", "10.1.4.0", false},
	    {"0.0.0.0/0", "8.8.8.8", true},
	    {"0.0.0.0/0", "::1", false},
	    {"::1", "::1", true},
	    {"fd00::/8", "fdff::1", true},
	    {"fd00::/8", "fc00::1", false},
	    {"2001:db8:8000::/33", "2001:db8:8000::1", true},
	    {"2001:db8:8000::/33", "2001:db8:7fff::1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct address_range range;

		if (address_range_parse(bad[i], &range))
			fail_msg("%s", bad[i]);
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		union address address = address_of(cases[i].address);
		struct address_range range;

		assert_true(address_range_parse(cases[i].range, &range));
		if (address_in_range(&address.any, &range) != cases[i].in)
			fail_msg("%s %s", cases[i].range, cases[i].address);
	}
}

static void
test_where_a_fetch_may_start(void **state)
{
	(void)state;
	assert_true(redirect_may_start("https://a.example/x.ics"));
	assert_true(redirect_may_start("HTTP://a.example:8080/x.ics?y#z"));
	assert_true(redirect_may_start("https://user:secret@a.example/"));
	assert_false(redirect_may_start("http://user:secret@a.example/"));
	assert_false(redirect_may_start("http://user@a.example/"));
	assert_false(redirect_may_start("file:///etc/passwd"));
	assert_false(redirect_may_start("ftp://a.example/"));
	assert_false(redirect_may_start("gopher://a.example/"));
	assert_false(redirect_may_start("a.example/x.ics"));
	assert_false(redirect_may_start("/x.ics"));
	assert_false(redirect_may_start("http://a b/"));
	assert_false(redirect_may_start("http://a.example/\r\nX: y"));
	assert_false(redirect_may_start(""));
}

/* holds: A4 */
static void
test_where_a_fetch_may_be_sent(void **state)
{
	(void)state;
	assert_true(redirect_may_follow("http://a/", "http://b/"));
	assert_true(redirect_may_follow("http://a/", "https://b/"));
	assert_true(redirect_may_follow("https://a/", "https://b/"));
	assert_false(redirect_may_follow("https://a/", "http://a/"));
	assert_false(redirect_may_follow("https://a/", "HTTP://a/"));
	assert_false(redirect_may_follow("http://a/", "file:///etc/passwd"));
	assert_false(redirect_may_follow("http://a/", "https://user:x@b/"));
	assert_false(redirect_may_follow("http://a/", "javascript:alert(1)"));
	assert_true(redirect_same_origin("http://a/x", "HTTP://A:80/y"));
	assert_false(redirect_same_origin("http://a/", "https://a/"));
	assert_false(redirect_same_origin("http://a/", "http://a:81/"));
	assert_false(redirect_same_origin("http://a/", "http://a.b/"));
}

static void
test_sentences(void **state)
{
	char text[512], nothing[1] = {'x'}; /* as the feeds role has it */

	(void)state;
	web_got_sentence(&(struct web_got){.status = 503}, text, sizeof text);
	assert_string_equal(text, "The server answered 503 (Service Unavailable).");
	web_got_sentence(&(struct web_got){.status = 599}, text, sizeof text);
	assert_string_equal(text, "The server answered 599.");
	for (int fault = WEB_FAULT_URL; fault <= WEB_FAULT_OTHER; fault++) {
		web_got_sentence(
		    &(struct web_got){.fault = (enum web_fault)fault}, text, sizeof text);
		assert_memory_equal(text, "The ", fault == WEB_FAULT_TLS ? 0 : 4);
		assert_int_equal(text[strlen(text) - 1], '.');
	}
	web_got_sentence(&(struct web_got){.status = 200}, nothing, 1);
	assert_int_equal(nothing[0], '\0');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_public),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_where_a_fetch_may_start),
	    cmocka_unit_test(test_where_a_fetch_may_be_sent),
	    cmocka_unit_test(test_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
