/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/scratch.h"

/* Shared by the tests of feeds that need a database: a scratch PostgreSQL with the tables, and a
 * region in it. */
struct testbed {
	struct scratch_postgres *pg;
	char *folder; /* of the key files of addresses */
	char *seal_path, *open_path;
};

/* Group fixtures; the testbed is *state. */
int testbed_setup(void **state);
int testbed_teardown(void **state);

/* Takes away everything but the tables, so that each test begins with an empty testbed. */
void testbed_empty(struct testbed *testbed);

/* Puts ${rotas}, the text of a JSON list, in force as the next region: with the organisation ZFC,
 * its people jo-jones and s-ahmed and its service fenmere-amhp. */
void testbed_apply(struct testbed *testbed, const char *rotas);

/* What stands for ${address} in the database. Free with free(). */
char *testbed_mask(struct testbed *testbed, const char *address);

/* Rotas of fenmere-amhp, for testbed_apply(). */
#define ROTA_URL(id, path)                                                                         \
	"{\"id\": \"" id "\", \"service\": \"fenmere-amhp\", \"tier\": 1, \"source\": {\"kind\": " \
	"\"ical_url\", \"url\": \"http://127.0.0.1/" path "\", \"every_minutes\": 5}}"
#define ROTA_SENT(id)                                                                              \
	"{\"id\": \"" id "\", \"service\": \"fenmere-amhp\", \"tier\": 2, \"source\": {\"kind\": " \
	"\"file\"}}"
#define ROTA_TYPED(id)                                                                             \
	"{\"id\": \"" id "\", \"service\": \"fenmere-amhp\", \"tier\": 3, \"source\": {\"kind\": " \
	"\"typed\"}}"

/* Fixture of a test: an empty testbed with the rotas duty (an address), edt (files) and extra
 * (typed). */
int testbed_begin(void **state);

/* The feed `duty` with one good body, and two nights from it. */
void testbed_have_duty(struct testbed *testbed);

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
