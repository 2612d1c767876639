/* SPDX-License-Identifier: MIT */
/*
 * crisiscover: the command line for people and programs. Talks to the same HTTP API as everybody;
 * `read` needs no server at all.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/screen.h"
#include "server/base/log.h"
#include "server/base/version.h"

static bool
is(const char *word, const char *option)
{
	return word != NULL && strcmp(word, option) == 0;
}

/* Also "help COMMAND", "COMMAND --help", and --help at the end of any words. False: it is no call for help. */
static bool
help(const char *first, const char *second, const char *last)
{
	bool asked = is(first, "--help") || is(first, "help");
	const struct command *command = NULL;

	if (asked && second != NULL)
		command = command_find(second);
	else if (first != NULL && (is(second, "--help") || is(last, "--help")))
		command = command_find(first);
	if (command != NULL)
		command_help(stdout, command);
	else if (asked)
		command_help_all(stdout);
	return asked || command != NULL;
}

int
main(int argc, char **argv)
{
	const char *first = argc >= 2 ? argv[1] : NULL, *second = argc >= 3 ? argv[2] : NULL;
	const struct command *command;

	/* For the widths of letters in columns only. Numbers and messages stay as they are in every
	 * locale. */
	setlocale(LC_CTYPE, "C.UTF-8");
	screen_open();
	/* Libraries that the server uses log to standard error; here only what ends the command is
	 * wanted. */
	log_open("crisiscover", LOG_ERROR);
	if (help(first, second, argv[argc - 1]))
		return EXIT_FINE;
	if (is(first, "--version")) {
		printf("crisiscover %s\n", version_text());
		return EXIT_FINE;
	}
	command = first != NULL ? command_find(first) : NULL;
	if (command == NULL) {
		/* Not asked for, so it is an error: nothing goes to standard output, which may be
		 * read by a program. */
		command_help_all(stderr);
		return EXIT_USAGE;
	}
	/* argv[0] becomes the command's own name, as options_read() skips it. */
	return command->run(argc - 1, argv + 1);
}
