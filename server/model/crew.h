/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"

/*
 * Who is on, counted as heads: one member may be on by several shifts and counts once, and not at
 * all while away, spread over more places than may share, or without
 * the function that is asked for. Members are numbered as they first
 * appear, so that a crew costs what its rotas hold and not what the region holds. Internal to
 * sweep.c.
 */
struct crew_member {
	uint64_t key;
	uint32_t on;   /* shifts that contain now */
	uint32_t away; /* absences that contain now */
	uint32_t wide; /* times of serving too many places that contain now */
	bool lacks;    /* the function: never counts */
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

/* The member of ${key}; ${fresh} tells whether it is new. A new one has the function. */
uint32_t crew_member_of(struct crew *crew, uint64_t key, bool *fresh);

/* The member lacks the function that is asked for. Said before its first shift comes in. */
void crew_lacks(struct crew *crew, uint32_t member);

/* One shift more or less; one absence; one time of serving too many places. */
void crew_on(struct crew *crew, uint32_t member, int by);
void crew_away(struct crew *crew, uint32_t member, int by);
void crew_wide(struct crew *crew, uint32_t member, int by);
