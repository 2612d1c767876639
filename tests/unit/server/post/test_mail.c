/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "server/base/clock.h"
#include "tests/unit/server/post/sent.h"

/* E-mail to a real server that takes, refuses, greylists, stalls and dies. */

#define FROM "cover@fenmere.example"

struct fixture {
	struct test_server server;
	bool has_own;
	struct config config;
	struct post *post;
	struct came came;
};

/* One server for the tests that count nothing that it has. */
static struct test_server shared;

static int
start_shared(void **state)
{
	(void)state;
	test_server_start(
	    &shared, SOURCE_ROOT "/tests/support/smtp_server.py", (const char *const[]){NULL});
	return 0;
}

static int
stop_shared(void **state)
{
	(void)state;
	test_server_stop(&shared);
	return 0;
}

/* NULL: with the shared server. */
static int
set_up(void **state, const char *const *more)
{
	struct fixture *fixture = xcalloc(1, sizeof *fixture);
	char reason[POST_REASON_MAX];

	fixture->server = shared;
	fixture->has_own = more != NULL;
	if (fixture->has_own)
		test_server_start(
		    &fixture->server, SOURCE_ROOT "/tests/support/smtp_server.py", more);
	fixture->config = no_channel;
	fixture->config.mail_server = fixture->server.url;
	fixture->config.mail_from = FROM;
	fixture->config.mail_plain = "loopback";
	fixture->came.loop = loop_new();
	fixture->post = post_new(fixture->came.loop, &fixture->config, reason);
	assert_non_null(fixture->post);
	*state = fixture;
	return 0;
}

static int
set_up_plain(void **state)
{
	return set_up(state, (const char *const[]){NULL});
}

static int
set_up_shared(void **state)
{
	return set_up(state, NULL);
}

static int
set_up_starttls(void **state)
{
	return set_up(state,
	    (const char *const[]){"--tls", "starttls", "--login", "cover:long enough", NULL});
}

static int
set_up_smtps(void **state)
{
	return set_up(state, (const char *const[]){"--tls", "smtps", NULL});
}

static int
set_up_busy(void **state)
{
	return set_up(state, (const char *const[]){"--default", "busy", NULL});
}

static int
set_up_sender(void **state)
{
	return set_up(state, (const char *const[]){"--default", "sender", NULL});
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	post_free(fixture->post);
	loop_free(fixture->came.loop);
	if (fixture->has_own)
		test_server_stop(&fixture->server);
	free(fixture);
	return 0;
}

static struct post_sending *
begin(struct fixture *fixture, const char *to)
{
	struct post_message message = {.channel = POST_EMAIL,
	    .address = to,
	    .id = "m-1",
	    .made = 1796094600,
	    .severity = "high",
	    .subject = "Caf\xc3\xa9",
	    .text = "One.\n.\n..two\n"};

	return post_send(fixture->post, &message, on_came, &fixture->came);
}

static enum post_end
send_to(struct fixture *fixture, const char *to)
{
	begin(fixture, to);
	await(&fixture->came, fixture->came.count + 1);
	return fixture->came.outcome.end;
}

static void
test_taken(void **state)
{
	struct fixture *fixture = *state;
	char *bytes;

	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_SENT);
	assert_string_equal(fixture->came.text, "250 2.0.0 queued as 1");
	bytes = test_server_took(&fixture->server, 1, "eml");
	assert_non_null(bytes);
	assert_non_null(strstr(bytes, "Message-ID: <m-1@fenmere.example>\r\n"));
	assert_non_null(strstr(bytes, "\r\n\r\nOne.\r\n.\r\n..two\r\n"));
	free(bytes);
}

/* What the address or the message is refused for is of this address alone: the next one gets theirs. */
static void
test_refused(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(send_to(fixture, "refuse@ward.example"), POST_REFUSED);
	assert_false(fixture->came.outcome.of_channel);
	assert_string_equal(fixture->came.text,
	    "The mail server takes no e-mail for this address. Give another address. It said: 550 5.1.1 ... no such box");
	assert_int_equal(send_to(fixture, "reject@ward.example"), POST_REFUSED);
	assert_int_equal(send_to(fixture, "no address"), POST_REFUSED);
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_SENT);
}

