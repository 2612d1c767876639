/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/unit/server/feeds/roles.h"
#include "tests/unit/server/feeds/site.h"
#include "tests/unit/server/feeds/testbed.h"

/* A testbed with a web site, and the feeds role and the reader as processes. */
enum { TEXT_MAX = 16384 };

struct town {
	struct testbed *testbed;
	struct site site;
	struct roles roles;
	char text[TEXT_MAX]; /* a calendar in the making */
};

/* Group fixtures, and those of a test; the town is *state. */
int town_setup(void **state);
int town_teardown(void **state);
int town_begin(void **state);
int town_end(void **state);

/* A calendar in ${text}: its beginning, nights from 20:00Z (${day} days from today, with further lines ${more}), and
 * its end; or all of one with nights 1 to ${nights} with J Jones. */
void calendar_begin(char *text);
void calendar_night(char *text, const char *uid, int day, const char *title, const char *more);
void calendar_end(char *text);
void calendar_of(char *text, int nights);

/* Asks for a refresh of `duty` and waits until the attempt is over. */
void town_refresh(struct town *town);
