/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/confine.h"

/* Each in a child, since what is given up is given up irrevocably. An exit status other than 0 names the check that failed. */

static char inside[] = "/tmp/cc-confine-in-XXXXXX", outside[] = "/tmp/cc-confine-out-XXXXXX";

static bool
has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static int
in_a_child(int (*check)(void))
{
	pid_t pid = fork();
	int wstatus;

	if (pid == 0)
		_exit(check());
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFEXITED(wstatus));
	return WEXITSTATUS(wstatus);
}

static char *
path_in(const char *folder, const char *name)
{
	static char path[2][96];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

/* 0, or errno. */
static int
opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int
writes_inside_alone(void)
{
	confine_files((const char *const[]){inside, "/no/such/folder", NULL}, true);
	if (opens(path_in(inside, "made"), O_WRONLY | O_CREAT) != 0)
		return 1;
	if (rename(path_in(inside, "made"), path_in(inside, "renamed")) != 0)
		return 2;
	if (opens(path_in(inside, "renamed"), O_RDWR | O_TRUNC) != 0 ||
	    unlink(path_in(inside, "renamed")) != 0)
		return 3;
	if (opens(path_in(outside, "made"), O_WRONLY | O_CREAT) != EACCES ||
	    opens(path_in(outside, "there"), O_WRONLY) != EACCES)
		return 4;
	if (unlink(path_in(outside, "there")) == 0 || mkdir(path_in(outside, "folder"), 0700) == 0)
		return 5;
	if (opens(path_in(outside, "there"), O_RDONLY) != 0 || opens("/dev/null", O_WRONLY) != 0)
		return 6;
	if (symlink("/", path_in(inside, "link")) == 0 ||
	    mkfifo(path_in(inside, "fifo"), 0600) == 0)
		return 7;
	execl("/bin/true", "true", NULL);
	return errno == EACCES ? 0 : 8;
}

static int
opens_nothing_else(void)
{
	int open_before = open(path_in(outside, "there"), O_RDONLY | O_CLOEXEC);
	char byte;

	confine_files((const char *const[]){inside, NULL}, true);
	if (opens("/etc/passwd", O_RDONLY) != 0)
		return 1;
	confine_files((const char *const[]){inside, NULL}, false);
	if (opens("/etc/passwd", O_RDONLY) != EACCES ||
	    opens("/", O_RDONLY | O_DIRECTORY) != EACCES)
		return 2;
	if (opens("/proc/self/maps", O_RDONLY) != 0)
		return 6;
	if (opens(path_in(inside, "own"), O_RDWR | O_CREAT) != 0)
		return 3;
	if (read(open_before, &byte, 1) != 1)
		return 4;
	return unlink(path_in(inside, "own")) == 0 ? 0 : 5;
}

static int
leaves_no_core_and_shows_no_memory(void)
{
	struct rlimit core;

	confine_cores();
	confine_memory();
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0)
		return 1;
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 2;
}

static void
files_are_written_in_its_own_folders_alone(void **state)
{
	(void)state;
	if (!has_landlock()) {
		print_message("not run: this kernel has no Landlock\n");
		skip();
	}
	assert_int_equal(in_a_child(writes_inside_alone), 0);
}

static void
who_reads_no_more_opens_nothing(void **state)
{
	(void)state;
	if (!has_landlock()) {
		print_message("not run: this kernel has no Landlock\n");
		skip();
	}
	assert_int_equal(in_a_child(opens_nothing_else), 0);
}

static void
no_core_is_left_and_no_memory_shown(void **state)
{
	(void)state;
	assert_int_equal(in_a_child(leaves_no_core_and_shows_no_memory), 0);
}

static int
make_folders(void **state)
{
	int fd;

	(void)state;
	if (mkdtemp(inside) == NULL || mkdtemp(outside) == NULL)
		return -1;
	fd = open(path_in(outside, "there"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return write(fd, "x", 1) == 1 && close(fd) == 0 ? 0 : -1;
}

static int
remove_folders(void **state)
{
	(void)state;
	unlink(path_in(outside, "there"));
	return rmdir(inside) == 0 && rmdir(outside) == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_core_is_left_and_no_memory_shown),
	    cmocka_unit_test(files_are_written_in_its_own_folders_alone),
	    cmocka_unit_test(who_reads_no_more_opens_nothing),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
