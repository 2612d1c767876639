/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "server/post/webhook.h"
#include "tests/unit/server/post/sent.h"

/* Webhooks and SMS to a real server of HTTP (tests/support/hook_server.py). */

#define SECRET "0123456789abcdef0123456789abcdef"

struct fixture {
	struct test_server server;
	struct config config;
	struct post *post;
	struct came came;
	char secret[128], ca[128], gateway[128];
};

static void
write_file(char path[128], const struct fixture *fixture, const char *name, const char *text)
{
	snprintf(path, 128, "%s/%s", fixture->server.folder, name);
	assert_int_equal(file_replace(path, text, strlen(text), 0400), STATUS_OK);
}

static void
open_post(struct fixture *fixture)
{
	char reason[POST_REASON_MAX] = "";

	post_free(fixture->post);
	fixture->post = post_new(fixture->came.loop, &fixture->config, reason);
	assert_string_equal(reason, "");
	assert_non_null(fixture->post);
}

static struct fixture *
begin(void **state, const char *const *more)
{
	struct fixture *fixture = xcalloc(1, sizeof *fixture);

	*state = fixture;
	test_server_start(&fixture->server, SOURCE_ROOT "/tests/support/hook_server.py", more);
	fixture->came.loop = loop_new();
	fixture->config = no_channel;
	fixture->config.webhook_allow = "127.0.0.0/8, ::1";
	write_file(fixture->secret, fixture, "secret", SECRET "\n");
	return fixture;
}

static int
set_up_webhooks(void **state)
{
	struct fixture *fixture = begin(state, (const char *const[]){"--tls", "https", NULL});

	memmove(
	    fixture->server.url + 5, fixture->server.url + 4, strlen(fixture->server.url + 4) + 1);
	memcpy(fixture->server.url, "https", 5);
	snprintf(fixture->ca, sizeof fixture->ca, "%s/ca.pem", fixture->server.folder);
	fixture->config.webhook_hosts = "hooks.slack.com, localhost";
	fixture->config.webhook_secret = fixture->secret;
	fixture->config.messages_ca = fixture->ca;
	open_post(fixture);
	return 0;
}

#define GATEWAY                                                                                    \
	"POST %s%s\nAuthorization: Basic ${basic}\nContent-Type: application/json\n\n{\"to\": ${to}, \"text\": ${text}, \"id\": ${id}}\n"

static void
set_gateway(struct fixture *fixture, const char *path)
{
	char text[512];

	snprintf(text, sizeof text, GATEWAY, fixture->server.url, path);
	write_file(fixture->gateway, fixture, "gateway", text);
	fixture->config.sms_gateway = fixture->gateway;
	fixture->config.sms_secret = fixture->secret;
	open_post(fixture);
}

static int
set_up_sms(void **state)
{
	struct fixture *fixture = begin(state, (const char *const[]){"--plain", NULL});

	memcpy(fixture->server.url, "http", 4);
	set_gateway(fixture, "/take");
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	post_free(fixture->post);
	loop_free(fixture->came.loop);
	test_server_stop(&fixture->server);
	free(fixture);
	return 0;
}

static enum post_end
send_to(struct fixture *fixture, enum post_channel channel, const char *address)
{
	struct post_message message = {.channel = channel,
	    .address = address,
	    .id = "m-1",
	    .made = 1796094600,
	    .now = 1796094605,
	    .severity = "high",
	    .subject = "Gap: AMHP, Alderbrook",
	    .text = "Nobody is on call.\n"};

	post_send(fixture->post, &message, on_came, &fixture->came);
	await(&fixture->came, fixture->came.count + 1);
	return fixture->came.outcome.end;
}

static enum post_end
hook(struct fixture *fixture, const char *path)
{
	char url[128];

	snprintf(url, sizeof url, "%s%s", fixture->server.url, path);
	return send_to(fixture, POST_WEBHOOK, url);
}

/* What the server has taken is checked by Python's hmac with the secret as it is given to a receiver. */
static void
assert_signed(const struct fixture *fixture, const char *url, const char *secrets)
{
	char command[1024], secret[64];

	assert_true(webhook_secret_of(&fixture->config, url, secret, sizeof secret));
	snprintf(command, sizeof command,
	    "cd " SOURCE_ROOT
	    "/tests/support && /usr/bin/python3 -B -c 'import json, sys, hook_server as h; r = json.load(open(sys.argv[1] + \"/1.json\")); "
	    "assert all(h.is_signed(s, r[\"headers\"], r[\"body\"].encode()) for s in sys.argv[2:]); "
	    "assert not h.is_signed(sys.argv[2], r[\"headers\"], r[\"body\"].encode() + b\" \")' %s %s %s",
	    fixture->server.folder, secret, secrets);
	assert_int_equal(system(command), 0);
}

