/* SPDX-License-Identifier: MIT */
#include "tests/support/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/scratch_private.h"

static struct scratch_postgres *
postgres_new(const char *kind)
{
	struct scratch_postgres *postgres = calloc(1, sizeof *postgres);

	if (postgres == NULL)
		scratch_fail("out of memory");
	scratch_home_open(&postgres->home, kind);
	postgres->data = scratch_format("%s/data", postgres->home.path);
	postgres->conninfo =
	    scratch_format("host=%s dbname=crisiscover user=postgres", postgres->home.path);
	return postgres;
}

/* The eighth line of postmaster.pid says "ready" once sessions are let in; a standby has "standby"
 * until they are. */
static bool
is_ready(void *ctx)
{
	const struct scratch_postgres *postgres = ctx;
	char *path = scratch_format("%s/postmaster.pid", postgres->data),
	     *text = scratch_read(path);
	const char *line = text;
	bool ready;

	for (int i = 1; line != NULL && i < 8; i++) {
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	ready = line != NULL && strncmp(line, "ready", 5) == 0 && atoi(text) == postgres->pid;
	free(text);
	free(path);
	return ready;
}

void
scratch_postgres_resume(struct scratch_postgres *postgres)
{
	/* Shared memory is in files of its own folder: in /dev/shm a killed server would leave it. */
	const char *argv[] = {SCRATCH_BIN "postgres", "-D", postgres->data, "-k",
	    postgres->home.path, "-c", "listen_addresses=", "-c", "dynamic_shared_memory_type=mmap",
	    "-c", postgres->fsync ? "fsync=on" : "fsync=off", NULL};

	postgres->pid = scratch_spawn(&postgres->home, argv);
	scratch_await(
	    "PostgreSQL let sessions in", 60, &postgres->home, postgres->pid, is_ready, postgres);
}

static void
add_settings(const struct scratch_postgres *postgres, const char *settings)
{
	char *path = scratch_format("%s/postgresql.conf", postgres->data);
	FILE *file = fopen(path, "a");

	if (file == NULL)
		scratch_fail("could not open %s: %s", path, strerror(errno));
	/* Small, with many sessions, and quick to stop. No setting changes the result of a query. */
	fprintf(file,
	    "jit = off\nshared_buffers = 16MB\nmax_connections = 60\nlog_min_messages = warning\n"
	    "unix_socket_permissions = 0777\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n%s\n",
	    settings != NULL ? settings : "");
	fclose(file);
	free(path);
}

static void
init(struct scratch_postgres *postgres)
{
	/* Small WAL segments, because clusters are copied more often than written. */
	const char *initdb[] = {SCRATCH_BIN "initdb", "-D", postgres->data, "-U", "postgres", "-A",
	    "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--wal-segsize=1",
	    "--no-sync", "--no-instructions", NULL};
	const char *createdb[] = {SCRATCH_BIN "createdb", "-h", postgres->home.path, "-U",
	    "postgres", "crisiscover", NULL};

	scratch_run_in(&postgres->home, initdb);
	scratch_postgres_resume(postgres);
	scratch_run_in(&postgres->home, createdb);
	scratch_postgres_halt(postgres);
}

/* Settings of the login, and so of the cluster: who uses a database `migrated` that is there already sets them,
 * too. */
static void
use_schema(struct scratch_postgres *postgres)
{
	free(scratch_psql(postgres, "alter role postgres set search_path = crisiscover;"
				    "alter role postgres set client_min_messages = warning"));
}

static void
apply_all(struct scratch_postgres *postgres, const char *folder)
{
	char *pattern = scratch_format("%s/[0-9][0-9][0-9][0-9]_*.sql", folder);
	char *sql = scratch_format("set client_min_messages = warning;\n"
				   "drop schema if exists crisiscover cascade;\n");
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		scratch_fail("no migrations in %s", folder);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *more = scratch_format("%sbegin;\n\\i %s\ncommit;\n", sql, found.gl_pathv[i]);

		free(sql);
		sql = more;
	}
	globfree(&found);
	free(pattern);
	free(scratch_psql(postgres, sql));
	free(sql);
}

