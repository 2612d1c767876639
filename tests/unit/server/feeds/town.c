/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/feeds/town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ----------------------------------------------------------------------------------- calendars */

void
calendar_begin(char *text)
{
	snprintf(text, TEXT_MAX,
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Fenmere//Rota STAMP//EN\r\n");
}

void
calendar_end(char *text)
{
	strcat(text, "END:VCALENDAR\r\n");
}

/* A night from 20:00Z, ${day} days from today. ${more}: further lines. */
void
calendar_night(char *text, const char *uid, int day, const char *title, const char *more)
{
	time_t start = time(NULL) / 86400 * 86400 + day * 86400 + 20 * 3600;
	time_t end = start + 12 * 3600;
	char from[32], to[32];

	strftime(from, sizeof from, "%Y%m%dT%H%M%SZ", gmtime(&start));
	strftime(to, sizeof to, "%Y%m%dT%H%M%SZ", gmtime(&end));
	snprintf(text + strlen(text), TEXT_MAX - strlen(text),
	    "BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:%s\r\nDTEND:%s\r\n"
	    "SUMMARY:%s\r\n%sEND:VEVENT\r\n",
	    uid, from, to, title, more);
}

/* Nights 1 to ${nights} with J Jones. */
void
calendar_of(char *text, int nights)
{
	char uid[32];

	calendar_begin(text);
	for (int i = 1; i <= nights; i++) {
		snprintf(uid, sizeof uid, "night-%d@fenmere", i);
		calendar_night(text, uid, i, "J Jones", "");
	}
	calendar_end(text);
}

/* ---------------------------------------------------------------------------------------- town */

int
town_setup(void **state)
{
	struct town *town = calloc(1, sizeof *town);

	testbed_setup((void **)&town->testbed);
	site_open(&town->site);
	*state = town;
	return 0;
}

int
town_teardown(void **state)
{
	struct town *town = *state;

	site_close(&town->site);
	testbed_teardown((void **)&town->testbed);
	free(town);
	return 0;
}

int
town_begin(void **state)
{
	struct town *town = *state;

	memset(town->site.pages, 0, sizeof *town->site.pages * SITE_PAGES);
	testbed_empty(town->testbed);
	roles_open(&town->roles, town->testbed);
	return 0;
}

int
town_end(void **state)
{
	struct town *town = *state;

	roles_close(&town->roles);
	return 0;
}

/* Asks for a refresh of `duty` and waits until the attempt is over. */
void
town_refresh(struct town *town)
{
	testbed_run(town->testbed,
	    "update feed set refresh_asked_at = now(), last_attempt_at = null where rota = 'duty'; "
	    "notify refresh_asked");
	testbed_until(town->testbed, "t",
	    "select last_attempt_at is not null and claim is null from feed where rota = 'duty'");
}
