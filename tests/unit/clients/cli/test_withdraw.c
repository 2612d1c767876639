/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/command.h"

/* A command that withdraws does so for real, or refuses: --dry-run is never ignored. No server
 * answers here, so a command that asks one ends with EXIT_NOT_REACHED. */

static int
set_up(void **state)
{
	(void)state;
	return setenv("CRISISCOVER_URL", "http://127.0.0.1:1", 1);
}

typedef int command_fn(int argc, char **argv);

/* The exit code of ${command} with the words of ${line}. */
static int
run(command_fn *command, const char *line)
{
	char *text = strdup(line), *rest = text, *argv[8], *word;
	int argc = 0, status;

	while ((word = strsep(&rest, " ")) != NULL)
		argv[argc++] = word;
	argv[argc] = NULL;
	status = command(argc, argv);
	free(text);
	return status;
}

static void
an_absence_is_withdrawn_for_real_or_not_at_all(void **state)
{
	(void)state;
	assert_int_equal(run(command_absence, "absence --withdraw 12"), EXIT_NOT_REACHED);
	assert_int_equal(run(command_absence, "absence --withdraw 12 --dry-run"), EXIT_USAGE);
}

static void
an_override_can_be_asked_about_first(void **state)
{
	(void)state;
	assert_int_equal(
	    run(command_override, "override --withdraw 12 --dry-run"), EXIT_NOT_REACHED);
}

static void
an_import_is_only_previewed_with_the_withdrawal_of_one(void **state)
{
	(void)state;
	assert_int_equal(run(command_import, "import rota /nonexistent.ics --dry-run"), EXIT_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_absence_is_withdrawn_for_real_or_not_at_all),
	    cmocka_unit_test(an_override_can_be_asked_about_first),
	    cmocka_unit_test(an_import_is_only_previewed_with_the_withdrawal_of_one),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