static void
test_signed(void **state)
{
	struct fixture *fixture = *state;
	char url[128], *bytes;

	snprintf(url, sizeof url, "%s/take", fixture->server.url);
	assert_int_equal(hook(fixture, "/take"), POST_SENT);
	assert_string_equal(fixture->came.text, "The server answered 202 (Accepted).");
	assert_signed(fixture, url, "");
	bytes = test_server_took(&fixture->server, 1, "json");
	assert_non_null(strstr(bytes, "\"webhook-id\": \"m-1\""));
	assert_non_null(strstr(bytes, "\"webhook-timestamp\": \"1796094605\""));
	assert_non_null(strstr(bytes, "\"content-type\": \"application/json\""));
	free(bytes);
}

/* After a change of the secret a receiver that has the one before still knows us. */
static void
test_two_secrets(void **state)
{
	struct fixture *fixture = *state;
	char url[128], before[64];

	snprintf(url, sizeof url, "%s/take", fixture->server.url);
	assert_true(webhook_secret_of(&fixture->config, url, before, sizeof before));
	write_file(
	    fixture->secret, fixture, "secret", "another secret that is long enough\n" SECRET "\n");
	assert_int_equal(hook(fixture, "/take"), POST_SENT);
	assert_signed(fixture, url, before);
}

static void
test_answers(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(hook(fixture, "/busy"), POST_LATER);
	assert_int_equal(fixture->came.outcome.wait_s, 7);
	assert_false(fixture->came.outcome.of_channel);
	assert_int_equal(hook(fixture, "/broken"), POST_LATER);
	assert_int_equal(fixture->came.outcome.wait_s, 115); /* until 03:12:00 */
	assert_int_equal(hook(fixture, "/sign-in"), POST_LATER);
	assert_int_equal(hook(fixture, "/cut"), POST_LATER);
	assert_non_null(strstr(fixture->came.text, "may have arrived"));
	assert_int_equal(hook(fixture, "/gone"), POST_REFUSED);
	assert_int_equal(hook(fixture, "/refuse"), POST_REFUSED);
	/* A signed message is sent to no other place than that it was meant for. */
	assert_int_equal(hook(fixture, "/moved"), POST_REFUSED);
	assert_null(test_server_took(&fixture->server, 8, "json"));
	fixture->config.messages_seconds = 1;
	assert_int_equal(hook(fixture, "/stall"), POST_LATER);
}

static void
test_where_it_may_go(void **state)
{
	static const char *const bad[] = {"http://localhost/", "https://",
	    "https://user:pw@localhost/", "https://localhost/ x", "ftp://localhost/",
	    "https://u@localhost"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_non_null(post_address_fault(POST_TEAMS, bad[i]));
		assert_int_equal(send_to(fixture, POST_SLACK, bad[i]), POST_REFUSED);
	}
	assert_int_equal(send_to(fixture, POST_TEAMS, "https://elsewhere.example/"), POST_REFUSED);
	assert_non_null(strstr(fixture->came.text, "webhook_hosts"));
	/* A name that is allowed and leads into our own network. */
	fixture->config.webhook_allow = "";
	open_post(fixture);
	assert_int_equal(hook(fixture, "/take"), POST_REFUSED);
	assert_non_null(strstr(fixture->came.text, "private network"));
	assert_null(test_server_took(&fixture->server, 1, "json"));
}

static void
test_hosts(void **state)
{
	static const char *const some[] = {"hooks.slack.com", "*.azure.com", NULL},
				 *const any[] = {"*", NULL}, *const none[] = {NULL};

	(void)state;
	assert_true(webhook_may_go(some, "https://hooks.slack.com/services/x"));
	assert_true(webhook_may_go(some, "https://prod-1.LOGIC.azure.com:443/x"));
	assert_false(webhook_may_go(some, "https://evilazure.com/x"));
	assert_false(webhook_may_go(some, "https://x.example/?hooks.slack.com"));
	assert_false(webhook_may_go(some, "https://hooks.slack.com.x.example/"));
	assert_true(webhook_may_go(any, "https://x.example/"));
	assert_false(webhook_may_go(none, "https://x.example/"));
}

static void
test_secret_unusable(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(chmod(fixture->secret, 0444), 0);
	assert_int_equal(hook(fixture, "/take"), POST_LATER);
	assert_true(fixture->came.outcome.of_channel);
	assert_non_null(strstr(fixture->came.text, "webhook_secret"));
	write_file(fixture->secret, fixture, "secret", "short\n");
	assert_int_equal(hook(fixture, "/take"), POST_LATER);
	assert_null(test_server_took(&fixture->server, 1, "json"));
}

