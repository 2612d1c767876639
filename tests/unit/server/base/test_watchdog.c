/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/watchdog.h"

/* What a role says to systemd, read as systemd reads it. */

#define DEADLINE_MS 20000

static char folder[] = "/tmp/cc-watchdog-XXXXXX", path[64];
static int systemd = -1;

static int
listen_as_systemd(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/notify", folder);
	memcpy(address.sun_path, path, strlen(path) + 1);
	systemd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return bind(systemd, (const struct sockaddr *)&address, sizeof address);
}

static int
clean_up(void **state)
{
	(void)state;
	close(systemd);
	unlink(path);
	return rmdir(folder);
}

/* The next datagram; "" if there is none now. */
static const char *
heard(void)
{
	static char text[128];
	ssize_t got = recv(systemd, text, sizeof text - 1, MSG_DONTWAIT);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

/* Starts again as a new process would, with ${usec} to say that it lives, or NULL. */
static void
start(const char *usec, const char *pid, bool waits)
{
	while (heard()[0] != '\0')
		;
	setenv("NOTIFY_SOCKET", path, 1);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (usec != NULL)
		setenv("WATCHDOG_USEC", usec, 1);
	if (pid != NULL)
		setenv("WATCHDOG_PID", pid, 1);
	watchdog_open(waits);
	assert_null(getenv("NOTIFY_SOCKET"));
	assert_null(getenv("WATCHDOG_USEC"));
}

static void
it_is_ready_with_the_first_turn_or_when_it_says_so(void **state)
{
	(void)state;
	start(NULL, NULL, false);
	assert_string_equal(heard(), "");
	watchdog_turn(0, false);
	assert_string_equal(heard(), "READY=1");
	watchdog_turn(0, false);
	assert_string_equal(heard(), "");
	start(NULL, NULL, true);
	watchdog_turn(0, false);
	assert_string_equal(heard(), "");
	watchdog_ready();
	assert_string_equal(heard(), "READY=1");
	watchdog_ready();
	assert_string_equal(heard(), "");
}

static void
turns_are_told_four_times_in_each_limit(void **state)
{
	int64_t began, ended;
	int told = 0;

	(void)state;
	start("400000", NULL, true);
	began = clock_mono_ms();
	while (told < 3) {
		watchdog_turn(0, false);
		if (strcmp(heard(), "WATCHDOG=1") == 0)
			told++;
		assert_true(clock_mono_ms() - began < DEADLINE_MS);
	}
	ended = clock_mono_ms();
	assert_true(ended - began >= 200); /* the first at once, then every 100 ms */
}

static void
what_takes_longer_is_given_longer_until_the_next_turn(void **state)
{
	(void)state;
	start("20000000", NULL, true);
	watchdog_turn(0, false);
	assert_string_equal(heard(), "WATCHDOG=1");
	watchdog_long(10);
	assert_string_equal(heard(), "");
	watchdog_long(60);
	assert_string_equal(heard(), "WATCHDOG_USEC=60000000\nWATCHDOG=1");
	watchdog_turn(0, false);
	assert_string_equal(heard(), "WATCHDOG_USEC=20000000\nWATCHDOG=1");
	watchdog_turn(0, false);
	assert_string_equal(heard(), "");
}

/* Of a limit that is meant for another process, or is none, nothing is said. */
static void
others_limits_are_passed_over(void **state)
{
	static const char *const limits[] = {"0", "-5", "x", "999", ""};

	(void)state;
	start("400000", "1", true);
	watchdog_turn(0, false);
	assert_string_equal(heard(), "");
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		start(limits[i], NULL, true);
		watchdog_turn(0, false);
		watchdog_long(60);
		assert_string_equal(heard(), "");
	}
}

static void
without_systemd_nothing_is_said(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	watchdog_open(false);
	watchdog_turn(1, true);
	watchdog_long(60);
	watchdog_ready();
	setenv("NOTIFY_SOCKET", "relative/path", 1);
	watchdog_open(false);
	watchdog_turn(1, true);
	assert_string_equal(heard(), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_ready_with_the_first_turn_or_when_it_says_so),
	    cmocka_unit_test(turns_are_told_four_times_in_each_limit),
	    cmocka_unit_test(what_takes_longer_is_given_longer_until_the_next_turn),
	    cmocka_unit_test(others_limits_are_passed_over),
	    cmocka_unit_test(without_systemd_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, listen_as_systemd, clean_up);
}
