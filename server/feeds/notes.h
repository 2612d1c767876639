/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/base/text.h"
#include "server/model/forget.h"

/*
 * Warnings about a reading that do not keep it from being applied and depend on earlier readings or on the
 * time: versions that went back, time stamps in the future. And what is stored of the reading for the next
 * one. Pure.
 */
struct notes_about {
	struct slice before; /* versions of the body in force, as stored; at NULL: none */
	int64_t now;
	uint64_t zones;              /* a hash of the rules of time zones with which it was read */
	size_t moved;                /* shifts that are at other times than before */
	const struct forget *forget; /* what happens to shifts that it does not list */
	size_t listed;               /* how many rows of ${forget} are of the reading itself */
	const char *withheld;        /* why cover that it would add was made undecided; or NULL */
};

/* A hash of the content and the times of all events, without regard to their keys, order and time stamps: two
 * copies of a calendar with the same content have the same hash. */
#define NOTES_CONTENT_BYTES 32
void notes_content(const struct reading *reading, unsigned char hash[NOTES_CONTENT_BYTES]);

/* Adds `ahead`, `learnt`, `as_last_read`, `versions`, `content` (of what has events), `zones`,
 * `rules`, `moved`, `warnings` and, if anything is, `withheld` to
 * ${document}, which reading_add() and the functions of 0002_sources.sql take.
 */
void notes_add(struct arena *arena, json_t *document, const struct reading *reading,
    const struct notes_about *about);

/* "Sun, 06 Nov 1994 08:49:37 GMT": the instant; INSTANT_NONE if it is no such thing. */
int64_t notes_http_date(struct slice text);

/*
 * By how much the clock of the answering server is ahead of this one (less than zero: it is late),
 * given its Date and, from a cache, its Age in seconds; 0 if it is not known or is at most five
 * minutes.
 */
int64_t notes_clock_off(struct slice date, struct slice age, int64_t now);
