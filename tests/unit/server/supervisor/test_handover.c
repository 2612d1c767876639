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

#include "server/roles.h"
#include "server/supervisor/handed.h"
#include "server/supervisor/handover.h"
#include "server/supervisor/renew.h"
#include "server/supervisor/state_lock.h"

/* The table of roles is crisiscoverd's. */
const struct role_row roles[] = {{"feeds", "login"}, {"api", "login"}, {NULL, NULL}};

static struct children children;

static int
forget_children(void **state)
{
	(void)state;
	memset(&children, 0, sizeof children);
	return 0;
}

static struct child *
add(const char *role, unsigned instance, enum child_part part, pid_t pid)
{
	struct child *child = children_add(&children, role, instance);

	child->part = part;
	child->pid = pid;
	return child;
}

/* ------------------------------------------------------------------------------------------ the line */

static void
what_is_written_is_read(void **state)
{
	int lock;
	struct buf line = {0};
	struct child *child;

	(void)state;
	children.listening[0] = 6;
	children.listening[1] = 8;
	children.listening_count = 2;
	child = add("api", 1, CHILD_STAYS, 1234);
	child->pulse_fd = 7;
	child->pulse = (struct pulse_page *)(void *)child; /* not NULL is all that is asked */
	add("api", 1, CHILD_GOES, 1235);
	add("feeds", 0, CHILD_STAYS, 0); /* does not run: nothing is left of it */
	handover_write(&line, 5, &children);
	buf_add(&line, "", 1);
	assert_string_equal(
	    line.at, "lock=5;listening=6;listening=8;child=api,1,0,1234,7;child=api,1,2,1235,0");
	forget_children(NULL);
	assert_true(handover_read(line.at, &lock, &children));
	assert_int_equal(lock, 5);
	assert_int_equal(children.listening_count, 2);
	assert_int_equal(children.listening[0], 6);
	assert_int_equal(children.listening[1], 8);
	assert_int_equal(children.count, 2);
	child = children_of_pid(&children, 1234);
	assert_string_equal(child->role, "api");
	assert_int_equal(child->instance, 1);
	assert_int_equal(child->part, CHILD_STAYS);
	assert_int_equal(child->pulse_fd, 7);
	assert_int_equal(children_of_pid(&children, 1235)->part, CHILD_GOES);
	buf_free(&line);
}

static void
what_a_later_program_adds_is_passed_over(void **state)
{
	int lock;

	(void)state;
	assert_true(handover_read("lock=5;moon=full;child=api,0,0,99,7,later", &lock, &children));
	assert_int_equal(children.count, 1);
}

/* A process whose role the program does not know any more is still a child, and ends. */
static void
a_role_that_is_gone_goes(void **state)
{
	int lock;

	(void)state;
	assert_true(handover_read("lock=5;child=oracle,0,0,99,7", &lock, &children));
	assert_int_equal(children_of_pid(&children, 99)->part, CHILD_GOES);
}

static void
other_lines_are_refused(void **state)
{
	static const char *const lines[] = {"", "lock", "lock=", "lock=0", "listening=6",
	    "lock=5;child=", "lock=5;child=api", "lock=5;child=api,0,0,x,7",
	    "lock=5;child=api,0,9,99,7", "lock=5;child=api,0,0,1,7", "lock=5;child=api,0,0,-1,7"};
	int lock;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_false(handover_read(lines[i], &lock, &children));
}

static void
what_is_handed_to_a_role_is_taken_once(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), other = dup(fd);
	struct handed taken;

	(void)state;
	handed_give(&(struct handed){
	    .pulse = fd, .waits = true, .listening = {other, -1}, .listening_count = 2});
	assert_int_equal(fcntl(fd, F_GETFD), 0);
	taken = handed_take(0);
	assert_int_equal(taken.pulse, fd);
	assert_int_equal(taken.listening_count, 1);
	assert_int_equal(taken.listening[0], other);
	assert_true(taken.waits);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(other, F_GETFD), FD_CLOEXEC);
	assert_int_equal(handed_take(0).pulse, 0);
	close(other);
	close(fd);
	handed_give(&(struct handed){.pulse = fd});
	assert_int_equal(handed_take(0).pulse, 0); /* closed */
	setenv("CRISISCOVER_HANDED", "0,1,2,x", 1);
	assert_int_equal(handed_take(0).listening_count, 0);
}

