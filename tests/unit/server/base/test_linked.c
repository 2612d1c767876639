/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/linked.h"

#define LIBRARY "/usr/lib/x86_64-linux-gnu/libcsv.so.3"

static void
copy(const char *from, const char *to)
{
	char *command = NULL;

	assert_true(asprintf(&command, "cp -L %s %s", from, to) > 0);
	assert_int_equal(system(command), 0);
	free(command);
}

/* The path of a library that this process is linked with or can load. */
static const char *
any_library(void)
{
	static const char *const places[] = {LIBRARY, "/usr/lib/aarch64-linux-gnu/libcsv.so.3",
	    "/lib/x86_64-linux-gnu/libz.so.1", "/lib/aarch64-linux-gnu/libz.so.1"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	fail_msg("no library to copy");
	return NULL;
}

static void
a_library_that_is_replaced_while_it_runs_is_named(void **state)
{
	char folder[] = "/tmp/crisiscover-linked-XXXXXX", *path = NULL, *new = NULL;
	struct buf names = {0};
	void *loaded;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(asprintf(&path, "%s/libold.so.1", folder) > 0);
	assert_true(asprintf(&new, "%s/libold.so.1.dpkg-new", folder) > 0);
	copy(any_library(), path);
	loaded = dlopen(path, RTLD_NOW);
	assert_non_null(loaded);
	assert_int_equal(linked_replaced(&names), 0);
	/* As dpkg does. */
	copy(any_library(), new);
	assert_int_equal(rename(new, path), 0);
	assert_int_equal(linked_replaced(&names), 1);
	assert_string_equal(names.at, "libold.so.1");
	assert_int_equal(linked_replaced(NULL), 1);
	dlclose(loaded);
	assert_int_equal(linked_replaced(NULL), 0);
	unlink(path);
	rmdir(folder);
	buf_free(&names);
	free(path);
	free(new);
}

static void
only_code_of_libraries_counts_and_each_once(void **state)
{
	static const char maps[] =
	    "7f00-7f01 r--p 00000000 08:01 11 /usr/lib/libz.so.1.2.13 (deleted)\n"
	    "7f01-7f02 r-xp 00001000 08:01 11 /usr/lib/libz.so.1.2.13 (deleted)\n"
	    "7f02-7f03 r-xp 00002000 08:01 11 /usr/lib/libz.so.1.2.13 (deleted)\n"
	    "7f03-7f04 r-xp 00000000 08:01 12 /usr/lib/libc.so.6\n"
	    "7f04-7f05 r-xp 00000000 08:01 13 /usr/bin/crisiscoverd (deleted)\n"
	    "7f05-7f06 rw-p 00000000 00:01 14 /dev/shm/page (deleted)\n"
	    "7f06-7f07 r-xp 00000000 00:00 0 [vdso]\n"
	    "7f07-7f08 r-xp 00000000 08:01 15 /usr/lib/libpq.so.5.15 (deleted)";
	struct buf names = {0};

	(void)state;
	assert_int_equal(linked_replaced_in(SLICE(maps), &names), 2);
	assert_string_equal(names.at, "libz.so.1.2.13, libpq.so.5.15");
	buf_free(&names);
	for (size_t len = 0; len < sizeof maps; len++) {
		char *cut = strndup(maps, len);

		assert_true(linked_replaced_in(slice_of(cut), NULL) <= 2);
		free(cut);
	}
}

static void
versions_are_compared_with_those_that_are_installed(void **state)
{
	char path[] = "/tmp/crisiscover-dpkg-XXXXXX";
	int fd = mkstemp(path);
	static const char list[] =
	    "Package: libpq\nVersion: 0\n\nPackage: libpq5\nStatus: install ok installed\n"
	    "Version: 99.9-security\n\nPackage: other\nVersion: 1\n";
	struct buf here = {0}, none = {0};

	(void)state;
	assert_int_equal(write(fd, list, sizeof list - 1), sizeof list - 1);
	close(fd);
	linked_versions(&here, path);
	assert_non_null(strstr(here.at, "now 99.9-security: differs\n"));
	assert_non_null(strstr(here.at, "now not installed: differs\n"));
	unlink(path);
	linked_versions(&none, path);
	assert_null(strstr(none.at, "99.9"));
	buf_reset(&here);
	/* This machine's own: the build was made on it. */
	linked_versions(&here, "/var/lib/dpkg/status");
	assert_null(strstr(here.at, "not installed"));
	assert_non_null(strstr(here.at, "libpq5"));
	buf_free(&here);
	buf_free(&none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_library_that_is_replaced_while_it_runs_is_named),
	    cmocka_unit_test(only_code_of_libraries_counts_and_each_once),
	    cmocka_unit_test(versions_are_compared_with_those_that_are_installed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
