/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>

#include "server/base/fatal.h"
#include "tests/unit/server/base/dies.h"

static void
say_why(void *ctx)
{
	fatal("%s", (const char *)ctx);
}

static void
break_a_promise(void *ctx)
{
	INVARIANT(ctx != NULL);
}

static void
keep_a_promise(void *ctx)
{
	INVARIANT(ctx == NULL);
}

static void
test_exit_codes(void **state)
{
	char reason[] = "no such setting";

	(void)state;
	assert_int_equal(exit_code_of(say_why, reason), EX_SOFTWARE);
	assert_int_equal(exit_code_of(break_a_promise, NULL), EX_SOFTWARE);
	assert_int_equal(exit_code_of(keep_a_promise, NULL), 0);
}

/* holds: F18 */
static void
test_the_reason_is_one_line(void **state)
{
	int pipes[2];
	char line[2048];
	ssize_t len;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		dup2(pipes[1], STDERR_FILENO);
		fatal("a \"quoted\"\nreason");
	}
	close(pipes[1]);
	waitpid(pid, NULL, 0);
	len = read(pipes[0], line, sizeof line - 1);
	assert_in_range(len, 1, sizeof line - 1);
	line[len] = '\0';
	assert_ptr_equal(strchr(line, '\n'), line + len - 1);
	assert_non_null(strstr(line, "a \\\"quoted\\\"\\nreason"));
	assert_non_null(strstr(line, "\"level\":\"error\""));
	close(pipes[0]);
}

static void
test_allocations(void **state)
{
	char *memory = xmalloc(0);

	(void)state;
	assert_non_null(memory);
	memory = xrealloc(memory, 10);
	memcpy(memory, "0123456789", 10);
	free(memory);
	memory = xcalloc(3, 4);
	for (int i = 0; i < 12; i++)
		assert_int_equal(memory[i], 0);
	free(memory);
	memory = xstrdup("rota");
	assert_string_equal(memory, "rota");
	free(memory);
	memory = xasprintf("%s/%d", "folder", 7);
	assert_string_equal(memory, "folder/7");
	free(memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_exit_codes),
	    cmocka_unit_test(test_the_reason_is_one_line),
	    cmocka_unit_test(test_allocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
