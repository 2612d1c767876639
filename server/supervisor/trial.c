/* SPDX-License-Identifier: MIT */
#include "server/supervisor/trial.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/base/log.h"

enum { ARGUMENTS_MAX = 80, LOOK_MS = 10, LOOKS_MAX = 1000, NOT_EXECUTED = 127 };

static _Noreturn void
become_trial(const char *program, const char *const *extra)
{
	const char *argv[ARGUMENTS_MAX] = {"crisiscoverd", "serve", "--dry-run"};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	unsigned n = 3;
	sigset_t none;

	for (; *extra != NULL && n < ARGUMENTS_MAX - 1; extra++)
		argv[n++] = *extra;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(nowhere, STDOUT_FILENO);
	execv(
	    strchr(program, '/') != NULL ? program : "/proc/self/exe", (char *const *)(void *)argv);
	_exit(NOT_EXECUTED);
}

/* The wstatus of ${pid}, which is killed when its time is up. */
static int
end_of(pid_t pid)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000};
	int wstatus = 0;

	for (int i = 0; i < LOOKS_MAX; i++) {
		if (waitpid(pid, &wstatus, WNOHANG) == pid)
			return wstatus;
		nanosleep(&pause, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &wstatus, 0);
	return wstatus;
}

bool
trial_run(const char *program, const char *const *extra)
{
	pid_t pid = fork();
	int wstatus;

	if (pid == 0)
		become_trial(program, extra);
	wstatus = pid < 0 ? -1 : end_of(pid);
	if (pid > 0 && WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0)
		return true;
	log_event(LOG_ERROR, "not_renewed", LOG_STR("program", program),
	    LOG_STR("reason",
		pid > 0 && WIFEXITED(wstatus) && WEXITSTATUS(wstatus) != NOT_EXECUTED
		    ? "the settings are refused: the line before says which; what runs goes on as it is"
		    : "the program cannot be executed; what runs goes on as it is"));
	return false;
}
