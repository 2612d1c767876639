/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "server/base/file.h"
#include "tests/support/scratch.h"

/*
 * Each statement of the roles, prepared against the schema as the migrations make it: it takes and
 * gives what its head says, by name and type, and its file is text that psql takes as it is.
 */

struct named_type {
	const char *name, *type;
};

struct head {
	const char *name, *path;
	size_t ntakes;
	struct named_type takes[48];
	size_t ngives;
	struct named_type gives[48];
};

static const struct head heads[] = {
#include "server/api/api_heads.inc"
#include "server/coverage/coverage_heads.inc"
#include "server/feeds/feeds_heads.inc"
#include "server/flags/flags_heads.inc"
};
#define NHEADS (sizeof heads / sizeof *heads)

static struct scratch_postgres *postgres;
static PGconn *conn;

static PGresult *
ask(const char *sql, ExecStatusType wanted)
{
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) != wanted)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	return result;
}

static int
server_starts(void **state)
{
	(void)state;
	postgres = scratch_postgres_start(NULL);
	scratch_migrate(postgres, SOURCE_ROOT "/migrations");
	conn = PQconnectdb(scratch_postgres_conninfo(postgres));
	PQclear(ask("set search_path = crisiscover", PGRES_COMMAND_OK));
	return 0;
}

static int
server_stops(void **state)
{
	(void)state;
	PQfinish(conn);
	scratch_postgres_stop(postgres);
	return 0;
}

static Oid
oid_of(const char *type)
{
	PGresult *result =
	    PQexecParams(conn, "select $1::regtype::oid", 1, NULL, &type, NULL, NULL, 0);
	Oid oid = PQresultStatus(result) == PGRES_TUPLES_OK
		      ? (Oid)strtoul(PQgetvalue(result, 0, 0), NULL, 10)
		      : InvalidOid;

	PQclear(result);
	return oid;
}

/* Runs the file as it stands: its statements are prepared. */
static void
paste(const char *path)
{
	FILE *file = fopen(path, "r");
	static char text[256 * 1024];
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, sizeof text - 1, file);
	assert_true(feof(file));
	fclose(file);
	text[len] = '\0';
	PQclear(ask("deallocate all", PGRES_COMMAND_OK));
	PQclear(ask(text, PGRES_COMMAND_OK));
}

/* How many lines of the head are not what the server says; each is printed. */
static unsigned
differences(const struct head *head, const PGresult *told)
{
	unsigned wrong = 0;

	if ((size_t)PQnparams(told) != head->ntakes || (size_t)PQnfields(told) != head->ngives) {
		print_error("%s: takes %d and gives %d, and its head says %zu and %zu\n",
		    head->name, PQnparams(told), PQnfields(told), head->ntakes, head->ngives);
		return 1;
	}
	for (int i = 0; i < PQnparams(told); i++)
		if (PQparamtype(told, i) != oid_of(head->takes[i].type)) {
			print_error("%s: $%d %s is no %s but a type of oid %u\n", head->name, i + 1,
			    head->takes[i].name, head->takes[i].type, PQparamtype(told, i));
			wrong++;
		}
	for (int i = 0; i < PQnfields(told); i++)
		if (PQftype(told, i) != oid_of(head->gives[i].type) ||
		    strcmp(PQfname(told, i), head->gives[i].name) != 0) {
			print_error("%s: column %d is no %s %s but %s of oid %u\n", head->name,
			    i + 1, head->gives[i].type, head->gives[i].name, PQfname(told, i),
			    PQftype(told, i));
			wrong++;
		}
	return wrong;
}

static void
statements_take_and_give_what_their_heads_say(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < NHEADS; i++) {
		PGresult *told;

		if (i == 0 || strcmp(heads[i].path, heads[i - 1].path) != 0)
			paste(heads[i].path);
		told = PQdescribePrepared(conn, heads[i].name);
		if (PQresultStatus(told) != PGRES_COMMAND_OK)
			fail_msg("%s: %s", heads[i].name, PQerrorMessage(conn));
		wrong += differences(&heads[i], told);
		PQclear(told);
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statements_take_and_give_what_their_heads_say),
	};

	return cmocka_run_group_tests(tests, server_starts, server_stops);
}
