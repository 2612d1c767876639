/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/feeds/house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_SECONDS = 120, SQL_MAX = 65536 };

int
house_setup(void **state)
{
	struct house *house = calloc(1, sizeof *house);

	house->pg = scratch_postgres_start(NULL);
	scratch_migrate(house->pg, SOURCE_ROOT "/migrations");
	free(scratch_psql(house->pg, "alter role postgres set client_min_messages = warning"));
	scratch_psql_file(house->pg, SOURCE_ROOT "/tests/unit/server/feeds/house.sql");
	*state = house;
	return 0;
}

int
house_teardown(void **state)
{
	struct house *house = *state;

	scratch_postgres_stop(house->pg);
	free(house);
	return 0;
}

void
house_empty(struct house *house)
{
	house_run(house, "select house_empty()");
}

void
house_apply(struct house *house, const char *rotas)
{
	house_run(house, "select house_apply($rotas$%s$rotas$)", rotas);
}

static void fill(char sql[SQL_MAX], const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
fill(char sql[SQL_MAX], const char *format, va_list args)
{
	int len = vsnprintf(sql, SQL_MAX, format, args);

	assert_true(len >= 0 && len < SQL_MAX);
}

/* Says so with nothing left on the heap: processes of later tests look for leaks at their end. */
static void
expect_text(char *sql, char *printed, const char *wanted)
{
	char complaint[2048];
	bool as_wanted = strcmp(printed, wanted) == 0;

	snprintf(complaint, sizeof complaint, "%.1400s\nprinted: %.300s\n wanted: %.300s", sql,
	    printed, wanted);
	free(printed);
	free(sql);
	if (!as_wanted)
		fail_msg("%s", complaint);
}

void
house_expect(struct house *house, const char *wanted, const char *format, ...)
{
	char *sql = malloc(SQL_MAX);
	va_list args;

	va_start(args, format);
	fill(sql, format, args);
	va_end(args);
	expect_text(sql, scratch_psql(house->pg, sql), wanted);
}

void
house_run(struct house *house, const char *format, ...)
{
	char *sql = malloc(SQL_MAX);
	va_list args;

	va_start(args, format);
	fill(sql, format, args);
	va_end(args);
	free(scratch_psql(house->pg, sql));
	free(sql);
}

void
house_refused(struct house *house, const char *login, const char *message, const char *sql)
{
	char *printed;

	if (scratch_psql_try(house->pg, login, sql, &printed) == 0)
		fail_msg("%s\nwas not refused, and printed: %s", sql, printed);
	if (strstr(printed, message) == NULL)
		fail_msg("%s\nwas refused with: %s\nand not with: %s", sql, printed, message);
	free(printed);
}

void
house_until(struct house *house, const char *wanted, const char *format, ...)
{
	char *sql = malloc(SQL_MAX);
	va_list args;

	va_start(args, format);
	fill(sql, format, args);
	va_end(args);
	scratch_psql_until(house->pg, sql, wanted, PATIENCE_SECONDS);
	free(sql);
}