static void
test_later(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(send_to(fixture, "greylist@ward.example"), POST_LATER);
	assert_false(fixture->came.outcome.of_channel);
	assert_string_equal(fixture->came.text,
	    "The mail server wants the message later. It said: 451 4.7.1 greylisted, try again");
	assert_int_equal(send_to(fixture, "postpone@ward.example"), POST_LATER);
	assert_false(fixture->came.outcome.of_channel);
}

/* The connection ends within the message, and after it in the place of the reply: it may have arrived, so that it is sent again. */
static void
test_lost(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(send_to(fixture, "cut@ward.example"), POST_LATER);
	assert_non_null(strstr(fixture->came.text, "may have arrived"));
	assert_int_equal(send_to(fixture, "lose@ward.example"), POST_LATER);
	assert_non_null(strstr(fixture->came.text, "may have arrived"));
	assert_false(fixture->came.outcome.of_channel);
}

/* A server that says nothing, at any place, holds up nothing: the loop turns, others are sent, and each attempt has an end. */
static void
test_stalls(void **state)
{
	struct fixture *fixture = *state;

	fixture->config.messages_seconds = 2;
	begin(fixture, "stall@ward.example");
	begin(fixture, "silent@ward.example");
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_SENT);
	assert_int_equal(fixture->came.count, 1);
	await(&fixture->came, 3);
	assert_int_equal(fixture->came.outcome.end, POST_LATER);
	assert_non_null(strstr(fixture->came.text, "did not answer in time"));
}

/* The outcome does not wait for the server's farewell. */
static void
test_lingers(void **state)
{
	struct fixture *fixture = *state;
	int64_t began = clock_mono_ms();

	assert_int_equal(send_to(fixture, "linger@ward.example"), POST_SENT);
	assert_true(clock_mono_ms() - began < fixture->config.messages_seconds * 1000);
}

/* More than are sent at once: each gets its own. */
static void
test_many(void **state)
{
	struct fixture *fixture = *state;
	struct post_sending *last;
	char *bytes;

	for (int i = 0; i < 9; i++)
		begin(fixture, "rota@ward.example");
	last = begin(fixture, "rota@ward.example");
	post_cancel(last);
	await(&fixture->came, 9);
	bytes = test_server_took(&fixture->server, 9, "eml");
	assert_non_null(bytes);
	free(bytes);
	assert_null(test_server_took(&fixture->server, 10, "eml"));
}

static void
test_of_channel(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_LATER);
	assert_true(fixture->came.outcome.of_channel);
}

/* Not even to a server on this machine in the clear, unless a setting says so; and never further. */
static void
test_never_plain(void **state)
{
	struct fixture *fixture = *state;

	fixture->config.mail_plain = "never";
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_LATER);
	assert_true(fixture->came.outcome.of_channel);
	assert_non_null(strstr(fixture->came.text, "does not encrypt"));
	assert_null(test_server_took(&fixture->server, 1, "eml"));
}

static void
test_no_server(void **state)
{
	struct config config = no_channel;
	struct fixture fixture = {.came.loop = loop_new()};
	char reason[POST_REASON_MAX];

	(void)state;
	config.mail_server = "smtp://127.0.0.1:1";
	config.mail_from = FROM;
	config.mail_plain = "loopback";
	fixture.post = post_new(fixture.came.loop, &config, reason);
	assert_int_equal(send_to(&fixture, "rota@ward.example"), POST_LATER);
	assert_true(fixture.came.outcome.of_channel);
	post_free(fixture.post);
	config.mail_server = "smtp://192.0.2.1:25";
	fixture.post = post_new(fixture.came.loop, &config, reason);
	assert_int_equal(send_to(&fixture, "rota@ward.example"), POST_LATER);
	assert_non_null(strstr(fixture.came.text, "not on this machine"));
	post_free(fixture.post);
	config.mail_server = "";
	fixture.post = post_new(fixture.came.loop, &config, reason);
	assert_false(post_has(fixture.post, POST_EMAIL));
	assert_int_equal(send_to(&fixture, "rota@ward.example"), POST_LATER);
	assert_true(fixture.came.outcome.of_channel);
	post_free(fixture.post);
	loop_free(fixture.came.loop);
}