/* Keeps the database as `migrated`: later it is copied, which takes a tenth of the time of the migrations. */
static void
keep_migrated(struct scratch_postgres *postgres, const char *folder)
{
	/* A template must have no session. */
	scratch_session_end(&postgres->session);
	free(scratch_psql_in(postgres, "postgres",
	    "drop database if exists migrated;\n"
	    "create database migrated template crisiscover strategy file_copy"));
	free(postgres->migrated);
	postgres->migrated = scratch_format("%s", folder);
}

#define MIGRATIONS SOURCE_ROOT "/migrations"

/* A new cluster for others to copy: with an empty database, and `migrated`. */
static void
init_to_keep(struct scratch_postgres *postgres)
{
	init(postgres);
	scratch_postgres_resume(postgres);
	apply_all(postgres, MIGRATIONS);
	keep_migrated(postgres, MIGRATIONS);
	free(scratch_psql_in(postgres, "postgres",
	    "drop database crisiscover with (force);\n"
	    "create database crisiscover template template0"));
	scratch_postgres_halt(postgres);
}

/* initdb and the migrations take more processor time than most tests. If CRISISCOVER_CLUSTERS names a folder, the
 * first test leaves a new cluster there, and all later ones copy it. */
static void
init_or_copy(struct scratch_postgres *postgres)
{
	const char *folder = getenv("CRISISCOVER_CLUSTERS");
	char *kept, *lock;
	int fd;

	if (folder == NULL || *folder == '\0') {
		init(postgres);
		return;
	}
	kept = scratch_format("%s/new", folder);
	lock = scratch_format("%s/lock", folder);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX) != 0)
		scratch_fail("could not lock %s: %s", lock, strerror(errno));
	if (access(kept, F_OK) != 0) {
		init_to_keep(postgres);
		scratch_copy(&postgres->home, postgres->data, kept);
	} else {
		scratch_copy(&postgres->home, kept, postgres->data);
		postgres->migrated = scratch_format("%s", MIGRATIONS);
	}
	close(fd);
	free(lock);
	free(kept);
}

struct scratch_postgres *
scratch_postgres_start(const struct scratch_postgres_options *options)
{
	struct scratch_postgres *postgres = postgres_new("pg");

	postgres->fsync = options != NULL && options->fsync;
	init_or_copy(postgres);
	add_settings(postgres, options != NULL ? options->settings : NULL);
	scratch_postgres_resume(postgres);
	return postgres;
}

struct scratch_postgres *
scratch_postgres_standby(const struct scratch_postgres *primary)
{
	struct scratch_postgres *postgres = postgres_new("pg");
	const char *argv[] = {SCRATCH_BIN "pg_basebackup", "-h", primary->home.path, "-U",
	    "postgres", "-D", postgres->data, "-R", "--no-sync", "-c", "fast", NULL};

	scratch_run_in(&postgres->home, argv);
	scratch_postgres_resume(postgres);
	return postgres;
}

void
scratch_postgres_halt(struct scratch_postgres *postgres)
{
	scratch_session_end(&postgres->session);
	scratch_end(&postgres->pid, SIGINT);
}

/* The child processes of the postmaster. They live on for a moment after it was killed, and do not
 * stop when it is stopped. */
static unsigned
sessions_of(pid_t postmaster, pid_t *pids, unsigned max)
{
	char *path = scratch_format("/proc/%d/task/%d/children", postmaster, postmaster);
	char *text = scratch_read(path), *at = text;
	unsigned count = 0;

	while (at != NULL && *at != '\0' && count < max) {
		long pid = strtol(at, &at, 10);

		if (pid <= 0)
			break;
		pids[count++] = (pid_t)pid;
		while (*at == ' ' || *at == '\n')
			at++;
	}
	free(text);
	free(path);
	return count;
}

struct orphans {
	pid_t pids[128];
	unsigned count;
};

