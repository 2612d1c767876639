/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/figures.h"
#include "server/base/log.h"

/* Processes are forked from this one, which files nothing itself. */

static char folder[] = "/tmp/figures-XXXXXX";
static struct figures found[FIGURES_FILES_MAX];

static void
a_text_is_read_as_it_was_written(void **state)
{
	struct figures before = {.instance = 3, .pid = 77, .beat_ms = -5}, after;
	struct buf text = {0};

	(void)state;
	snprintf(before.role, sizeof before.role, "coverage");
	before.values[FIGURE_CHECK_AT] = INT64_MIN;
	before.known[FIGURE_CHECK_AT] = true;
	before.values[FIGURE_STARTS] = INT64_MAX;
	before.known[FIGURE_STARTS] = true;
	snprintf(before.texts[FIGURE_TEXT_REDIS], FIGURE_TEXT_MAX,
	    "WRONGPASS invalid username-password pair");
	figures_write_text(&text, &before);
	assert_true(figures_read_text((struct slice){text.at, text.len}, &after));
	assert_string_equal(after.role, "coverage");
	assert_int_equal(after.instance, 3);
	assert_int_equal(after.pid, 77);
	assert_int_equal(after.beat_ms, -5);
	assert_memory_equal(after.values, before.values, sizeof after.values);
	assert_memory_equal(after.known, before.known, sizeof after.known);
	assert_string_equal(after.texts[FIGURE_TEXT_REDIS], before.texts[FIGURE_TEXT_REDIS]);
	/* Of a longer text that was there before, something is left. */
	buf_add_text(&text, "s_noted 4\nend 0123456789abcdef\n");
	assert_true(figures_read_text((struct slice){text.at, text.len}, &after));
	assert_int_equal(after.values[FIGURE_STARTS], INT64_MAX);
	buf_free(&text);
}

static void
what_is_damaged_or_cut_is_none(void **state)
{
	struct figures figures = {.pid = 5}, out;
	struct buf text = {0};

	(void)state;
	figures.known[FIGURE_STARTS] = true;
	figures_write_text(&text, &figures);
	for (size_t i = 0; i < text.len - 1; i++) {
		assert_false(figures_read_text((struct slice){text.at, i}, &out));
		text.at[i] ^= 1;
		assert_false(figures_read_text((struct slice){text.at, text.len}, &out));
		text.at[i] ^= 1;
	}
	assert_false(figures_read_text(SLICE(""), &out));
	buf_free(&text);
}

static void
what_another_version_files_besides_is_passed_over(void **state)
{
	struct figures figures = {.pid = 5}, out;
	struct buf text = {0}, more = {0};
	char *end;

	(void)state;
	figures_write_text(&text, &figures);
	end = strstr(text.at, "end ");
	buf_add(&more, text.at, (size_t)(end - text.at));
	buf_add_text(&more, "colour 7\nsays_colour blue\nstarts many\n");
	/* The hash is that of the longer text: FNV-1a, as it is for every text. */
	assert_false(figures_read_text((struct slice){more.at, more.len}, &out));
	{
		uint64_t hash = UINT64_C(0xcbf29ce484222325);

		for (size_t i = 0; i < more.len; i++)
			hash = (hash ^ (unsigned char)more.at[i]) * UINT64_C(0x100000001b3);
		buf_printf(&more, "end %016llx\n", (unsigned long long)hash);
	}
	assert_true(figures_read_text((struct slice){more.at, more.len}, &out));
	assert_int_equal(out.pid, 5);
	assert_false(out.known[FIGURE_STARTS]);
	buf_free(&text);
	buf_free(&more);
}

/* ------------------------------------------------------------------------------------------- processes */

struct process {
	pid_t pid;
	int orders, answers;
};

/* Does what the letters say: f files, + counts a request, g sets a gauge and a text, q ends; says when it is done. */
static _Noreturn void
obey(int orders, int answers, unsigned instance)
{
	char order;

	log_open("test", LOG_ERROR);
	figures_open(folder, "api", instance);
	while (write(answers, ".", 1) == 1 && read(orders, &order, 1) == 1 && order != 'q') {
		if (order == '+')
			figure_add(FIGURE_HTTP_REQUESTS, 1);
		else if (order == 'g') {
			figure_set(FIGURE_HTTP_OPEN, 9);
			figure_set(FIGURE_CHECK_AT, 1000);
			figure_say(FIGURE_TEXT_DATABASE, "gone\nfor good");
		}
		figures_file();
	}
	figures_close(false);
	_exit(0);
}

static void
await(const struct process *process)
{
	char done;

	assert_int_equal(read(process->answers, &done, 1), 1);
}

static struct process
begin(unsigned instance)
{
	struct process process;
	int orders[2], answers[2];

	assert_int_equal(pipe2(orders, O_CLOEXEC) | pipe2(answers, O_CLOEXEC), 0);
	process.pid = fork();
	if (process.pid == 0) {
		close(orders[1]);
		close(answers[0]);
		obey(orders[0], answers[1], instance);
	}
	close(orders[0]);
	close(answers[1]);
	process.orders = orders[1];
	process.answers = answers[0];
	await(&process);
	return process;
}

static void
order(const struct process *process, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		assert_int_equal(write(process->orders, letters, 1), 1);
		await(process);
	}
}

