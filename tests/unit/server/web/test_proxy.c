/* SPDX-License-Identifier: MIT */
/* Which requests go by a proxy, and what is told when it does not do its part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/web/client.h"
#include "server/web/fetch/proxy.h"
#include "tests/unit/server/web/canned.h"

static void
addresses_of_proxies(void **state)
{
	static const char *const good[] = {"http://p.example", "http://p.example:3128/",
	    "HTTP://10.0.0.1:8080", "http://[fd00::1]:3128"};
	static const char *const bad[] = {"", "p.example:3128", "https://p.example",
	    "socks5://p.example", "http://", "http://u@p.example", "http://u:s@p.example",
	    "http://p.example/x", "http://p.example?x", "http://p.example#x",
	    "http://p.example:99999", "none"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!proxy_is_address(good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (proxy_is_address(bad[i]))
			fail_msg("%s", bad[i]);
}

/* The proxy would resolve an inside name, and connect to an inside address, for anyone who may give one here. */
static void
what_is_inside_is_not_asked_of_a_proxy(void **state)
{
	static const char *const outside[] = {"https://calendar.example/a", "http://93.184.216.34/",
	    "https://[2606:2800:220:1::1]/", "https://localhost.example.org/",
	    "https://local.example/"};
	static const char *const inside[] = {"http://localhost/", "http://LOCALHOST./",
	    "http://a.localhost/", "http://router/", "http://printer.local/",
	    "http://metadata.google.internal/", "http://x.home.arpa/", "http://x.lan/",
	    "http://10.0.0.1/", "http://10.1/", "http://0x7f000001/", "http://2130706433/",
	    "http://0177.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/",
	    "http://[fd00::1]:80/", "http://[fe80::1%25eth0]/", "http://[::ffff:8.8.8.8]/",
	    "http://[64:ff9b::808:808]/", "nonsense"};

	(void)state;
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		if (!proxy_may_ask(outside[i], NULL))
			fail_msg("%s", outside[i]);
	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
		if (proxy_may_ask(inside[i], NULL))
			fail_msg("%s", inside[i]);
}

