/* SPDX-License-Identifier: MIT */
#include "server/pg/pg_migrate.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/text.h"
#include "server/pg/pg_migrate_files.h"

/*
 * A command and not a role: it owns its only session and may block on it. The lock belongs to the
 * session, so however the run ends, the lock ends. Each file and its row in crisiscover.migration
 * are one transaction, so a run that was interrupted is simply repeated.
 */

#define LOCK_KEY "4242001" /* any number that nothing else here takes */

#define TABLE                                                                                      \
	"CREATE SCHEMA IF NOT EXISTS crisiscover;"                                                 \
	"CREATE TABLE IF NOT EXISTS crisiscover.migration (version int PRIMARY KEY, name text "    \
	"NOT NULL, "                                                                               \
	"sha256 bytea NOT NULL CHECK (length(sha256) = 32), applied_at timestamptz NOT NULL "      \
	"DEFAULT clock_timestamp())"

struct migrate {
	PGconn *conn;
	struct arena *arena;
	struct migrate_files files;
	bool dry_run;
};

/* Runs a statement without arguments. NULL on failure, with the reason on stderr. PQclear() it. */
static PGresult *
run(struct migrate *migrate, const char *sql)
{
	PGresult *result = PQexec(migrate->conn, sql);

	if (PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK)
		return result;
	fprintf(stderr, "the database said no: %s", PQresultErrorMessage(result));
	PQclear(result);
	return NULL;
}

static bool
run_only(struct migrate *migrate, const char *sql)
{
	PGresult *result = run(migrate, sql);

	PQclear(result);
	return result != NULL;
}

/* The value that ${sql} returns; "" on failure. */
static const char *
value_of(struct migrate *migrate, const char *sql)
{
	PGresult *result = run(migrate, sql);
	const char *value = "";

	if (result != NULL && PQntuples(result) == 1)
		value = arena_strdup(migrate->arena, PQgetvalue(result, 0, 0));
	PQclear(result);
	return value;
}

static bool
take_lock(struct migrate *migrate)
{
	if (strcmp(value_of(migrate, "SELECT pg_try_advisory_lock(" LOCK_KEY ")"), "t") == 0)
		return true;
	fprintf(stderr, "another migration is running; waiting for it\n");
	return run_only(migrate, "SELECT pg_advisory_lock(" LOCK_KEY ")");
}

/* Unlocks before the session ends, since PQfinish() does not wait for that: the next run could
 * still find the lock taken. */
static void
give_lock(struct migrate *migrate)
{
	PQclear(PQexec(migrate->conn, "SELECT pg_advisory_unlock(" LOCK_KEY ")"));
}

static const struct migrate_file *
find_file(const struct migrate *migrate, int version)
{
	const struct migrate_file *file;

	VEC_EACH (file, &migrate->files.list) {
		if (file->version == version)
			return file;
	}
	return NULL;
}

/* Whether the database began with the first migration of the folder. Before the first release
 * the migrations were folded into fewer, so an older database has another history, which no file
 * of this folder continues. */
static bool
check_first(struct migrate *migrate, int version, const char *applied)
{
	const struct migrate_file *first = &migrate->files.list.items[0];

	if (version != first->version || strcmp(applied, first->name) == 0)
		return true;
	fprintf(stderr,
	    "this database was made by a version before the first release (it begins with %s, "
	    "this version with %s) and cannot be taken over. Nothing was changed. With the version that made it, save the set-up: "
	    "crisiscover region get > region.json. Then start this version with an empty database (deploy/up: "
	    "an empty data directory) and apply the file. Feed addresses are masked in it: put them in by hand. "
	    "What was recorded stays in the old database\n",
	    applied, first->name);
	return false;
}

/* Compares one applied migration with its file. */
static bool
check_applied(
    struct migrate *migrate, int version, const char *name, const char *sha256, int newest)
{
	const struct migrate_file *file = find_file(migrate, version);
	char own[2 * MIGRATE_SHA256_BYTES + 1];

