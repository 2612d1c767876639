/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/redis/talk.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* URLs, passwords, and peers that are no Redis. */

static void
a_url_that_will_not_do_is_refused(void **state)
{
	static const struct {
		const char *url, *reason;
	} bad[] = {
	    {"", "start with"},
	    {"http://127.0.0.1", "start with"},
	    {"rediss://127.0.0.1", "TLS"},
	    {"redis://localhost:6379", "number"},
	    {"redis://redis.example", "number"},
	    {"redis://", "number"},
	    {"redis://127.0.0.1:", "port"},
	    {"redis://127.0.0.1:0", "port"},
	    {"redis://127.0.0.1:65536", "port"},
	    {"redis://127.0.0.1:6379/0", "port"},
	    {"redis://[::1", "number"},
	    {"redis://[::1]6379", "port"},
	    {"redis://secret@127.0.0.1", "colon"},
	    {"unix://", "absolute"},
	    {"unix://relative", "absolute"},
	};
	struct loop *loop = loop_new();
	struct redis *redis;
	char longest[200];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *reason = "";

		assert_null(redis_open(loop, &(struct redis_options){.url = bad[i].url}, &reason));
		assert_non_null(strstr(reason, bad[i].reason));
		assert_null(redis_open(loop, &(struct redis_options){.url = bad[i].url}, NULL));
	}
	snprintf(longest, sizeof longest, "unix:///%0107d", 0);
	assert_null(redis_open(loop, &(struct redis_options){.url = longest}, NULL));
	snprintf(longest, sizeof longest, "unix:///%0106d", 0);
	redis = redis_open(loop, &(struct redis_options){.url = longest}, NULL);
	assert_non_null(redis);
	redis_close(redis);
	loop_free(loop);
}

static void
a_url_of_every_form_is_taken(void **state)
{
	static const char *const good[] = {"redis://127.0.0.1", "redis://127.0.0.1/",
	    "redis://10.1.2.3:7000", "redis://[::1]", "redis://[2001:db8::1]:6380/",
	    "redis://:pa%40ss@127.0.0.1", "redis://user:p@ss@127.0.0.1", "unix:///run/redis.sock",
	    "unix://:secret@/run/redis.sock"};
	struct loop *loop = loop_new();

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct redis *redis =
		    redis_open(loop, &(struct redis_options){.url = good[i]}, NULL);

		assert_non_null(redis);
		redis_close(redis);
	}
	loop_free(loop);
}

static enum status
status_over(const char *url)
{
	struct loop *loop = loop_new();
	struct redis *redis =
	    redis_open(loop, &(struct redis_options){.url = url, .command_ms = 500}, NULL);
	struct heard heard = ask(loop, redis, "PING");

	redis_close(redis);
	loop_free(loop);
	return heard.st;
}

static void
passwords_and_ports_work(void **state)
{
	struct scratch_redis *server = scratch_redis_start(
	    &(struct scratch_redis_options){.password = "s@cret/1", .tcp = true});
	char url[300];

	(void)state;
	assert_int_equal(status_over(scratch_redis_tcp_url(server)), STATUS_OK);
	snprintf(url, sizeof url, "unix://:s%%40cret%%2F1@%s", scratch_redis_socket(server));
	assert_int_equal(status_over(url), STATUS_OK);
	snprintf(url, sizeof url, "unix://default:s@cret/1@%s", scratch_redis_socket(server));
	assert_int_equal(status_over(url), STATUS_OK);
	snprintf(url, sizeof url, "unix://:wrong@%s", scratch_redis_socket(server));
	assert_int_equal(status_over(url), STATUS_AGAIN);
	assert_int_equal(status_over(scratch_redis_url(server)), STATUS_AGAIN); /* none at all */
	scratch_redis_stop(server);
}

static void
a_server_that_is_not_there_is_try_again(void **state)
{
	(void)state;
	assert_int_equal(status_over("unix:///nonexistent/redis.sock"), STATUS_AGAIN);
	assert_int_equal(status_over("redis://127.0.0.1:1"), STATUS_AGAIN);
}

struct stranger {
	int fd;
	const char *says;
	int talked;
};

static void
on_stranger(void *ctx)
{
	struct stranger *stranger = ctx;
	int peer = accept4(stranger->fd, NULL, NULL, SOCK_NONBLOCK);

	if (peer < 0)
		return;
	stranger->talked++;
	if (stranger->says == NULL)
		return; /* left hanging */
	assert_int_equal(send(peer, stranger->says, strlen(stranger->says), MSG_NOSIGNAL),
	    strlen(stranger->says));
}

/* Something listens there, and it is no Redis, or one in no state to serve: each attempt ends, and
 * another follows. */
/* holds: F9 */
static void
a_stranger_is_given_up(void **state)
{
	static const char *const words[] = {NULL, "HTTP/1.1 400 Bad Request\r\n\r\n",
	    "-LOADING Redis is loading\r\n", "*-7\r\n", "$99999999999999999999\r\n"};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct loop *loop = loop_new();
		char *folder = scratch_folder(), url[200];
		struct sockaddr_un address = {.sun_family = AF_UNIX};
		struct stranger stranger = {
		    .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), .says = words[i]};
		int64_t deadline = clock_mono_ms() + PATIENCE_MS;
		struct heard heard = {0};
		struct redis *redis;

		snprintf(address.sun_path, sizeof address.sun_path, "%s/r", folder);
		snprintf(url, sizeof url, "unix://%s/r", folder);
		assert_int_equal(bind(stranger.fd, (struct sockaddr *)&address, sizeof address), 0);
		assert_int_equal(listen(stranger.fd, 5), 0);
		loop_every(loop, 5, on_stranger, &stranger);
		redis = redis_open(loop,
		    &(struct redis_options){.url = url, .connect_ms = 300, .command_ms = 300},
		    NULL);
		say(redis, "PING", &heard);
		while (stranger.talked < 2) {
			run_for(loop, 10);
			assert_true(clock_mono_ms() < deadline);
		}
		run_until(loop, &heard.times);
		assert_int_equal(heard.st, STATUS_AGAIN);
		redis_close(redis);
		loop_free(loop);
		close(stranger.fd);
		free(folder);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_url_that_will_not_do_is_refused),
	    cmocka_unit_test(a_url_of_every_form_is_taken),
	    cmocka_unit_test(passwords_and_ports_work),
	    cmocka_unit_test(a_server_that_is_not_there_is_try_again),
	    cmocka_unit_test(a_stranger_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