static void
exceptions_name_hosts_and_what_is_under_them(void **state)
{
	static const char *const except[] = {"trust.example", ".nhs.example", "*.lab.example",
	    "93.184.0.0/16", "2606:2800::/32", NULL};
	static const char *const all[] = {"*", NULL};
	static const struct {
		const char *url;
		bool by_proxy;
	} rows[] = {
	    {"https://trust.example/", false},
	    {"https://TRUST.example:8443/", false},
	    {"https://rota.trust.example./", false},
	    {"https://nottrust.example/", true},
	    {"https://trust.example.org/", true},
	    {"https://a.nhs.example/", false},
	    {"https://nhs.example/", false},
	    {"https://x.lab.example/", false},
	    {"https://93.184.216.34/", false},
	    {"https://93.185.216.34/", true},
	    {"https://[2606:2800::1]/", false},
	    {"https://93.184.216.34.example/", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (proxy_may_ask(rows[i].url, except) != rows[i].by_proxy)
			fail_msg("%s", rows[i].url);
	assert_false(proxy_may_ask("https://calendar.example/", all));
}

/* ---------------------------------------------------------------------------------- a canned proxy */

#define HTTP(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"

static const struct canned_line lines[] = {
    {"http://plain.example/", CANNED_REFLECT, NULL, 0, NULL},
    {"http://closed.example/", CANNED_CLOSE, HTTP("407 Proxy Authentication Required"), 0, NULL},
    {"http://to-inside.example/", CANNED_CLOSE,
	"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.9/\r\nContent-Length: 0\r\n\r\n", 0, NULL},
    {"http://to-other.example/", CANNED_CLOSE,
	"HTTP/1.1 302 Found\r\nLocation: http://plain.example/\r\nContent-Length: 0\r\n\r\n", 0,
	NULL},
    {"login.example:443", CANNED_CLOSE, HTTP("407 Proxy Authentication Required"), 0, NULL},
    {"windows.example:443", CANNED_CLOSE,
	"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n"
	"Proxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n",
	0, NULL},
    {"http://windows.example/", CANNED_CLOSE,
	"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n",
	0, NULL},
    {"either.example:443", CANNED_CLOSE,
	"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n"
	"Proxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n",
	0, NULL},
    {"forbidden.example:443", CANNED_CLOSE, HTTP("403 Forbidden"), 0, NULL},
    {"away.example:443", CANNED_CLOSE, HTTP("502 Bad Gateway"), 0, NULL},
    {"hang-up.example:443", CANNED_CLOSE, "", 0, NULL},
    /* A tunnel whose other end hangs up. */
    {"mute.example:443", CANNED_CLOSE, "HTTP/1.1 200 Connection established\r\n\r\n", 0, NULL},
    {NULL, 0, NULL, 0, NULL},
};

struct fixture {
	struct loop *loop;
	struct canned proxy;
	struct web_client *client;
	struct buf address;
	unsigned calls;
	enum web_fault fault;
	unsigned status;
	bool moved;
	struct buf body;
};

static void
on_got(void *ctx, enum status st, const struct web_got *got)
{
	struct fixture *fixture = ctx;

	assert_int_equal(st == STATUS_OK, got->fault == WEB_FAULT_NONE);
	fixture->calls++;
	fixture->fault = got->fault;
	fixture->status = got->status;
	fixture->moved = got->moved;
	buf_reset(&fixture->body);
	if (got->fault == WEB_FAULT_NONE)
		buf_add(&fixture->body, got->body.at, got->body.len);
	buf_add(&fixture->body, "", 1);
	loop_stop(fixture->loop);
}

/* No range is allowed here, and the proxy is on this machine: it is the operator's. */
static int
set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof *fixture);
	const char *reason;

	fixture->loop = loop_new();
	canned_open(&fixture->proxy, fixture->loop, lines);
	buf_printf(&fixture->address, "http://127.0.0.1:%u", fixture->proxy.port);
	fixture->client = web_client_open(
	    fixture->loop, &(struct web_client_options){.proxy = fixture->address.at}, &reason);
	*state = fixture;
	return fixture->client == NULL;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	web_client_close(fixture->client);
	canned_close(&fixture->proxy);
	loop_free(fixture->loop);
	buf_free(&fixture->address);
	buf_free(&fixture->body);
	free(fixture);
	return 0;
}

static void
fetch(struct fixture *fixture, const char *url, struct web_get get)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	get.url = url;
	fixture->calls = 0;
	web_fetch(fixture->client, &get, on_got, fixture);
	while (fixture->calls == 0) {
		assert_true(clock_mono_ms() < ends);
		turn(fixture->loop, -1, 50);
	}
}

static void
http_is_asked_with_the_whole_url(void **state)
{
	struct fixture *fixture = *state;

	fetch(fixture, "http://plain.example/",
	    (struct web_get){.authorization = "Bearer own", .proxy_login = "u:sesame"});
	assert_int_equal(fixture->fault, WEB_FAULT_NONE);
	assert_non_null(strstr(fixture->body.at, "GET http://plain.example/ HTTP/1.1\r\n"));
	assert_non_null(strstr(fixture->body.at, "Proxy-Authorization: Basic dTpzZXNhbWU="));
	assert_non_null(strstr(fixture->body.at, "\r\nAuthorization: Bearer own\r\n"));
	/* The server of a redirect is another one, though the proxy is the same. */
	fetch(fixture, "http://to-other.example/", (struct web_get){.authorization = "Bearer own"});
	assert_int_equal(fixture->fault, WEB_FAULT_NONE);
	assert_true(fixture->moved);
	assert_null(strstr(fixture->body.at, "Authorization"));
}

