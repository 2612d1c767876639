/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/server.h"

/* The settings file: ~/.config/crisiscover, a key=value a line. */

static char home[] = "/tmp/crisiscover-home-XXXXXX";

static void
write_settings(const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof path, "%s/.config", home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/.config/crisiscover", home);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int
set_up(void **state)
{
	(void)state;
	unsetenv("CRISISCOVER_URL");
	unsetenv("CRISISCOVER_TOKEN");
	unsetenv("REDIS_URL");
	if (mkdtemp(home) == NULL)
		return -1;
	return setenv("HOME", home, 1);
}

static int
tear_down(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof path, "%s/.config/crisiscover", home);
	unlink(path);
	snprintf(path, sizeof path, "%s/.config", home);
	rmdir(path);
	return rmdir(home);
}

static void
several_settings_stand_side_by_side(void **state)
{
	const char *url, *token, *redis;

	(void)state;
	write_settings("url=http://127.0.0.1:8080\ntoken=cc_secret\nredis=redis://127.0.0.1\n");
	url = server_setting("CRISISCOVER_URL", "url");
	token = server_setting("CRISISCOVER_TOKEN", "token");
	redis = server_setting("REDIS_URL", "redis");
	assert_string_equal(url, "http://127.0.0.1:8080");
	assert_string_equal(token, "cc_secret");
	assert_string_equal(redis, "redis://127.0.0.1");
	assert_null(server_setting("CRISISCOVER_OTHER", "other"));
}

static void
the_environment_comes_first(void **state)
{
	(void)state;
	write_settings("url=http://127.0.0.1:8080\r\ntoken=of the file\r\n");
	setenv("CRISISCOVER_TOKEN", "of the environment", 1);
	assert_string_equal(server_setting("CRISISCOVER_TOKEN", "token"), "of the environment");
	assert_string_equal(server_setting("CRISISCOVER_URL", "url"), "http://127.0.0.1:8080");
	setenv("CRISISCOVER_TOKEN", "", 1);
	assert_string_equal(server_setting("CRISISCOVER_TOKEN", "token"), "of the file");
	unsetenv("CRISISCOVER_TOKEN");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(several_settings_stand_side_by_side),
	    cmocka_unit_test(the_environment_comes_first),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
