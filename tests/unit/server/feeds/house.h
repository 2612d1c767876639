/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/scratch.h"

/* What the tests of feeds that need a database share: a scratch PostgreSQL with the tables, and a
 * region in it. */
struct house {
	struct scratch_postgres *pg;
};

/* Group fixtures; the house is *state. */
int house_setup(void **state);
int house_teardown(void **state);

/* Takes away everything but the tables, so that each test begins with an empty house. */
void house_empty(struct house *house);

/* Puts ${rotas}, the text of a JSON list, in force as the next region: with the organisation ZFC,
 * its people jo-jones and s-ahmed and its service fenmere-amhp. */
void house_apply(struct house *house, const char *rotas);

/* The SQL, whose %-conversions are filled in, must print ${wanted}. */
void house_expect(struct house *house, const char *wanted, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Runs SQL that must succeed. */
void house_run(struct house *house, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* SQL that ${login} must be refused, with ${message} in what the server says. */
void house_refused(struct house *house, const char *login, const char *message, const char *sql);

/* Waits until the SQL prints ${wanted}. */
void house_until(struct house *house, const char *wanted, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
