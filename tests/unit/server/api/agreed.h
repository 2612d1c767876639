/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/unit/server/api/testbed.h"

#include "server/base/civil.h"

/*
 * The testbed with people who have accounts of their own, for what people agree on among themselves: swaps and
 * leave. J Jones is on amhp-duty from 24 to 36 hours from ${now}; S Ahmed holds the same function, and so does
 * K Lee of another organisation. No coverage role and no feeds role run: a test moves the map, and says itself
 * what the calendar says.
 */
extern char *jo, *sam, *kim;           /* tokens of the people */
extern char *manager, *other, *viewer; /* of the rota's manager, of K Lee's, and of a switchboard */
extern int64_t now;                    /* when the test began */

/* A set-up of cmocka; ${second} is on amhp-duty as well, in the hours ${from} to ${to}. */
int agreed_set_up(void **state, const char *second, int from, int to);
int agreed_tear_down(void **state);

struct http_reply ask_as(const char *method, const char *token, const char *path, const char *body);

/* The answer has ${status}, and ${wanted} at ${where} (NULL: anything). Both free it. */
void expect(struct http_reply reply, int status, const char *where, const char *wanted);

/* The answer has ${status}, and ${words} somewhere in its body. */
void expect_words(struct http_reply reply, int status, const char *words);

void expect_sql(const char *sql, const char *wanted);

/* Makes an object of the set-up. */
void put(const char *path, const char *body);

/* The time that many hours after ${now}. */
const char *at_hours(double hours, char out[CIVIL_RFC3339_MAX]);
