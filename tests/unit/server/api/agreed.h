/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/civil.h"
#include "tests/unit/server/api/expect.h"

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

/* The time that many hours after ${now}. */
const char *at_hours(double hours, char out[CIVIL_RFC3339_MAX]);