static bool
all_gone(void *ctx)
{
	const struct orphans *orphans = ctx;

	for (unsigned i = 0; i < orphans->count; i++) {
		char *path = scratch_format("/proc/%d/stat", orphans->pids[i]),
		     *stat = scratch_read(path);
		/* a zombie whose parent has died counts as gone */
		bool lives = stat != NULL && strstr(stat, "(postgres)") != NULL &&
			     strstr(stat, ") Z ") == NULL;

		free(stat);
		free(path);
		if (lives)
			return false;
	}
	return true;
}

void
scratch_postgres_kill9(struct scratch_postgres *postgres)
{
	struct orphans orphans;

	scratch_session_end(&postgres->session);
	/* stop it first, so that all die at one instant, as in a power cut */
	kill(postgres->pid, SIGSTOP);
	orphans.count = sessions_of(postgres->pid, orphans.pids, 128);
	for (unsigned i = 0; i < orphans.count; i++)
		kill(orphans.pids[i], SIGKILL);
	scratch_end(&postgres->pid, SIGKILL);
	scratch_await(
	    "the sessions of a killed PostgreSQL were gone", 30, NULL, 0, all_gone, &orphans);
}

void
scratch_postgres_restart(struct scratch_postgres *postgres)
{
	scratch_postgres_halt(postgres);
	scratch_postgres_resume(postgres);
}

static void
signal_all(const struct scratch_postgres *postgres, int signal)
{
	pid_t pids[128];
	unsigned count = sessions_of(postgres->pid, pids, 128);

	kill(postgres->pid, signal);
	for (unsigned i = 0; i < count; i++)
		kill(pids[i], signal);
}

void
scratch_postgres_freeze(struct scratch_postgres *postgres)
{
	signal_all(postgres, SIGSTOP);
}

void
scratch_postgres_thaw(struct scratch_postgres *postgres)
{
	signal_all(postgres, SIGCONT);
}

void
scratch_postgres_stop(struct scratch_postgres *postgres)
{
	if (postgres == NULL)
		return;
	scratch_session_end(&postgres->session);
	/* an immediate shut-down: the data is not needed */
	scratch_end(&postgres->pid, SIGQUIT);
	scratch_home_close(&postgres->home);
	for (unsigned i = 0; i < SCRATCH_LOGINS_MAX; i++)
		free(postgres->as[i]);
	free(postgres->conninfo);
	free(postgres->migrated);
	free(postgres->data);
	free(postgres);
}

const char *
scratch_postgres_conninfo(const struct scratch_postgres *postgres)
{
	return postgres->conninfo;
}

const char *
scratch_postgres_socket_folder(const struct scratch_postgres *postgres)
{
	return postgres->home.path;
}

const char *
scratch_postgres_conninfo_as(struct scratch_postgres *postgres, const char *login)
{
	char *conninfo =
	    scratch_format("host=%s dbname=crisiscover user=%s", postgres->home.path, login);

	for (unsigned i = 0; i < SCRATCH_LOGINS_MAX; i++) {
		if (postgres->as[i] == NULL)
			return postgres->as[i] = conninfo;
		if (strcmp(postgres->as[i], conninfo) == 0) {
			free(conninfo);
			return postgres->as[i];
		}
	}
	scratch_fail("more than %d logins", SCRATCH_LOGINS_MAX);
}

void
scratch_migrate(struct scratch_postgres *postgres, const char *folder)
{
	static const char copy[] =
	    "drop database crisiscover with (force);\n"
	    "create database crisiscover template migrated strategy file_copy";

	scratch_session_end(&postgres->session);
	if (postgres->migrated != NULL && strcmp(postgres->migrated, folder) == 0) {
		free(scratch_psql_in(postgres, "postgres", copy));
	} else {
		apply_all(postgres, folder);
		keep_migrated(postgres, folder);
	}
	use_schema(postgres);
	/* It has the settings of before. */
	scratch_session_end(&postgres->session);
}