static void
each_fault_of_a_proxy_is_its_own(void **state)
{
	static const struct {
		const char *url;
		enum web_fault fault;
	} rows[] = {
	    {"http://closed.example/", WEB_FAULT_PROXY_SIGN_IN},
	    {"https://login.example/", WEB_FAULT_PROXY_SIGN_IN},
	    {"https://windows.example/", WEB_FAULT_PROXY_WAYS},
	    {"http://windows.example/", WEB_FAULT_PROXY_WAYS},
	    {"https://either.example/", WEB_FAULT_PROXY_SIGN_IN},
	    {"https://forbidden.example/", WEB_FAULT_PROXY_REFUSED},
	    {"https://away.example/", WEB_FAULT_PROXY_REFUSED},
	    {"https://hang-up.example/", WEB_FAULT_PROXY},
	    {"https://mute.example/", WEB_FAULT_TLS},
	    {"http://to-inside.example/", WEB_FAULT_ADDRESS},
	    {"http://127.0.0.1/", WEB_FAULT_ADDRESS},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fetch(fixture, rows[i].url, (struct web_get){.authorization = "Bearer own"});
		if (fixture->fault != rows[i].fault)
			fail_msg("%s: fault %d", rows[i].url, (int)fixture->fault);
	}
}

/* What is meant for the server is not told to the proxy. */
static void
a_tunnel_is_asked_for_without_the_secret(void **state)
{
	struct fixture *fixture = *state;
	struct canned_conn *conn;

	fetch(fixture, "https://away.example/",
	    (struct web_get){.authorization = "Bearer own", .proxy_login = "u:sesame"});
	conn = fixture->proxy.conns;
	assert_non_null(strstr(conn->request.at, "CONNECT away.example:443 HTTP/1.1\r\n"));
	assert_non_null(strstr(conn->request.at, "Proxy-Authorization: Basic dTpzZXNhbWU="));
	assert_null(strstr(conn->request.at, "Bearer"));
}

/* The proxy of a single feed is named by anyone who may change that rota: it is judged as an address is. */
static void
the_proxy_of_one_fetch_is_checked(void **state)
{
	struct fixture *fixture = *state;

	fetch(fixture, "http://plain.example/", (struct web_get){.proxy = fixture->address.at});
	assert_int_equal(fixture->fault, WEB_FAULT_ADDRESS);
	assert_int_equal(fixture->proxy.connections, 0);
	fetch(fixture, "http://plain.example/", (struct web_get){.proxy = ""});
	assert_int_equal(fixture->fault, WEB_FAULT_NAME);
	assert_int_equal(fixture->proxy.connections, 0);
}

static void
a_proxy_that_is_not_there(void **state)
{
	static const char *const nowhere[] = {"http://127.0.0.1:1", "http://proxy.invalid:3128"};
	struct fixture *fixture = *state;
	const char *reason = NULL;

	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
		web_client_close(fixture->client);
		fixture->client = web_client_open(
		    fixture->loop, &(struct web_client_options){.proxy = nowhere[i]}, &reason);
		fetch(fixture, "http://plain.example/", (struct web_get){0});
		assert_int_equal(fixture->fault, WEB_FAULT_PROXY);
		fetch(fixture, "https://plain.example/", (struct web_get){0});
		assert_int_equal(fixture->fault, WEB_FAULT_PROXY);
	}
	assert_null(web_client_open(
	    fixture->loop, &(struct web_client_options){.proxy = "https://p.example"}, &reason));
	assert_string_equal(reason, "https://p.example");
}

#define CANNED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_of_proxies),
	    cmocka_unit_test(what_is_inside_is_not_asked_of_a_proxy),
	    cmocka_unit_test(exceptions_name_hosts_and_what_is_under_them),
	    CANNED(http_is_asked_with_the_whole_url),
	    CANNED(each_fault_of_a_proxy_is_its_own),
	    CANNED(a_tunnel_is_asked_for_without_the_secret),
	    CANNED(the_proxy_of_one_fetch_is_checked),
	    CANNED(a_proxy_that_is_not_there),
	};

	return cmocka_run_group_tests_name("proxies", tests, NULL, NULL);
}
