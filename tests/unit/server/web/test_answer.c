/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "server/web/answer.h"
#include "server/web/route.h"

static void
test_dates(void **state)
{
	char date[ANSWER_DATE_MAX];

	(void)state;
	answer_date(784111777, date);
	assert_string_equal(date, "Sun, 06 Nov 1994 08:49:37 GMT");
	answer_date(0, date);
	assert_string_equal(date, "Thu, 01 Jan 1970 00:00:00 GMT");
	answer_date(1795316400, date);
	assert_string_equal(date, "Sun, 22 Nov 2026 03:00:00 GMT");
}

static void
test_heads(void **state)
{
	static const char start[] = "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: a/b\r\n"
				    "Content-Length: 1234567\r\nCache-Control: no-store\r\n";
	struct web_answer answer = {.status = 200, .type = "a/b"};
	struct buf out = {0};

	(void)state;
	answer_head(&out, &answer, 1234567, "D", ANSWER_LENGTH);
	assert_memory_equal(out.at, start, strlen(start));
	assert_string_equal(out.at + out.len - 4, "\r\n\r\n");
	assert_null(strstr(out.at, "Connection"));
	buf_reset(&out);
	answer_head(&out, &answer, 0, "D", ANSWER_LAST);
	assert_non_null(strstr(out.at, "Content-Length: 0\r\nConnection: close\r\n"));
	buf_reset(&out);
	answer_head(&out, &answer, 0, "D", ANSWER_UNTIL_CLOSE);
	assert_null(strstr(out.at, "Content-Length"));
	assert_non_null(strstr(out.at, "Connection: close\r\n"));
	buf_free(&out);
}

static void
test_methods(void **state)
{
	struct buf out = {0};

	(void)state;
	answer_methods(&out, WEB_DELETE | WEB_GET | WEB_PUT);
	assert_string_equal(out.at, "GET, HEAD, PUT, DELETE");
	buf_free(&out);
}

static void
nobody(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	(void)exchange;
}

static void
test_the_first_route_wins(void **state)
{
	static const struct web_route routes[] = {
	    {.methods = WEB_GET, .pattern = "/v1/{a}/x", .handler = nobody},
	    {.methods = WEB_POST, .pattern = "/v1/{b}/x", .handler = nobody},
	    {.methods = WEB_GET, .pattern = "/v1/{c}/{d}", .handler = nobody},
	    {.pattern = NULL},
	};
	struct route_found found;

	(void)state;
	route_find(routes, WEB_HEAD, SLICE("/v1/1/x"), &found);
	assert_ptr_equal(found.route, &routes[0]);
	assert_int_equal(found.param_count, 1);
	route_find(routes, WEB_POST, SLICE("/v1/1/x"), &found);
	assert_ptr_equal(found.route, &routes[1]);
	route_find(routes, WEB_GET, SLICE("/v1/1/y"), &found);
	assert_ptr_equal(found.route, &routes[2]);
	assert_true(slice_is(found.params[1].name, "d"));
	assert_true(slice_is(found.params[1].value, "y"));
	route_find(routes, WEB_PUT, SLICE("/v1/1/x"), &found);
	assert_null(found.route);
	assert_int_equal(found.allowed, WEB_GET | WEB_POST);
	route_find(routes, WEB_GET, SLICE("/v2/1/x"), &found);
	assert_null(found.route);
	assert_int_equal(found.allowed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_heads),
	    cmocka_unit_test(test_methods),
	    cmocka_unit_test(test_the_first_route_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