static void
test_sms(void **state)
{
	struct fixture *fixture = *state;
	char *bytes;

	assert_int_equal(send_to(fixture, POST_SMS, "+44 7700 900123"), POST_SENT);
	bytes = test_server_took(&fixture->server, 1, "json");
	assert_non_null(strstr(bytes,
	    "{\\\"to\\\": \\\"+447700900123\\\", \\\"text\\\": \\\"Gap: AMHP, Alderbrook\\\\nNobody is on call.\\\", \\\"id\\\": \\\"m-1\\\"}"));
	assert_non_null(strstr(
	    bytes, "\"authorization\": \"Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\""));
	free(bytes);
	assert_int_equal(send_to(fixture, POST_SMS, "07700900123"), POST_REFUSED);
}

/* What the gateway says of the message is of this address; what it says of us is of the channel. */
static void
test_sms_answers(void **state)
{
	static const struct {
		const char *path;
		enum post_end end;
		bool of_channel;
	} rows[] = {{"/refuse", POST_REFUSED, false}, {"/busy", POST_LATER, true},
	    {"/sign-in", POST_LATER, true}, {"/gone", POST_LATER, true},
	    {"/moved", POST_LATER, true}, {"/cut", POST_LATER, true}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		set_gateway(fixture, rows[i].path);
		assert_int_equal(send_to(fixture, POST_SMS, "+447700900123"), rows[i].end);
		assert_int_equal(fixture->came.outcome.of_channel, rows[i].of_channel);
	}
}

static void
test_settings(void **state)
{
	struct fixture *fixture = *state;
	char reason[POST_REASON_MAX];
	static const char *const bad[] = {
	    "POST http://127.0.0.1/\nContent-Type: application/json\n\n{}",
	    "POST http://127.0.0.1/${x}\nContent-Type: application/json\n\n${text}",
	    "GET http://127.0.0.1/${text}\nX: ${text}\n\n", "nothing"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_file(fixture->gateway, fixture, "gateway", bad[i]);
		assert_null(post_new(fixture->came.loop, &fixture->config, reason));
		assert_memory_equal(reason, "sms_gateway: ", 13);
	}
	fixture->config.sms_gateway = "";
	fixture->config.webhook_allow = "10.0.0.1/8";
	assert_null(post_new(fixture->came.loop, &fixture->config, reason));
	assert_memory_equal(reason, "webhook_allow", 13);
	fixture->config.webhook_allow = "";
	fixture->config.messages_proxy = "proxy";
	assert_null(post_new(fixture->came.loop, &fixture->config, reason));
	assert_memory_equal(reason, "messages_proxy", 14);
	fixture->config.messages_proxy = "";
	fixture->config.messages_ca = "/no/such/file";
	assert_null(post_new(fixture->came.loop, &fixture->config, reason));
	assert_memory_equal(reason, "messages_ca", 11);
}

static void
test_which_there_are(void **state)
{
	struct fixture *fixture = *state;

	assert_true(post_has(fixture->post, POST_SMS));
	for (int channel = 0; channel < POST_CHANNELS; channel++) {
		assert_int_equal(
		    post_has(fixture->post, (enum post_channel)channel), channel == POST_SMS);
		assert_int_equal(
		    post_channel_of(post_channel_name((enum post_channel)channel)), channel);
	}
	assert_int_equal(post_channel_of("fax"), POST_CHANNELS);
	assert_int_equal(send_to(fixture, POST_TEAMS, "https://localhost/"), POST_LATER);
	assert_true(fixture->came.outcome.of_channel);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_signed, set_up_webhooks, tear_down),
	    cmocka_unit_test_setup_teardown(test_two_secrets, set_up_webhooks, tear_down),
	    cmocka_unit_test_setup_teardown(test_answers, set_up_webhooks, tear_down),
	    cmocka_unit_test_setup_teardown(test_where_it_may_go, set_up_webhooks, tear_down),
	    cmocka_unit_test_setup_teardown(test_secret_unusable, set_up_webhooks, tear_down),
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test_setup_teardown(test_sms, set_up_sms, tear_down),
	    cmocka_unit_test_setup_teardown(test_sms_answers, set_up_sms, tear_down),
	    cmocka_unit_test_setup_teardown(test_settings, set_up_sms, tear_down),
	    cmocka_unit_test_setup_teardown(test_which_there_are, set_up_sms, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
