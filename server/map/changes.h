/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/map/snapshot.h"

/*
 * What of the answers about the present may differ between two looks at the map: at which places,
 * in which gaps, from which sources. Found by comparing the two snapshots, and not noted where the
 * map is changed, so that none can be forgotten. A change may be found that makes no difference to
 * any answer. Pure.
 */
enum change_kind {
	CHANGE_COVERAGE, /* who is on call, or the cover, of some functions of a place */
	CHANGE_GAP,
	CHANGE_FEED,     /* the state or the freshness of a rota's source */
	CHANGE_DECISION, /* how many decisions a rota's source waits for */
	CHANGE_CONTACT,  /* what was reported of somebody of a function at a place */
	CHANGE_NOTE,     /* the notes of a place */
	CHANGE_PROTOCOL, /* the protocols of a place */
	CHANGE_SWAP,     /* a swap was offered, or has another state */
	CHANGE_LEAVE,    /* leave was asked for, or has another state */
	CHANGE_KINDS
};

enum gap_change { GAP_OPENED, GAP_CLOSED, GAP_ACKNOWLEDGED, GAP_CHANGED };

struct change {
	enum change_kind kind;
	uint32_t place; /* coverage, gap, contact, note and protocol; else REGION_NONE */
	uint32_t rota;  /* feed and decision; else REGION_NONE */
	/* Coverage: the functions of the place that may differ, in order. A gap and a contact: its own. A
	 * note and a protocol: none. */
	const uint32_t *functions;
	uint32_t nfunctions;
	uint8_t gap[16];
	enum gap_change how;
	enum feed_standing standing;
	enum freshness freshness;
	int32_t waiting;
	const struct kept_swap *swap; /* of the later snapshot, also leave; else NULL */
	const char *state;            /* of it */
};

/* A snapshot, and the instant at which it is looked at. */
struct map_look {
	const struct snapshot *map;
	int64_t at;
};

struct changes {
	/* gaps, contacts and notes, protocols, feeds, decisions, swaps and leave, then coverage by place */
	const struct change *items;
	size_t count;
};

/* Finds what differs from ${before} to ${after}; lives in ${arena}. False: another set-up is in
 * force, by which anything may. */
bool changes_find(struct arena *arena, const struct map_look *before, const struct map_look *after,
    struct changes *out);

/* The decisions that a source waits for: open questions about the calendar in force, and a reading
 * that is held back. */
int32_t changes_waiting(const struct kept_feed *feed);
