/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/unix_socket.h"

static char folder[] = "/tmp/crisiscover-socket-XXXXXX";
static char path[64];

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/s", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
nobody_but_who_may_connects(void **state)
{
	static const mode_t modes[] = {0600, 0660};
	mode_t before = umask(0);

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		int fd = unix_socket_listen(path, modes[i], 1);
		struct stat found;

		assert_true(fd >= 0);
		assert_int_equal(stat(path, &found), 0);
		assert_int_equal(found.st_mode & 0777, modes[i]);
		assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
		assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
		close(fd);
		assert_int_equal(umask(0), 0);
	}
	umask(before);
	/* What the second one found was the first one's, which nobody listened at any more. */
	assert_int_equal(unlink(path), 0);
}

static void
a_living_process_is_not_robbed(void **state)
{
	int fd = unix_socket_listen(path, 0600, 1);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(unix_socket_listen(path, 0600, 1), -1);
	assert_int_equal(errno, EADDRINUSE);
	/* Also not when its backlog is full. */
	assert_int_equal(unix_socket_listen(path, 0600, 1), -1);
	assert_int_equal(unix_socket_listen(path, 0600, 1), -1);
	assert_int_equal(errno, EADDRINUSE);
	close(fd);
	assert_int_equal(unlink(path), 0);
}

static void
what_is_no_socket_stays(void **state)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(unix_socket_listen(path, 0600, 1), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(unlink(path), 0);
}

static void
a_path_is_never_cut(void **state)
{
	char longest[UNIX_SOCKET_PATH_MAX + 2];
	int fd;

	(void)state;
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	memcpy(longest, path, strlen(path));
	assert_int_equal(unix_socket_listen(longest, 0600, 1), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	longest[UNIX_SOCKET_PATH_MAX] = '\0';
	fd = unix_socket_listen(longest, 0600, 1);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(unlink(longest), 0);
	assert_int_equal(unix_socket_listen("/nowhere/at/all", 0600, 1), -1);
	assert_int_equal(errno, ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_but_who_may_connects),
	    cmocka_unit_test(a_living_process_is_not_robbed),
	    cmocka_unit_test(what_is_no_socket_stays),
	    cmocka_unit_test(a_path_is_never_cut),
	};

	return cmocka_run_group_tests_name("unix_socket", tests, make_folder, remove_folder);
}
