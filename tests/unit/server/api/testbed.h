/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

#include "tests/support/scratch.h"
#include "tests/unit/server/api/atlas.h"
#include "tests/unit/server/api/http.h"

/* The whole api role: a scratch PostgreSQL with every table, and the role as a process of its own. */
int testbed_open(void **state);  /* group set-up */
int testbed_close(void **state); /* group tear-down */
/* Fresh tables, no region, an administrator's token, the api started and its first look done. */
int testbed_set_up(void **state);
int testbed_tear_down(void **state);

struct scratch_postgres *testbed_postgres(void);
const char *testbed_admin(void); /* token */
int testbed_port(void);
const char *testbed_folder(void); /* the state directory */

/* Settings of the api that is started next: "" is none. Borrowed. */
void testbed_proxied(const char *metrics_token, const char *identity_socket, const char *secret);

/* Starts the api again after testbed_stop (it ended as asked) or testbed_kill (SIGKILL). */
void testbed_start(void);
void testbed_stop(void);
void testbed_kill(void);

/* Starts the process that hashes passwords, in the same state directory; it ends with the test. */
void testbed_passwords(void);

/* The address of the feed of ${rota}, opened as feeds opens it. Free with free(). */
char *testbed_address(const char *rota);

/* A token of an account of the region. */
char *testbed_token(const char *account);

/* Runs SQL as the owner. */
void testbed_sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* atlas_region, whose weekday requirement is moved to a day far from today, so that tests of the
 * running role see the same at any hour of any day. Lives until the next call. */
const char *testbed_region(void);

/* Where a test puts a whole region in force, by the only administrator there is: also one that asks
 * for less than the region before. */
#define TESTBED_REGION "/v1/region?alone=as+the+test+goes"

/* Puts testbed_region in force and waits until the api has it. */
void testbed_apply(void);
/* The same with another region that has the places and requirements of that one. */
void testbed_apply_region(const char *region);

/* A shift in force on ${rota}, hours relative to now; then the map's version moves, as coverage
 * would move it. */
void testbed_shift(const char *rota, const char *key, const char *class, const char *person,
    double from_hours, double to_hours);
void testbed_good(const char *rota, const char *last_good_sql); /* "now()" */
void testbed_moved(const char *rota);

/* Asks until ${path} of the JSON answer is ${wanted}; past 20 s the test fails, saying what it was. */
void testbed_until(const struct http_ask *ask, const char *path, const char *wanted);
void testbed_until_status(const struct http_ask *ask, int status);

/* One call as the administrator. */
struct http_reply testbed_get(const char *path);
struct http_reply testbed_as(const char *token, const char *path);
