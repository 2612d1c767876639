/* SPDX-License-Identifier: MIT */
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs ${act} in a child with a silent stderr; its exit code, 0 if it came back, or 128 + the
 * signal that ended it. */
static inline int
exit_code_of(void (*act)(void *ctx), void *ctx)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
		act(ctx);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
