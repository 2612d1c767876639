/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What the two kinds of scratch server share. Nothing outside tests/support includes this. */

/* A folder with a janitor: a process that removes it once this program is gone, whatever way it
 * went. */
struct scratch_home {
	char *path;
	pid_t janitor;
	int leash; /* the janitor wakes when the last writer of this pipe has gone */
};

void scratch_home_open(struct scratch_home *home, const char *kind);
void scratch_home_close(struct scratch_home *home); /* removes the folder now */

/* Says why and ends the test. */
_Noreturn void scratch_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

char *scratch_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Starts ${argv} in ${home}, its output appended to home/log, as the unprivileged user, dying with
 * us. */
pid_t scratch_spawn(const struct scratch_home *home, const char *const *argv);

/* Runs ${argv} to its end: the exit code. ${input} goes to its stdin; ${output}, if wanted, is what
 * it printed (both streams if ${both}; else its stderr is ours). */
int scratch_run(const char *const *argv, const char *input, bool both, char **output);

/* Runs ${argv} as the unprivileged user with its output in home/log; anything but 0 ends the test.
 */
void scratch_run_in(const struct scratch_home *home, const char *const *argv);

/* Copies the folder ${from} to ${to}, which is not there yet, as the unprivileged user. */
void scratch_copy(const struct scratch_home *home, const char *from, const char *to);

/* Polls ${fact} until it is true; ends the test past ${seconds}, or at once if the server ${pid} of
 * ${home} has died (0 and NULL: no server), showing its log. */
typedef bool scratch_fact_fn(void *ctx);
void scratch_await(const char *what, unsigned seconds, const struct scratch_home *home, pid_t pid,
    scratch_fact_fn *fact, void *ctx);

/* Sends ${signal} to ${pid} and waits until it is gone. */
void scratch_end(pid_t *pid, int signal);

/* The whole of a small file, or NULL. */
char *scratch_read(const char *path);
