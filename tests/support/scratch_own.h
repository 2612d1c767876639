/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Shared by the two kinds of scratch server. Internal to tests/support. */

/* A folder with a janitor: a process that removes the folder once this program has ended, in any
 * way. */
struct scratch_home {
	char *path;
	pid_t janitor;
	int leash; /* the janitor wakes when the last writer of this pipe is closed */
};

void scratch_home_open(struct scratch_home *home, const char *kind);
void scratch_home_close(struct scratch_home *home); /* removes the folder */

/* Prints the message and ends the test. */
_Noreturn void scratch_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

char *scratch_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Starts ${argv} in ${home} as the unprivileged user. Its output is appended to home/log. It dies
 * with this program. */
pid_t scratch_spawn(const struct scratch_home *home, const char *const *argv);

/* Runs ${argv} and returns its exit code. ${input} is its stdin; ${output}, if not NULL, is what it
 * printed (on both streams if ${both}; else its stderr is ours). */
int scratch_run(const char *const *argv, const char *input, bool both, char **output);

/* Runs ${argv} as the unprivileged user with its output in home/log. Any exit code but 0 ends the
 * test. */
void scratch_run_in(const struct scratch_home *home, const char *const *argv);

/* Copies the folder ${from} to ${to}, which must not exist, as the unprivileged user. */
void scratch_copy(const struct scratch_home *home, const char *from, const char *to);

/* Polls ${fact} until it is true. Ends the test after ${seconds}, or at once if the server ${pid}
 * of ${home} has died, and shows its log. 0 and NULL: no server. */
typedef bool scratch_fact_fn(void *ctx);
void scratch_await(const char *what, unsigned seconds, const struct scratch_home *home, pid_t pid,
    scratch_fact_fn *fact, void *ctx);

/* Sends ${signal} to ${pid} and waits until it is gone. */
void scratch_end(pid_t *pid, int signal);

/* The whole of a small file, or NULL. */
char *scratch_read(const char *path);
