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

/* The whole api role: a scratch PostgreSQL with every table, and the role as a process of its own.
 */
int house_open(void **state);  /* group set-up */
int house_close(void **state); /* group tear-down */
/* Fresh tables, no region, an administrator's token, the api started and its first look done. */
int house_set_up(void **state);
int house_tear_down(void **state);

struct scratch_postgres *house_postgres(void);
const char *house_admin(void); /* token */
int house_port(void);
const char *house_folder(void); /* the state directory */

/* Starts the api again after house_stop (it ended as asked) or house_kill (SIGKILL). */
void house_start(void);
void house_stop(void);
void house_kill(void);

/* A token of an account of the region. */
char *house_token(const char *account);

/* Runs SQL as the owner. */
void house_sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* atlas_region, with what it asks for on weekdays asked for on a day that is not near: what tests
 * of the living role see is the same at any hour of any day. Lives until the next call. */
const char *house_region(void);

/* Puts house_region in force and waits until the api has it. */
void house_apply(void);

/* A shift in force on ${rota}, hours relative to now; then the map's version moves, as coverage
 * would move it. */
void house_shift(const char *rota, const char *key, const char *class, const char *person,
    double from_hours, double to_hours);
void house_good(const char *rota, const char *last_good_sql); /* "now()" */
void house_moved(const char *rota);

/* Asks until ${path} of the JSON answer is ${wanted}; past 20 s the test fails, saying what it was.
 */
void house_until(const struct http_ask *ask, const char *path, const char *wanted);
void house_until_status(const struct http_ask *ask, int status);

/* One call as the administrator. */
struct http_reply house_get(const char *path);
struct http_reply house_as(const char *token, const char *path);
