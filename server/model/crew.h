/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"

/*
 * Counts people on duty as heads: a member who is on by several shifts counts once, and does not
 * count without the required function, nor while one of the reasons below holds.
 * Members are numbered in the order in which they first appear, so the cost depends on the shifts
 * of these rotas and not on the size of the region. Internal to sweep.c.
 */

/* Why a member who is on does not count for a time. If several hold, the first is reported. */
enum crew_out {
	CREW_UNAPPROVED, /* the approval for the function has ended, or is not by those who must */
	CREW_AWAY,
	CREW_SHARED, /* on for more places than may share */
	CREW_OUTS
};

struct crew_member {
	uint64_t key;
	uint32_t on;             /* shifts that contain now */
	uint32_t out[CREW_OUTS]; /* times of each reason that contain now */
	bool lacks;              /* without the function: never counts */
};

struct crew {
	struct arena *arena;
	struct crew_member *members;
	uint32_t count, capacity;
	uint32_t *slots; /* open addressing: member + 1, 0 empty */
	unsigned bits;
	int32_t present;        /* members that are on and count */
	int32_t lacking;        /* members that are on and lack the function, away or not */
	int32_t out[CREW_OUTS]; /* members that are on, by the first reason why they do not count */
};

void crew_init(struct crew *crew, struct arena *arena);

/* The member with ${key}. ${fresh} is set if the member is new; a new member holds the function. */
uint32_t crew_member_of(struct crew *crew, uint64_t key, bool *fresh);

/* Marks a member as without the function. Call it before the member's first shift is added. */
void crew_lacks(struct crew *crew, uint32_t member);

/* Whether the member counts while on. */
bool crew_counts(const struct crew_member *member);

/* Adds (${by} 1) or removes (-1) one shift, or one time of a reason. */
void crew_on(struct crew *crew, uint32_t member, int by);
void crew_out(struct crew *crew, uint32_t member, enum crew_out reason, int by);