	if (version > newest) {
		fprintf(stderr,
		    "this database is at %d, this program knows up to %d: use a program at least as new\n",
		    version, newest);
		return false;
	}
	if (file == NULL) {
		fprintf(stderr,
		    "%s was applied to this database and is missing from the folder: put it back\n",
		    name);
		return false;
	}
	text_hex(file->sha256, MIGRATE_SHA256_BYTES, own);
	if (strcmp(own, sha256) != 0) {
		fprintf(stderr,
		    "%s has changed since it was applied to this database: put it back as it was, and put the change into a new migration\n",
		    file->name);
		return false;
	}
	return true;
}

/* Whether ${applied}, a row for each applied migration, has ${version}. */
static bool
is_applied(const PGresult *applied, int version)
{
	for (int row = 0; row < PQntuples(applied); row++) {
		if (atoi(PQgetvalue(applied, row, 0)) == version)
			return true;
	}
	return false;
}

/* Checks all that were applied. ${at}: the newest of them; 0 if there is none. */
static bool
check_all(struct migrate *migrate, int *at)
{
	int newest = migrate->files.list.items[migrate->files.list.count - 1].version, count;
	const struct migrate_file *file;
	PGresult *result;
	bool fine = true;

	*at = 0;
	if (strcmp(value_of(migrate, "SELECT to_regclass('crisiscover.migration') IS NULL"), "t") ==
	    0)
		return true;
	/* The newest first: that a database is too new is printed before anything else that is odd
	 * about it. */
	result = run(migrate,
	    "SELECT version, name, encode(sha256, 'hex') FROM crisiscover.migration ORDER BY version DESC");
	if (result == NULL)
		return false;
	count = PQntuples(result);
	fine = count == 0 || check_first(migrate, atoi(PQgetvalue(result, count - 1, 0)),
				 PQgetvalue(result, count - 1, 1));
	for (int row = 0; row < count && fine; row++)
		fine = check_applied(migrate, atoi(PQgetvalue(result, row, 0)),
		    PQgetvalue(result, row, 1), PQgetvalue(result, row, 2), newest);
	if (count > 0)
		*at = atoi(PQgetvalue(result, 0, 0));
	VEC_EACH (file, &migrate->files.list) {
		if (!fine || file->version >= *at)
			break;
		fine = is_applied(result, file->version);
		if (!fine)
			fprintf(stderr,
			    "%s came late: this database is already at %d; give it a number above that\n",
			    file->name, *at);
	}
	PQclear(result);
	return fine;
}

/* Prints the server's error with the file and the line where it is. ${done}: the number of
 * statements before it, for errors that have no position. */
static void
tell_error(const struct migrate_file *file, const PGresult *result, unsigned done)
{
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	unsigned line = position != NULL
			    ? migrate_line_of_position(file->sql, (unsigned)atoi(position))
			    : migrate_line_of_statement(file->sql, done);
	static const struct {
		int field;
		const char *what;
	} more[] = {{PG_DIAG_MESSAGE_DETAIL, "detail"}, {PG_DIAG_MESSAGE_HINT, "hint"},
	    {PG_DIAG_CONTEXT, "in"}};
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	fprintf(stderr, "%s line %u: %s\n", file->name, line,
	    message != NULL ? message : PQresultErrorMessage(result));
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		const char *text = PQresultErrorField(result, more[i].field);

		if (text != NULL)
			fprintf(stderr, "  %s: %s\n", more[i].what, text);
	}
}

/* Runs all statements of the file, and counts them for the message of an error. */
static bool
run_file(struct migrate *migrate, const struct migrate_file *file)
{
	PGresult *result;
	unsigned done = 0;
	bool fine = true;

	if (!PQsendQuery(migrate->conn, file->sql)) {
		fprintf(stderr, "%s: %s", file->name, PQerrorMessage(migrate->conn));
		return false;
	}
	/* All results must be read, or the connection cannot be used for ROLLBACK. */
	while ((result = PQgetResult(migrate->conn)) != NULL) {
		ExecStatusType status = PQresultStatus(result);

		if (fine && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK &&
		    status != PGRES_EMPTY_QUERY) {
			tell_error(file, result, done);
			fine = false;
		}
		done++;
		PQclear(result);
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT ||
		    PQstatus(migrate->conn) == CONNECTION_BAD)
			return false; /* there would be no end of results */
	}
	return fine;
}

