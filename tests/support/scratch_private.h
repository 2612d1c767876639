/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/support/scratch.h"

/* Shared by the two kinds of scratch server. Internal to tests/support. */

#define SCRATCH_BIN "/usr/lib/postgresql/15/bin/"
#define SCRATCH_LOGINS_MAX 16

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

/* Starts ${argv} with these descriptors as stdin and stdout, and as stderr too if ${both}. */
pid_t scratch_spawn_with(const char *const *argv, int in, int out, bool both);

/* Waits until ${pid} has ended. Its exit code, or 128 and the signal that killed it. */
int scratch_exit_code(pid_t pid);

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

/* A psql that stays: to start one for each statement costs more than most statements. */
struct scratch_session {
	pid_t pid;   /* 0: there is none */
	pid_t owner; /* who started it: a forked child leaves it alone */
	int fd;      /* its stdin and stdout */
};

struct scratch_postgres {
	struct scratch_home home;
	char *data;
	char *conninfo;
	char *as[SCRATCH_LOGINS_MAX]; /* texts that conninfo_as() has returned */
	char *migrated; /* the folder whose migrations the database `migrated` has, or NULL */
	pid_t pid;
	bool fsync;
	struct scratch_session session; /* of the superuser, in the database crisiscover */
};

/* Before its server stops, or its database goes. */
void scratch_session_end(struct scratch_session *session);

/* scratch_psql in another database, in a session of its own. */
char *scratch_psql_in(
    const struct scratch_postgres *postgres, const char *database, const char *sql);
