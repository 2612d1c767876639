/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Private servers for tests. Each is in a new folder under $TMPDIR (else /dev/shm if it has 1 GB
 * free, else /tmp) and listens on a unix socket there; the machine's own servers are not used. As
 * root, the servers run as the user `postgres`, or `nobody`. Starting waits until the server
 * answers. If the test dies, its servers are stopped and its folders removed. Any failure here ends
 * the test program at once, with a message.
 */
struct scratch_postgres;
struct scratch_redis;

struct scratch_postgres_options {
	bool fsync;           /* survives a power cut; slow */
	const char *settings; /* lines for postgresql.conf, or NULL */
};

/* Starts a new cluster (UTF-8, C collation, data checksums) with a superuser `postgres` and one
 * empty database `crisiscover`. ${options} may be NULL. Free with scratch_postgres_stop. */
struct scratch_postgres *scratch_postgres_start(const struct scratch_postgres_options *options);

/* A streaming standby of ${primary}, in recovery and answering. Free with scratch_postgres_stop. */
struct scratch_postgres *scratch_postgres_standby(const struct scratch_postgres *primary);

/* Stops the server and removes its folder. NULL is ignored. */
void scratch_postgres_stop(struct scratch_postgres *postgres);

/* Stop and start the server; the data stays. halt: a fast shut-down; kill9: a crash; resume: starts
 * it again; restart: halt and resume. */
void scratch_postgres_halt(struct scratch_postgres *postgres);
void scratch_postgres_kill9(struct scratch_postgres *postgres);
void scratch_postgres_resume(struct scratch_postgres *postgres);
void scratch_postgres_restart(struct scratch_postgres *postgres);

/* Stops and continues the processes of the server and its sessions: to test a peer that does not
 * answer but keeps the connection open. */
void scratch_postgres_freeze(struct scratch_postgres *postgres);
void scratch_postgres_thaw(struct scratch_postgres *postgres);

/* libpq key=value text for the superuser, and for ${login}. Valid until stop. */
const char *scratch_postgres_conninfo(const struct scratch_postgres *postgres);
const char *scratch_postgres_conninfo_as(struct scratch_postgres *postgres, const char *login);

/* The folder of the socket, for those who build their own conninfo. Kept until stop. */
const char *scratch_postgres_socket_folder(const struct scratch_postgres *postgres);

/* Applies every migration of ${folder} ("…/migrations") in order, each in its own transaction, to
 * an empty database crisiscover, and sets the superuser's search_path to crisiscover. Ends all
 * sessions in the database. Only the first call runs the migrations; later calls copy its result.
 */
void scratch_migrate(struct scratch_postgres *postgres, const char *folder);

/* Runs SQL text through psql as the superuser, stopping at the first error, which ends the test.
 * One psql runs all of them, and nothing of a session is left to the next: no setting, no temporary
 * table, no transaction. Its output (unaligned, tuples only, no last newline): free with free(). */
char *scratch_psql(struct scratch_postgres *postgres, const char *sql);

/* The same with a file. */
void scratch_psql_file(struct scratch_postgres *postgres, const char *path);

/* The same as ${login}, for statements that may fail: returns psql's exit code (0: success, 3: the
 * SQL failed). ${output} is what it printed on both streams; free with free(). */
int scratch_psql_try(
    const struct scratch_postgres *postgres, const char *login, const char *sql, char **output);

/* Repeats ${sql} until it prints ${wanted}. After ${seconds} the test ends, with the last result in
 * the message. */
void scratch_psql_until(
    struct scratch_postgres *postgres, const char *sql, const char *wanted, unsigned seconds);

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

/* Makes a folder that everybody can read, and that is removed when the test ends. Free the path
 * with free(). */
char *scratch_folder(void);

/*
 * Call this first in a forked child that runs a role and ends with exit(), so that leaks of the
 * role are found. A test that failed leaves memory allocated; all later children inherit it and
 * would report it as their own leak. If there is such memory, the child's leak check is off.
 */
void scratch_role_begins(void);
