/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"

/*
 * Counts people on duty as heads: a member who is on by several shifts counts once, and does not
 * count while away, while spread over more places than may share, or without the required function.
 * Members are numbered in the order in which they first appear, so the cost depends on the shifts
 * of these rotas and not on the size of the region. Internal to sweep.c.
 */
struct crew_member {
	uint64_t key;
	uint32_t on;              /* shifts that contain now */
	uint32_t away;            /* absences that contain now */
	uint32_t too_many_places; /* times in too many places that contain now */
	bool lacks;               /* without the function: never counts */
};

struct crew {
	struct arena *arena;
	struct crew_member *members;
	uint32_t count, capacity;
	uint32_t *slots; /* open addressing: member + 1, 0 empty */
	unsigned bits;
	int32_t present; /* members that are on and count */
	int32_t lacking; /* members that are on and lack the function, away or not */
	int32_t absent;  /* members that are on and away */
	int32_t shared;  /* members that are on, not away, and serve too many places */
};

void crew_init(struct crew *crew, struct arena *arena);

/* The member with ${key}. ${fresh} is set if the member is new; a new member holds the function. */
uint32_t crew_member_of(struct crew *crew, uint64_t key, bool *fresh);

/* Marks a member as without the function. Call it before the member's first shift is added. */
void crew_lacks(struct crew *crew, uint32_t member);

/* Adds (${by} 1) or removes (-1) one shift, one absence, or one time in too many places. */
void crew_on(struct crew *crew, uint32_t member, int by);
void crew_away(struct crew *crew, uint32_t member, int by);
void crew_wide(struct crew *crew, uint32_t member, int by);
