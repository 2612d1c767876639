/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/api/ask/identity_door.h"
#include "tests/unit/server/base/dies.h"

/* With which secrets the proxy's socket is opened at all. What is said there, the scenarios try
 * (test_q_providers.py). */

static char folder[] = "/tmp/crisiscover-identity-XXXXXX";
static char secret_file[64], socket_path[64];

static int
make_folder(void **state)
{
	(void)state;
	if (sodium_init() < 0 || mkdtemp(folder) == NULL)
		return -1;
	snprintf(secret_file, sizeof secret_file, "%s/secret", folder);
	snprintf(socket_path, sizeof socket_path, "%s/socket", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(secret_file);
	(void)unlink(socket_path);
	return rmdir(folder);
}

static void
write_secret(const char *text, mode_t mode)
{
	int fd = open(secret_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	assert_int_equal(chmod(secret_file, mode), 0);
}

static void
on_request(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_problem(exchange, 500, "Nobody asks here.");
}

static void
open_it(void *ctx)
{
	const char *const *paths = ctx;
	struct loop *loop = loop_new();

	identity_door_close(identity_door_open(
	    loop, &(struct identity_door_options){
		      .socket_path = paths[0], .secret_file = paths[1], .handler = on_request}));
	loop_free(loop);
}

static bool
opens(const char *at, const char *secret)
{
	const char *paths[] = {at, secret};

	return exit_code_of(open_it, paths) == 0;
}

#define GOOD "0123456789abcdef0123456789abcdef"

static void
a_secret_is_long_and_read_by_nobody_else(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
		bool fine;
	} rows[] = {
	    {GOOD, 0600, true},
	    {GOOD "\n", 0600, true},
	    {GOOD, 0400, true},
	    {GOOD, 0640, false},
	    {GOOD, 0604, false},
	    {"0123456789abcdef0123456789abcde\n", 0600, false},
	    {"                                        ", 0600, false},
	    {"\n" GOOD, 0600, false},
	    {"", 0600, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		write_secret(rows[i].text, rows[i].mode);
		if (opens(socket_path, secret_file) != rows[i].fine)
			fail_msg("\"%s\" with mode %o", rows[i].text, (unsigned)rows[i].mode);
		/* Its name goes with it. */
		assert_int_equal(access(socket_path, F_OK), -1);
	}
}

static void
it_does_not_start_without_one(void **state)
{
	(void)state;
	assert_false(opens(socket_path, ""));
	assert_false(opens(socket_path, "/nowhere/at/all"));
	write_secret(GOOD, 0600);
	assert_false(opens("/nowhere/at/all", secret_file));
	assert_true(opens(socket_path, secret_file));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_secret_is_long_and_read_by_nobody_else),
	    cmocka_unit_test(it_does_not_start_without_one),
	};

	return cmocka_run_group_tests_name("identity_door", tests, make_folder, remove_folder);
}
