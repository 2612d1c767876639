/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/file.h"
#include "server/base/user.h"
#include "server/base/user_limit.h"

/* Becoming another user wants root. Scenarios g11 to g18 have it with users that are made for them. */

static void
need_root(void)
{
	if (geteuid() != 0) {
		print_message("not run: it wants root\n");
		skip();
	}
}

static void
users_that_will_not_do_are_refused_with_the_reason(void **state)
{
	struct user user;

	(void)state;
	assert_string_equal(user_find("root", &user), "it is root");
	assert_string_equal(user_find("crisiscover-no-such-role", &user), "there is no such user");
	assert_null(user_find("nobody", &user));
	assert_int_equal(user.uid, getpwnam("nobody")->pw_uid);
	assert_int_equal(user.group_count, 1);
	assert_int_equal(user.groups[0], user.gid);
}

/* In a child: what it becomes is irrevocable. Its exit status says which of the checks failed. */
static int
become_nobody(void)
{
	struct user user;

	if (user_find("nobody", &user) != NULL)
		return 1;
	user_become(&user);
	if (getuid() != user.uid || getgid() != user.gid || getgroups(0, NULL) != 1)
		return 2;
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return 3;
	if (user_check_rights() == NULL || user_keep_rights() == NULL)
		return 4;
	return access("/etc/shadow", R_OK) == 0 ? 5 : 0;
}

static void
who_becomes_a_user_cannot_go_back(void **state)
{
	int wstatus;
	pid_t pid;

	(void)state;
	need_root();
	pid = fork();
	if (pid == 0)
		_exit(become_nobody());
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFEXITED(wstatus));
	assert_int_equal(WEXITSTATUS(wstatus), 0);
}

/* In a child. All of root's rights are there: what fails, fails by the limit. */
static int
become_limited(void)
{
	struct user nobody, daemon_user;

	if (user_find("nobody", &nobody) != NULL || user_find("daemon", &daemon_user) != NULL)
		return 1;
	if (!user_may_become(&daemon_user) || user_limit(&nobody, 1) != NULL)
		return 2;
	if (user_may_become(&daemon_user) || !user_may_become(&nobody))
		return 3;
	if (setresuid(0, 0, 0) == 0 || setresuid(nobody.uid, nobody.uid, 0) == 0 ||
	    setresuid(nobody.uid, 0, nobody.uid) == 0 ||
	    setresuid((uid_t)-1, (uid_t)-1, daemon_user.uid) == 0)
		return 4;
	if (setuid(daemon_user.uid) == 0 || setreuid(daemon_user.uid, daemon_user.uid) == 0 ||
	    setgid(daemon_user.gid) == 0 || setregid(daemon_user.gid, daemon_user.gid) == 0 ||
	    setresgid(0, 0, 0) == 0)
		return 5;
	if (unshare(CLONE_NEWUSER) == 0 || errno != EPERM)
		return 6;
	/* What it starts, and what it has become, is limited as well; a second time is none. */
	if (user_limit(&daemon_user, 1) != NULL || user_may_become(&daemon_user))
		return 7;
	user_become(&nobody);
	return getuid() == nobody.uid ? 0 : 8;
}

/* holds: A15 */
static void
who_is_limited_becomes_nobody_else(void **state)
{
	int wstatus;
	pid_t pid;

	(void)state;
	need_root();
	pid = fork();
	if (pid == 0)
		_exit(become_limited());
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFEXITED(wstatus));
	assert_int_equal(WEXITSTATUS(wstatus), 0);
}

static void
root_may_not_start_others(void **state)
{
	(void)state;
	need_root();
	assert_string_equal(user_check_rights(), "it runs as root");
	assert_string_equal(user_keep_rights(), "it runs as root");
	assert_int_equal(geteuid(), 0);
}

static uid_t
owner_of(const char *path)
{
	struct stat found;

	assert_int_equal(lstat(path, &found), 0);
	return found.st_uid;
}

/* A key that root makes or changes in a role's folder. */
static void
what_root_writes_is_of_the_user_whose_folder_or_file_it_is(void **state)
{
	char folder[] = "/tmp/cc-test-user-XXXXXX", path[64];
	uid_t nobody = getpwnam("nobody")->pw_uid, daemon_user = getpwnam("daemon")->pw_uid;

	(void)state;
	need_root();
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chown(folder, nobody, (gid_t)-1), 0);
	snprintf(path, sizeof path, "%s/key", folder);
	assert_int_equal(file_replace(path, "one", 3, 0400), STATUS_OK);
	assert_int_equal(owner_of(path), nobody);
	assert_int_equal(chown(path, daemon_user, (gid_t)-1), 0);
	assert_int_equal(file_replace(path, "two", 3, 0400), STATUS_OK);
	assert_int_equal(owner_of(path), daemon_user);
	unlink(path);
	rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(users_that_will_not_do_are_refused_with_the_reason),
	    cmocka_unit_test(who_becomes_a_user_cannot_go_back),
	    cmocka_unit_test(who_is_limited_becomes_nobody_else),
	    cmocka_unit_test(root_may_not_start_others),
	    cmocka_unit_test(what_root_writes_is_of_the_user_whose_folder_or_file_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