static bool
note_applied(struct migrate *migrate, const struct migrate_file *file)
{
	char version[16];
	const char *values[] = {version, file->name, (const char *)file->sha256};
	const int lens[] = {0, 0, MIGRATE_SHA256_BYTES}, formats[] = {0, 0, 1};
	PGresult *result;
	bool fine;

	snprintf(version, sizeof version, "%d", file->version);
	result = PQexecParams(migrate->conn,
	    "INSERT INTO crisiscover.migration (version, name, sha256) VALUES ($1, $2, $3)", 3,
	    NULL, values, lens, formats, 0);
	fine = PQresultStatus(result) == PGRES_COMMAND_OK;
	if (!fine)
		fprintf(stderr, "%s: could not be noted as applied: %s", file->name,
		    PQresultErrorMessage(result));
	PQclear(result);
	return fine;
}

/* A file that ends our transaction and begins another would be half applied if a later part of it
 * failed. */
static bool
still_ours(struct migrate *migrate, const struct migrate_file *file, const char *before)
{
	if (PQtransactionStatus(migrate->conn) == PQTRANS_INTRANS &&
	    strcmp(value_of(migrate, "SELECT pg_current_xact_id()"), before) == 0)
		return true;
	fprintf(stderr,
	    "%s has a COMMIT or ROLLBACK in it. A migration is one transaction, begun and ended for it. "
	    "Some of it may be in force now: restore the database before going on\n",
	    file->name);
	return false;
}

static bool
apply(struct migrate *migrate, const struct migrate_file *file)
{
	const char *transaction;

	if (!run_only(migrate, "BEGIN"))
		return false;
	transaction = value_of(migrate, "SELECT pg_current_xact_id()");
	if (run_file(migrate, file) && still_ours(migrate, file, transaction) &&
	    /* A file may set it for its own statements. */
	    run_only(migrate, "RESET search_path") && note_applied(migrate, file) &&
	    run_only(migrate, "COMMIT")) {
		fprintf(stderr, "applied %s\n", file->name);
		return true;
	}
	/* No ROLLBACK: the end of the session undoes what was not committed, in every state. */
	return false;
}

static bool
apply_all(struct migrate *migrate, int at)
{
	const struct migrate_file *file;
	unsigned count = 0;

	VEC_EACH (file, &migrate->files.list) {
		if (file->version <= at)
			continue;
		count++;
		if (migrate->dry_run)
			fprintf(stderr, "would apply %s\n", file->name);
		else if (!apply(migrate, file))
			return false;
	}
	if (count == 0)
		fprintf(stderr, "the database is at %d; there is nothing to do\n", at);
	return true;
}

static bool
connect_to(struct migrate *migrate, const char *conninfo)
{
	migrate->conn = PQconnectdb(conninfo);
	if (PQstatus(migrate->conn) != CONNECTION_OK) {
		fprintf(
		    stderr, "could not connect to the database: %s", PQerrorMessage(migrate->conn));
		return false;
	}
	/* No limit on waiting for the lock, since the other migration takes the time it takes. A
	 * table is waited for 10 s only (pg_migrate_run()), as all later statements on it queue
	 * after us. */
	return run_only(migrate,
	    "SET client_min_messages = warning; SET client_encoding = 'UTF8'; SET statement_timeout = 0; SET lock_timeout = 0; "
	    "SET application_name = 'crisiscoverd-migrate'");
}

int
pg_migrate_run(const char *conninfo, const char *directory, bool dry_run)
{
	struct migrate migrate = {.arena = arena_new(0), .dry_run = dry_run};
	int at;
	bool fine = migrate_files_read(migrate.arena, directory, &migrate.files) &&
		    connect_to(&migrate, conninfo);
	bool locked = fine && !dry_run && take_lock(&migrate);

	if (!dry_run)
		fine = locked && run_only(&migrate, TABLE "; SET lock_timeout = '10s'");
	fine = fine && check_all(&migrate, &at) && apply_all(&migrate, at);
	if (locked)
		give_lock(&migrate);
	PQfinish(migrate.conn);
	arena_free(migrate.arena);
	return fine ? 0 : 1;
}
