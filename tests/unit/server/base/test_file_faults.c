/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/file.h"

/*
 * A disk that fails: each call that replaces a file fails in turn. The linker puts these before those of the C library
 * (--wrap); only what the folder under test makes comes here.
 */

int __real_mkostemp(char *template, int flags);
int __real_fchmod(int fd, mode_t mode);
ssize_t __real_write(int fd, const void *bytes, size_t len);
int __real_fsync(int fd);
int __real_close(int fd);
int __real_link(const char *from, const char *to);
int __real_unlink(const char *path);
int __real_rename(const char *from, const char *to);
int __real_open(const char *path, int flags, ...);

int __wrap_mkostemp(char *template, int flags);
int __wrap_fchmod(int fd, mode_t mode);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
int __wrap_link(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_rename(const char *from, const char *to);
int __wrap_open(const char *path, int flags, ...);

static bool counting, in_pieces;
static unsigned counted, failing;
static int cause;

static bool
fails(void)
{
	if (!counting || ++counted != failing)
		return false;
	errno = cause;
	return true;
}

int
__wrap_mkostemp(char *template, int flags)
{
	return fails() ? -1 : __real_mkostemp(template, flags);
}

int
__wrap_fchmod(int fd, mode_t mode)
{
	return fails() ? -1 : __real_fchmod(fd, mode);
}

ssize_t
__wrap_write(int fd, const void *bytes, size_t len)
{
	if (fails())
		return -1;
	return __real_write(fd, bytes, counting && in_pieces && len > 1 ? 1 : len);
}

int
__wrap_fsync(int fd)
{
	return fails() ? -1 : __real_fsync(fd);
}

/* A failed close() has closed. */
int
__wrap_close(int fd)
{
	int done = __real_close(fd);

	return fails() ? -1 : done;
}

int
__wrap_link(const char *from, const char *to)
{
	return fails() ? -1 : __real_link(from, to);
}

int
__wrap_unlink(const char *path)
{
	return fails() ? -1 : __real_unlink(path);
}

int
__wrap_rename(const char *from, const char *to)
{
	return fails() ? -1 : __real_rename(from, to);
}

int
__wrap_open(const char *path, int flags, ...)
{
	return fails() ? -1 : __real_open(path, flags, 0600);
}

static char folder[] = "/tmp/crisiscover-faults-XXXXXX";
static char path[64], former[64], held[64];

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/newest", folder);
	snprintf(former, sizeof former, "%s/former", folder);
	snprintf(held, sizeof held, "%s/former.new", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
clear(void)
{
	unlink(path);
	unlink(former);
	unlink(held);
}

/* Whether ${name} holds ${first} or ${second}, whole. */
static bool
has_either(const char *name, const char *first, const char *second)
{
	char *bytes;
	size_t len;
	bool has;

	if (file_read(name, 100, &bytes, &len) != STATUS_OK)
		return false;
	has = strcmp(bytes, first) == 0 || strcmp(bytes, second) == 0;
	free(bytes);
	return has;
}

/* Names in the folder besides the two files and the second name of the newest, which the next success takes away. */
static unsigned
strays(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	unsigned count = 0;

	while ((entry = readdir(dir)) != NULL)
		count += entry->d_name[0] != '.' && strcmp(entry->d_name, "newest") != 0 &&
			 strcmp(entry->d_name, "former") != 0 &&
			 strcmp(entry->d_name, "former.new") != 0;
	closedir(dir);
	return count;
}

/* One replacement with the call ${number} failing; false: it has fewer. */
static bool
replace_with_a_fault(unsigned number)
{
	enum status st;
	bool reached;
	int why;

	clear();
	assert_int_equal(file_replace_keeping(path, former, "one", 3, 0600), STATUS_OK);
	assert_int_equal(file_replace_keeping(path, former, "two", 3, 0600), STATUS_OK);
	counted = 0;
	failing = number;
	counting = true;
	st = file_replace_keeping(path, former, "three", 5, 0600);
	why = errno;
	counting = false;
	reached = counted >= number;
	/* Interrupted, a write is made again. */
	assert_true(st == STATUS_OK || (reached && st == STATUS_AGAIN && why == cause));
	assert_true(has_either(path, "two", "three"));
	assert_true(has_either(former, "one", "two"));
	if (st == STATUS_OK)
		assert_true(has_either(path, "three", "three") && has_either(former, "two", "two"));
	assert_int_equal(strays(), 0);
	/* The disk is well again: so is the next replacement. */
	assert_int_equal(file_replace_keeping(path, former, "four", 4, 0600), STATUS_OK);
	assert_true(has_either(path, "four", "four") && has_either(former, "two", "three"));
	assert_int_not_equal(access(held, F_OK), 0);
	return reached;
}

/* holds: F10 F11 */
static void
each_failing_call_leaves_two_whole_files(void **state)
{
	static const int causes[] = {EIO, ENOSPC, EDQUOT, EROFS, EINTR};
	unsigned calls = 0;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof causes / sizeof *causes; i++) {
		unsigned number = 1;

		cause = causes[i / 2];
		in_pieces = i % 2 == 1;
		while (replace_with_a_fault(number))
			number++;
		calls += number - 1;
	}
	/* Both forms of at least nine calls: each was really made to fail. */
	assert_true(calls >= 5 * 2 * 9);
	clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_failing_call_leaves_two_whole_files),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
