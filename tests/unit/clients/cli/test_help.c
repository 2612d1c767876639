/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/command.h"

/* Help says what the code takes: the usage line, the options below it, and what is accepted. */

static bool
is_option_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || byte == '-';
}

/* The option that ${text} begins with, without its value. */
static void
option_name(const char *text, char out[64])
{
	size_t len = 0;

	while (is_option_byte(text[len]) && len < 63)
		len++;
	snprintf(out, 64, "%.*s", (int)len, text);
}

static bool
has_row(const struct command *command, const char *name)
{
	char own[64];

	for (const struct option_help *row = command->options; row->option != NULL; row++) {
		option_name(row->option, own);
		if (strcmp(own, name) == 0)
			return true;
	}
	return false;
}

static bool
in_usage(const struct command *command, const char *name)
{
	char own[64];

	for (const char *at = strstr(command->usage, "--"); at; at = strstr(at + 2, "--")) {
		option_name(at, own);
		if (strcmp(own, name) == 0)
			return true;
	}
	return false;
}

static void
the_usage_line_and_the_options_are_the_same(void **state)
{
	char name[64];

	(void)state;
	for (const struct command *command = commands; command->name != NULL; command++) {
		for (const char *at = strstr(command->usage, "--"); at; at = strstr(at + 2, "--")) {
			option_name(at, name);
			if (!has_row(command, name))
				fail_msg("%s: %s has no row", command->name, name);
		}
		for (const struct option_help *row = command->options; row->option; row++) {
			option_name(row->option, name);
			if (!in_usage(command, name))
				fail_msg("%s: %s is not in the usage", command->name, name);
		}
	}
}

/* The command's message on stderr for ${option} and one that does not exist. */
static void
complaint_about(
    const struct command *command, const struct option_help *row, char *out, size_t size)
{
	char name[64], command_name[64];
	bool valued = strchr(row->option, ' ') != NULL;
	char value[] = "2026-11-22", unknown[] = "--no-such-option";
	char *argv[] = {
	    command_name, name, valued ? value : unknown, valued ? unknown : NULL, NULL};
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);
	size_t len;

	assert_non_null(file);
	snprintf(command_name, sizeof command_name, "%s", command->name);
	option_name(row->option, name);
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	assert_int_equal(command->run(valued ? 4 : 3, argv), EXIT_USAGE);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(file);
	len = fread(out, 1, size - 1, file);
	out[len] = '\0';
	fclose(file);
}

static void
every_option_of_the_help_is_taken(void **state)
{
	char text[2048];
	unsigned tried = 0;

	(void)state;
	for (const struct command *command = commands; command->name != NULL; command++)
		for (const struct option_help *row = command->options; row->option; row++) {
			complaint_about(command, row, text, sizeof text);
			if (strstr(text, "there is no option --no-such-option") == NULL)
				fail_msg("%s %s: %s", command->name, row->option, text);
			tried++;
		}
	assert_true(tried > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_usage_line_and_the_options_are_the_same),
	    cmocka_unit_test(every_option_of_the_help_is_taken),
	};

	return cmocka_run_group_tests_name("help", tests, NULL, NULL);
}
