/* SPDX-License-Identifier: MIT */
#include "clients/cli/watch_act.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/cli/show.h"

static bool
wanted(const char *filter, const json_t *flag, const char *key)
{
	/* A flag about a feed has neither place nor function: with a filter it is left out. */
	return filter == NULL || strcmp(filter, show_text(flag, key)) == 0;
}

static void
print_flag(const json_t *flag, size_t members)
{
	const char *to = show_text(flag, "to");

	printf("%s  ", show_text(flag, "id"));
	show_cell(show_text(flag, "kind"), 12);
	show_cell(show_text(flag, "severity"), 8);
	show_cell(show_text(flag, "state"), 7);
	printf("%s %s  %s to %s  %s", show_text(flag, "place"), show_text(flag, "function"),
	    show_time(flag, "start"), show_time(flag, "end"), show_text(flag, "cause"));
	if (*to != '\0')
		printf("  to %s", to);
	if (members > 1)
		printf("  (%zu open, %s)", members, show_text(flag, "group"));
	printf("\n");
}

static void
write_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t written = write(fd, bytes.at, bytes.len);

		if (written < 0 && errno == EINTR)
			continue;
		/* The command does not read its input, which is its right. */
		if (written <= 0)
			return;
		bytes.at += written;
		bytes.len -= (size_t)written;
	}
}

/* Waits for the command: flags are acted on one after another, in order. */
static void
run_command(const char *command, struct slice payload)
{
	int ends[2], wstatus = 0;
	pid_t pid;

	if (pipe(ends) != 0 || (pid = fork()) < 0) {
		fprintf(
		    stderr, "crisiscover watch: could not run the command: %s\n", strerror(errno));
		return;
	}
	if (pid == 0) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		/* Ignored signals are inherited, and a command expects the default. */
		signal(SIGPIPE, SIG_DFL);
		/* By the shell, as the person has written it. The flag goes to standard input and
		 * not into the command, where its texts would be code. */
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
	write_all(ends[1], payload);
	/* The end of the input: a command such as cat or jq waits for it. */
	close(ends[1]);
	while (waitpid(pid, &wstatus, 0) < 0 && errno == EINTR)
		;
	/* Reported and passed over: the flags after this one must not wait for a command that
	 * fails. */
	if (!WIFEXITED(wstatus) || WEXITSTATUS(wstatus) != 0)
		fprintf(stderr, "crisiscover watch: the command failed on this flag\n");
}

void
watch_act(const struct watch_act *act, struct slice payload)
{
	/* NULL if it is no JSON: then no filter fits, and without a filter it is passed on all the
	 * same. */
	json_t *flag = json_loadb(payload.at, payload.len, JSON_REJECT_DUPLICATES, NULL);
	size_t members = 0;

	if (wanted(act->place, flag, "place") && wanted(act->function, flag, "function") &&
	    (act->groups == NULL || watch_groups_call(act->groups, flag, &members))) {
		if (act->json)
			show_json_text(payload);
		else
			print_flag(flag, members);
		/* Each flag at once, also into a pipe: this is an alarm. */
		fflush(stdout);
		if (act->exec != NULL)
			run_command(act->exec, payload);
	}
	json_decref(flag);
}