static void
finish(struct process *process, int number)
{
	if (number != 0)
		kill(process->pid, number);
	else
		assert_int_equal(write(process->orders, "q", 1), 1);
	close(process->orders);
	close(process->answers);
	assert_int_equal(waitpid(process->pid, NULL, 0), process->pid);
}

static const struct figures *
read_one(void)
{
	assert_int_equal(figures_read(folder, found, FIGURES_FILES_MAX), 1);
	return &found[0];
}

static void
counters_go_on_after_kill_and_gauges_do_not(void **state)
{
	struct process process = begin(0);
	const struct figures *one;
	pid_t first = process.pid;

	(void)state;
	order(&process, "+++g");
	one = read_one();
	assert_true(one->lives && one->pid == first && one->beat_ms > 0);
	assert_int_equal(one->values[FIGURE_HTTP_REQUESTS], 3);
	assert_int_equal(one->values[FIGURE_HTTP_OPEN], 9);
	assert_string_equal(one->texts[FIGURE_TEXT_DATABASE], "gone");
	finish(&process, SIGKILL);
	one = read_one();
	assert_false(one->lives);
	assert_int_equal(one->values[FIGURE_HTTP_REQUESTS], 3);

	process = begin(0);
	order(&process, "++");
	one = read_one();
	assert_true(one->lives && one->pid == process.pid);
	assert_int_equal(one->values[FIGURE_HTTP_REQUESTS], 5);
	assert_int_equal(one->values[FIGURE_STARTS], 2);
	assert_int_equal(one->values[FIGURE_CHECK_AT], 1000); /* it is kept */
	assert_false(one->known[FIGURE_HTTP_OPEN]);
	assert_string_equal(one->texts[FIGURE_TEXT_DATABASE], "");
	finish(&process, 0);
}

/* As an api process is replaced: the new one begins before the one before has ended. */
static void
who_comes_waits_for_who_goes(void **state)
{
	struct process goes = begin(0), comes;
	int64_t before = read_one()->values[FIGURE_HTTP_REQUESTS];

	(void)state;
	comes = begin(0);
	order(&comes, "++");
	order(&goes, "+");
	assert_int_equal(read_one()->pid, goes.pid);
	assert_int_equal(read_one()->values[FIGURE_HTTP_REQUESTS], before + 1);
	finish(&goes, 0);
	order(&comes, "f");
	assert_int_equal(read_one()->pid, comes.pid);
	assert_int_equal(read_one()->values[FIGURE_HTTP_REQUESTS], before + 3);
	finish(&comes, 0);
}

static void
files_are_read_in_order_and_damaged_ones_are_left_out(void **state)
{
	struct process second = begin(11), first = begin(2);
	char path[64];
	int fd;

	(void)state;
	snprintf(path, sizeof path, "%s/flags-0.figures", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "crisiscover figures 1\nrole flags\n", 33), 33);
	close(fd);
	assert_int_equal(figures_read(folder, found, FIGURES_FILES_MAX), 3);
	assert_int_equal(found[0].instance, 0);
	assert_int_equal(found[1].instance, 2);
	assert_int_equal(found[2].instance, 11);
	assert_int_equal(figures_read(folder, found, 2), 2);
	assert_int_equal(figures_read("/nowhere", found, 2), 0);
	finish(&first, 0);
	finish(&second, 0);
}

/* Last: from here on this process files, too. */
static void
who_cannot_file_says_its_own_figures(void **state)
{
	(void)state;
	figures_open("/nowhere", "feeds", 0);
	figure_set(FIGURE_DISK_LOG_FREE, 4);
	assert_int_equal(figures_read("/nowhere", found, 2), 1);
	assert_string_equal(found[0].role, "feeds");
	assert_true(found[0].lives && found[0].known[FIGURE_DISK_LOG_FREE]);
	figure_forget(FIGURE_DISK_LOG_FREE);
	assert_int_equal(figures_read("/nowhere", found, 2), 1);
	assert_false(found[0].known[FIGURE_DISK_LOG_FREE]);
	figures_close(false);
	figures_open(folder, "feeds", 0);
	assert_int_equal(figures_read(folder, found, FIGURES_FILES_MAX), 4);
	figures_close(true);
	assert_int_equal(figures_read(folder, found, FIGURES_FILES_MAX), 3);
}

static int
make_folder(void **state)
{
	(void)state;
	log_open("test", LOG_ERROR);
	return mkdtemp(folder) == NULL;
}

static int
remove_folder(void **state)
{
	char *command = NULL;
	int status;

	(void)state;
	if (asprintf(&command, "rm -r %s", folder) < 0)
		return 1;
	status = system(command);
	free(command);
	return status;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_is_read_as_it_was_written),
	    cmocka_unit_test(what_is_damaged_or_cut_is_none),
	    cmocka_unit_test(what_another_version_files_besides_is_passed_over),
	    cmocka_unit_test(counters_go_on_after_kill_and_gauges_do_not),
	    cmocka_unit_test(who_comes_waits_for_who_goes),
	    cmocka_unit_test(files_are_read_in_order_and_damaged_ones_are_left_out),
	    cmocka_unit_test(who_cannot_file_says_its_own_figures),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
