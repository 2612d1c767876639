/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Private servers for tests: each in a fresh folder of its own under $TMPDIR (or /dev/shm, if it
 * has 1 GB free; or /tmp), on a unix socket there, never the machine's own. Run as root, they step
 * down to the user `postgres`, or `nobody`. Starting waits until the server answers. A test that
 * dies takes its servers along, and its folders are removed all the same. Whatever goes wrong here
 * ends the test program at once, saying what it was waiting for: a test cannot go on without its
 * server.
 */
struct scratch_postgres;
struct scratch_redis;

struct scratch_postgres_options {
	bool fsync;           /* survive a power cut; slow */
	const char *settings; /* lines for postgresql.conf, or NULL */
};

/* A cluster of its own (UTF-8, C collation, data checksums) with a superuser `postgres` and one
 * empty database `crisiscover`.
 * ${options} may be NULL. Free with scratch_postgres_stop. */
struct scratch_postgres *scratch_postgres_start(const struct scratch_postgres_options *options);

/* A streaming standby of ${primary}, in recovery and answering. Free with scratch_postgres_stop. */
struct scratch_postgres *scratch_postgres_standby(const struct scratch_postgres *primary);

/* Stops the server and removes all of it. NULL: nothing. */
void scratch_postgres_stop(struct scratch_postgres *postgres);

/* The server away and back, the data kept: halt is a fast shut-down, kill9 a crash; resume starts
 * it again; restart is halt and resume. */
void scratch_postgres_halt(struct scratch_postgres *postgres);
void scratch_postgres_kill9(struct scratch_postgres *postgres);
void scratch_postgres_resume(struct scratch_postgres *postgres);
void scratch_postgres_restart(struct scratch_postgres *postgres);

/* Freezes and thaws the server and all its sessions: a peer that no longer answers but has not hung
 * up. */
void scratch_postgres_freeze(struct scratch_postgres *postgres);
void scratch_postgres_thaw(struct scratch_postgres *postgres);

/* libpq key=value text for the superuser; for ${login}. Kept until stop. */
const char *scratch_postgres_conninfo(const struct scratch_postgres *postgres);
const char *scratch_postgres_conninfo_as(struct scratch_postgres *postgres, const char *login);

/* The folder of the socket, for those who build their own conninfo. Kept until stop. */
const char *scratch_postgres_socket_folder(const struct scratch_postgres *postgres);

/* Leaves the database crisiscover with every migration of ${folder} ("…/migrations") applied in
 * order, each in its own transaction, and nothing else in it; from then on the superuser's
 * search_path is crisiscover. Sessions in the database end: from the second time on it is a copy of
 * what the first time made. */
void scratch_migrate(struct scratch_postgres *postgres, const char *folder);

/* Runs SQL text through psql as the superuser, stopping at the first error, which ends the test.
 * What it printed (unaligned, tuples only, no last newline): free with free(). */
char *scratch_psql(const struct scratch_postgres *postgres, const char *sql);

/* The same with a file. */
void scratch_psql_file(const struct scratch_postgres *postgres, const char *path);

/* The same for ${login}, where an error is an answer: psql's exit code (0 fine, 3 the SQL failed);
 * ${output} has what it printed on both streams, free with free(). */
int scratch_psql_try(
    const struct scratch_postgres *postgres, const char *login, const char *sql, char **output);

/* Asks ${sql} again and again until it prints ${wanted}; past ${seconds} the test ends, saying what
 * it printed last. */
void scratch_psql_until(
    const struct scratch_postgres *postgres, const char *sql, const char *wanted, unsigned seconds);

struct scratch_redis_options {
	const char *password; /* or NULL */
	bool append_only;     /* keeps the data across kill9 and resume */
	bool tcp;             /* also on a free port of 127.0.0.1 */
};

struct scratch_redis *scratch_redis_start(const struct scratch_redis_options *options);
void scratch_redis_stop(struct scratch_redis *redis);
void scratch_redis_kill9(struct scratch_redis *redis);
void scratch_redis_resume(struct scratch_redis *redis);
void scratch_redis_restart(struct scratch_redis *redis);
void scratch_redis_freeze(struct scratch_redis *redis);
void scratch_redis_thaw(struct scratch_redis *redis);

/* unix:///…/redis.sock; the path alone; redis://[:password@]127.0.0.1:port (only with .tcp). Kept
 * until stop. */
const char *scratch_redis_url(const struct scratch_redis *redis);
const char *scratch_redis_socket(const struct scratch_redis *redis);
const char *scratch_redis_tcp_url(const struct scratch_redis *redis);

/* Runs one command of redis-cli (arguments end with NULL); what it printed, no last newline: free
 * with free(). */
char *scratch_redis_cli(const struct scratch_redis *redis, const char *const *arguments);

/* A fresh folder that goes when the test ends, readable by everybody; the path: free with free().
 */
char *scratch_folder(void);

/*
 * To be called first in a forked child that runs a role and ends with exit(), so that leaks of the
 * role are found. A failed test leaves memory behind; the child inherits it, and would be reported
 * as leaking it, as would the child of every test after that one. If there is such memory, the
 * child's own check is off.
 */
void scratch_role_begins(void);
