/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/file.h"
#include "server/base/text.h"

static char folder[] = "/tmp/crisiscover-file-XXXXXX";

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int
files_in_folder(void)
{
	DIR *dir = opendir(folder);
	int count = 0;

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

static void
test_replace_and_read(void **state)
{
	struct buf path = {0};
	struct stat st;
	char *bytes;
	size_t len;

	(void)state;
	buf_printf(&path, "%s/region.json", folder);
	assert_int_equal(file_replace(path.at, "old", 3, 0644), STATUS_OK);
	assert_int_equal(file_replace(path.at, "n\0w!", 4, 0600), STATUS_OK);
	assert_int_equal(stat(path.at, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(files_in_folder(), 1);

	assert_int_equal(file_read(path.at, 4, &bytes, &len), STATUS_OK);
	assert_int_equal(len, 4);
	assert_memory_equal(bytes, "n\0w!", 5);
	free(bytes);
	assert_int_equal(file_read(path.at, 3, &bytes, &len), STATUS_LIMIT);

	assert_int_equal(file_replace(path.at, NULL, 0, 0600), STATUS_OK);
	assert_int_equal(file_read(path.at, 0, &bytes, &len), STATUS_OK);
	assert_int_equal(len, 0);
	assert_string_equal(bytes, "");
	free(bytes);
	unlink(path.at);
	buf_free(&path);
}

static void
test_a_large_file(void **state)
{
	struct buf path = {0}, want = {0};
	char *bytes;
	size_t len;

	(void)state;
	for (int i = 0; i < 60000; i++)
		buf_printf(&want, "%d\n", i);
	buf_printf(&path, "%s/large", folder);
	assert_int_equal(file_replace(path.at, want.at, want.len, 0600), STATUS_OK);
	assert_int_equal(file_read(path.at, want.len, &bytes, &len), STATUS_OK);
	assert_int_equal(len, want.len);
	assert_memory_equal(bytes, want.at, len);
	free(bytes);
	unlink(path.at);
	buf_free(&path);
	buf_free(&want);
}

/* ${want} is what ${path} has; NULL: there is no such file. */
static void
assert_file_has(const char *path, const char *want)
{
	char *bytes;
	size_t len;

	if (want == NULL) {
		assert_int_equal(access(path, F_OK), -1);
		return;
	}
	assert_int_equal(file_read(path, 100, &bytes, &len), STATUS_OK);
	assert_string_equal(bytes, want);
	free(bytes);
}

/* holds: F11 */
static void
test_the_former_is_kept(void **state)
{
	struct buf path = {0}, former = {0}, held = {0};

	(void)state;
	buf_printf(&path, "%s/newest", folder);
	buf_printf(&former, "%s/former", folder);
	buf_printf(&held, "%s/former.new", folder);
	assert_int_equal(file_replace_keeping(path.at, former.at, "one", 3, 0600), STATUS_OK);
	assert_file_has(path.at, "one");
	assert_file_has(former.at, NULL);
	assert_int_equal(file_replace_keeping(path.at, former.at, "two", 3, 0600), STATUS_OK);
	assert_file_has(path.at, "two");
	assert_file_has(former.at, "one");
	/* A process was killed between the steps before: its second name is in nobody's way. */
	assert_int_equal(link(former.at, held.at), 0);
	assert_int_equal(file_replace_keeping(path.at, former.at, "three", 5, 0600), STATUS_OK);
	assert_file_has(path.at, "three");
	assert_file_has(former.at, "two");
	/* The newest is gone: the one that there is is not dropped. */
	assert_int_equal(unlink(path.at), 0);
	assert_int_equal(file_replace_keeping(path.at, former.at, "four", 4, 0600), STATUS_OK);
	assert_file_has(path.at, "four");
	assert_file_has(former.at, "two");
	assert_int_equal(files_in_folder(), 2);
	assert_int_equal(unlink(path.at) | unlink(former.at), 0);
	buf_free(&path);
	buf_free(&former);
	buf_free(&held);
}

/* holds: F11 */
static void
test_what_cannot_be(void **state)
{
	struct buf path = {0};
	char *bytes = NULL;
	size_t len = 7;

	(void)state;
	assert_int_equal(file_read("/nonexistent/file", 10, &bytes, &len), STATUS_GONE);
	assert_int_equal(file_read(folder, 10, &bytes, &len), STATUS_GONE);
	assert_null(bytes);
	assert_int_equal(len, 7);
	assert_int_equal(file_replace("/nonexistent/file", "x", 1, 0600), STATUS_AGAIN);
	assert_int_equal(errno, ENOENT);

	/* The name is taken by a folder: rename fails after the bytes were written; nothing stays. */
	buf_printf(&path, "%s/taken", folder);
	assert_int_equal(mkdir(path.at, 0700), 0);
	assert_int_equal(file_replace(path.at, "x", 1, 0600), STATUS_AGAIN);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(files_in_folder(), 1);
	rmdir(path.at);
	buf_free(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replace_and_read),
	    cmocka_unit_test(test_a_large_file),
	    cmocka_unit_test(test_the_former_is_kept),
	    cmocka_unit_test(test_what_cannot_be),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
