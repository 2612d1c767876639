/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "server/base/log.h"

static char line[8192];
static int pipes[2], kept;

/* stderr into a pipe until read_line. */
static void
catch_stderr(void)
{
	assert_int_equal(pipe2(pipes, O_NONBLOCK), 0);
	kept = dup(STDERR_FILENO);
	dup2(pipes[1], STDERR_FILENO);
}

static void
read_line(void)
{
	ssize_t len = read(pipes[0], line, sizeof line - 1);

	line[len < 0 ? 0 : len] = '\0';
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(pipes[0]);
	close(pipes[1]);
}

static void
test_an_event_is_one_line_of_json(void **state)
{
	const char *rest;

	(void)state;
	log_open("feeds", LOG_INFO);
	catch_stderr();
	log_event(LOG_WARN, "feed_fetched", LOG_STR("rota", "a\nb"), LOG_STR("none", NULL),
	    LOG_INT("bytes", -7));
	read_line();
	assert_memory_equal(line, "{\"at\":\"20", 9);
	rest = strchr(line + 7, ',');
	assert_non_null(rest);
	assert_string_equal(rest,
	    ",\"level\":\"warn\",\"role\":\"feeds\",\"event\":\"feed_fetched\","
	    "\"rota\":\"a\\nb\",\"none\":null,\"bytes\":-7}\n");
	/* {"at":"2026-11-22T03:10:00.123Z" */
	assert_int_equal(rest - line, 32);
	assert_int_equal(line[17], 'T');
	assert_int_equal(line[26], '.');
	assert_int_equal(line[30], 'Z');
}

static void
test_the_least_level_is_kept(void **state)
{
	(void)state;
	log_open("feeds", LOG_WARN);
	catch_stderr();
	log_plain(LOG_INFO, "not_written");
	read_line();
	assert_string_equal(line, "");
	catch_stderr();
	log_plain(LOG_ERROR, "written");
	read_line();
	assert_non_null(strstr(line, "\"event\":\"written\"}\n"));
}

static void
test_a_long_field_is_cut_between_characters(void **state)
{
	char value[3000];

	(void)state;
	log_open("feeds", LOG_INFO);
	for (size_t i = 0; i + 3 <= sizeof value; i += 3)
		memcpy(value + i, "\xe2\x82\xac", 3);
	value[sizeof value - 1] = '\0';
	catch_stderr();
	log_event(LOG_INFO, "cut", LOG_STR("value", value));
	read_line();
	assert_in_range(strlen(line), 1000, 1200);
	assert_null(strstr(line, "\xef\xbf\xbd"));
	assert_int_equal(line[strlen(line) - 1], '\n');
}

/* A reader that stands still costs lines, not the service; the next line that goes says how many. */
/* holds: F10 */
static void
test_lines_that_do_not_go_are_counted(void **state)
{
	char skip[65536];

	(void)state;
	log_open("feeds", LOG_INFO);
	catch_stderr();
	while (write(pipes[1], skip, sizeof skip) > 0)
		;
	while (write(pipes[1], skip, 1) > 0)
		;
	log_plain(LOG_INFO, "lost");
	log_plain(LOG_INFO, "lost");
	while (read(pipes[0], skip, sizeof skip) > 0)
		;
	log_plain(LOG_INFO, "kept");
	read_line();
	assert_non_null(strstr(line, "\"event\":\"kept\",\"dropped_lines\":2}\n"));
	catch_stderr();
	log_plain(LOG_INFO, "next");
	read_line();
	assert_null(strstr(line, "dropped"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_an_event_is_one_line_of_json),
	    cmocka_unit_test(test_the_least_level_is_kept),
	    cmocka_unit_test(test_a_long_field_is_cut_between_characters),
	    cmocka_unit_test(test_lines_that_do_not_go_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