/* In a child, whose descriptors are its own: systemd's begin at 3. Its exit status is 0 if all is well. */
static int
take_two_sockets_of_systemd(const char *pid, unsigned instance)
{
	struct handed taken;
	int fd = open("/dev/null", O_RDWR);

	if (dup2(fd, 3) != 3 || dup2(fd, 4) != 4)
		return 1;
	unsetenv("CRISISCOVER_HANDED");
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
	taken = handed_take(instance);
	if (getenv("LISTEN_PID") != NULL || getenv("LISTEN_FDS") != NULL)
		return 2;
	if (taken.listening_count == 0)
		return 3;
	if (fcntl(3, F_GETFD) != FD_CLOEXEC || (fcntl(4, F_GETFL) & O_NONBLOCK) == 0)
		return 4;
	return 10 * taken.listening[0] + taken.listening[1];
}

static int
taken_of_systemd(bool for_it, unsigned instance)
{
	pid_t pid = fork();
	char own[16];
	int wstatus;

	if (pid == 0) {
		snprintf(own, sizeof own, "%d", for_it ? (int)getpid() : 1);
		_exit(take_two_sockets_of_systemd(own, instance));
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	return WEXITSTATUS(wstatus);
}

static void
sockets_of_systemd_are_taken_by_whom_they_are_for(void **state)
{
	(void)state;
	assert_int_equal(taken_of_systemd(true, 0), 34);
	assert_int_equal(taken_of_systemd(true, 1), 43); /* its own first */
	assert_int_equal(taken_of_systemd(true, 2), 34);
	assert_int_equal(taken_of_systemd(false, 0), 3); /* of the process that started it */
}

/* ---------------------------------------------------------------------------------------- replacing */

/* Processes that do nothing, so that they can be told to end. */
static pid_t
idle_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static void
end_idle(void)
{
	int wstatus;

	for (unsigned i = 0; i < children.count; i++)
		if (children.all[i].pid > 1) {
			kill(children.all[i].pid, SIGKILL);
			waitpid(children.all[i].pid, &wstatus, 0);
		}
}

/* holds: F16 */
static void
the_one_before_goes_when_the_next_is_ready(void **state)
{
	struct pulse_page page = {0};
	struct child *old = add("api", 0, CHILD_STAYS, idle_process()), *next;
	int64_t now = 1000;

	(void)state;
	renew_all(&children);
	next = add("api", 0, CHILD_COMES, idle_process());
	next->pulse = &page;
	next->started_ms = now;
	assert_true(renew_go_on(&children, now) < 1000);
	assert_int_equal(old->part, CHILD_STAYS);
	page.ready = 1;
	renew_go_on(&children, now);
	assert_int_equal(old->part, CHILD_GOES);
	assert_true(old->asked);
	assert_int_equal(next->part, CHILD_STAYS);
	assert_false(next->renew);
	assert_true(renew_go_on(&children, now) == INT64_MAX);
	next->pulse = NULL;
	end_idle();
}

/* holds: F16 */
static void
the_one_before_stays_when_the_next_dies_or_is_never_ready(void **state)
{
	struct pulse_page page = {0};
	struct child *old = add("api", 0, CHILD_STAYS, idle_process()), *next;

	(void)state;
	for (int dies = 0; dies < 2; dies++) {
		old->renew = true;
		next = add("api", 0, CHILD_COMES, dies ? 0 : idle_process());
		next->pulse = &page;
		next->started_ms = 1000;
		renew_go_on(&children, dies ? 1000 : 100000);
		assert_int_equal(old->part, CHILD_STAYS);
		assert_false(old->asked);
		assert_int_equal(next->part, CHILD_GOES);
		assert_true(old->due_ms > 1000); /* tried again later */
		assert_true(old->renew);
		next->pulse = NULL;
	}
	end_idle();
}

static void
whose_place_is_empty_is_followed_at_once(void **state)
{
	struct pulse_page page = {0};
	struct child *old = add("api", 0, CHILD_STAYS, idle_process()), *next;

	(void)state;
	renew_all(&children);
	next = add("api", 0, CHILD_COMES, idle_process());
	next->pulse = &page; /* not ready */
	next->started_ms = 1000;
	kill(old->pid, SIGKILL);
	waitpid(old->pid, NULL, 0);
	old->pid = 0;
	renew_go_on(&children, 1000);
	assert_int_equal(next->part, CHILD_STAYS);
	children_drop(&children);
	assert_int_equal(children.count, 1);
	children.all[0].pulse = NULL;
	end_idle();
}

/* After the api, and when everything runs. */
static void
other_roles_are_told_to_end_and_start_again(void **state)
{
	struct child *feeds = add("feeds", 0, CHILD_STAYS, idle_process());
	struct child *api = add("api", 0, CHILD_STAYS, idle_process());

	(void)state;
	renew_all(&children);
	api->due_ms = 100000; /* its next one was given up a moment ago */
	assert_true(renew_go_on(&children, 1000) < 1000);
	assert_false(feeds->asked);
	api->renew = false;
	api->started_ms = 900;
	renew_go_on(&children, 1000);
	assert_false(feeds->asked);
	assert_true(renew_go_on(&children, 2000) < 1000);
	assert_true(feeds->asked && !feeds->renew);
	assert_int_equal(feeds->part, CHILD_STAYS);
	assert_true(renew_go_on(&children, 2000) == INT64_MAX);
	end_idle();
}

static void
fewer_are_wanted(void **state)
{
	struct config config = {.api_processes = 1};

	(void)state;
	add("api", 0, CHILD_STAYS, idle_process());
	add("api", 1, CHILD_STAYS, idle_process());
	children_want(&children, &config);
	assert_int_equal(children.all[0].part, CHILD_STAYS);
	assert_int_equal(children.all[1].part, CHILD_GOES);
	assert_non_null(children_find(&children, CHILD_STAYS, "feeds", 0));
	assert_int_equal(children.count, 3);
	end_idle();
}

/* -------------------------------------------------------------------------------------------- the lock */

static void
one_serve_for_one_directory(void **state)
{
	char folder[] = "/tmp/crisiscover-lock-XXXXXX", path[64], text[32] = "";
	int lock, again, held, wstatus;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(folder));
	lock = state_lock(folder, 0);
	assert_true(lock > 0);
	snprintf(path, sizeof path, "%s/serve.lock", folder);
	again = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(read(again, text, sizeof text - 1) > 0);
	close(again);
	assert_int_equal(strtol(text, NULL, 10), getpid());
	/* It has been handed to another program of the same process, which asks again. */
	assert_int_equal(state_lock(folder, lock), lock);
	pid = fork();
	if (pid == 0) {
		close(STDERR_FILENO);
		_exit(state_lock(folder, 0) < 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0);
	close(lock);
	held = state_lock(folder, 0);
	assert_true(held > 0);
	close(held);
	unlink(path);
	rmdir(folder);
	assert_true(state_lock(folder, 0) < 0); /* there is no such folder */
}

#define FRESH(test) cmocka_unit_test_setup(test, forget_children)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FRESH(what_is_written_is_read),
	    FRESH(what_a_later_program_adds_is_passed_over),
	    FRESH(a_role_that_is_gone_goes),
	    FRESH(other_lines_are_refused),
	    FRESH(what_is_handed_to_a_role_is_taken_once),
	    FRESH(sockets_of_systemd_are_taken_by_whom_they_are_for),
	    FRESH(the_one_before_goes_when_the_next_is_ready),
	    FRESH(the_one_before_stays_when_the_next_dies_or_is_never_ready),
	    FRESH(whose_place_is_empty_is_followed_at_once),
	    FRESH(other_roles_are_told_to_end_and_start_again),
	    FRESH(fewer_are_wanted),
	    FRESH(one_serve_for_one_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
