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
struct testbed {
	struct scratch_postgres *pg;
};

/* Group fixtures; the testbed is *state. */
int testbed_setup(void **state);
int testbed_teardown(void **state);

/* Takes away everything but the tables, so that each test begins with an empty testbed. */
void testbed_empty(struct testbed *testbed);

/* Puts ${rotas}, the text of a JSON list, in force as the next region: with the organisation ZFC,
 * its people jo-jones and s-ahmed and its service fenmere-amhp. */
void testbed_apply(struct testbed *testbed, const char *rotas);

/* The SQL, whose %-conversions are filled in, must print ${wanted}. */
void testbed_expect(struct testbed *testbed, const char *wanted, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Runs SQL that must succeed. */
void testbed_run(struct testbed *testbed, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* SQL that ${login} must be refused, with ${message} in what the server says. */
void testbed_refused(
    struct testbed *testbed, const char *login, const char *message, const char *sql);

/* Waits until the SQL prints ${wanted}. */
void testbed_until(struct testbed *testbed, const char *wanted, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