static void
write_file(const struct fixture *fixture, const char *name, const char *text, char path[128])
{
	snprintf(path, 128, "%s/%s", fixture->server.folder, name);
	assert_int_equal(file_replace(path, text, strlen(text), 0400), STATUS_OK);
}

static void
test_tls_and_login(void **state)
{
	struct fixture *fixture = *state;
	char login[128], wrong[128], ca[128];

	write_file(fixture, "login", "cover:long enough\n", login);
	write_file(fixture, "wrong", "cover:no\n", wrong);
	snprintf(ca, sizeof ca, "%s/ca.pem", fixture->server.folder);
	fixture->config.mail_plain = "never";
	fixture->config.mail_login = login;
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_LATER);
	assert_non_null(strstr(fixture->came.text, "mail_ca"));
	fixture->config.mail_ca = ca;
	fixture->config.mail_login = wrong;
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_LATER);
	assert_true(fixture->came.outcome.of_channel);
	assert_non_null(strstr(fixture->came.text, "mail_login"));
	assert_null(strstr(fixture->came.text, "cover:"));
	assert_null(test_server_took(&fixture->server, 1, "eml"));
	fixture->config.mail_login = login;
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_SENT);
	/* A file that others may read is not used. */
	assert_int_equal(chmod(login, 0444), 0);
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_LATER);
	assert_non_null(strstr(fixture->came.text, "mail_login"));
}

static void
test_smtps(void **state)
{
	struct fixture *fixture = *state;
	char ca[128];

	snprintf(ca, sizeof ca, "%s/ca.pem", fixture->server.folder);
	fixture->config.mail_ca = ca;
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_SENT);
}

/* The loop's owner may end with messages under way. */
static void
test_freed_under_way(void **state)
{
	struct fixture *fixture = *state;
	char reason[POST_REASON_MAX];

	begin(fixture, "stall@ward.example");
	begin(fixture, "no address");
	post_free(fixture->post);
	fixture->post = post_new(fixture->came.loop, &fixture->config, reason);
	assert_int_equal(send_to(fixture, "rota@ward.example"), POST_SENT);
	assert_int_equal(fixture->came.count, 1);
}

static void
test_settings(void **state)
{
	static const char *const bad[] = {"mail.example", "http://mail.example", "smtp://",
	    "smtp://user:pw@mail.example", "smtp://mail.example/x", "smtp://mail.example?x",
	    "smtp://mail.example:99999"};
	struct config config = no_channel;
	struct loop *loop = loop_new();
	char reason[POST_REASON_MAX];

	(void)state;
	config.mail_from = FROM;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		config.mail_server = bad[i];
		assert_null(post_new(loop, &config, reason));
		assert_memory_equal(reason, "mail_server", 11);
	}
	config.mail_server = "smtps://mail.example:465";
	config.mail_from = "nobody";
	assert_null(post_new(loop, &config, reason));
	assert_memory_equal(reason, "mail_from", 9);
	loop_free(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_taken, set_up_plain, tear_down),
	    cmocka_unit_test_setup_teardown(test_refused, set_up_shared, tear_down),
	    cmocka_unit_test_setup_teardown(test_later, set_up_shared, tear_down),
	    cmocka_unit_test_setup_teardown(test_lost, set_up_shared, tear_down),
	    cmocka_unit_test_setup_teardown(test_stalls, set_up_shared, tear_down),
	    cmocka_unit_test_setup_teardown(test_lingers, set_up_shared, tear_down),
	    cmocka_unit_test_setup_teardown(test_many, set_up_plain, tear_down),
	    cmocka_unit_test_setup_teardown(test_of_channel, set_up_busy, tear_down),
	    cmocka_unit_test_setup_teardown(test_of_channel, set_up_sender, tear_down),
	    cmocka_unit_test_setup_teardown(test_never_plain, set_up_plain, tear_down),
	    cmocka_unit_test(test_no_server),
	    cmocka_unit_test_setup_teardown(test_tls_and_login, set_up_starttls, tear_down),
	    cmocka_unit_test_setup_teardown(test_smtps, set_up_smtps, tear_down),
	    cmocka_unit_test_setup_teardown(test_freed_under_way, set_up_shared, tear_down),
	    cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, start_shared, stop_shared);
}
