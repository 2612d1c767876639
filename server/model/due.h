/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/vec.h"

/*
 * The future events of a sweep, soonest first: a binary heap. Internal to sweep.c. It is in a
 * header so that it is inlined: much of the sweep's time is spent here.
 */
enum due_kind {
	DUE_OVERRIDE_END,
	DUE_NAMED_END,
	DUE_TEAM_END,
	DUE_NOBODY_END,
	DUE_UNDECIDED_END,
	DUE_RULED_END,    /* of an override that says nobody */
	DUE_DISPUTED_END, /* of an override in dispute */
	DUE_OUT_START,    /* a member does not count for a time */
	DUE_OUT_END,
	DUE_UNTRUSTED, /* of a rota */
	DUE_EDGE, /* only an instant at which to judge again: a horizon, a rota that begins or ends
		     to serve */
};

#define NO_MEMBER UINT32_MAX

struct due {
	int64_t at;
	int64_t id;      /* of the shift; for DUE_OUT_START its end */
	uint32_t member; /* of the crew; NO_MEMBER: it does not count */
	uint32_t rota;   /* of a shift; for DUE_OUT_… the reason (enum crew_out) */
	enum due_kind kind;
};

struct dues {
	struct due *items; /* a heap; the first is the soonest */
	size_t count, capacity;
};

/* Makes room for an entry due at ${at}. The caller fills in the rest in place: a copy would cost
 * time that can be measured. */
static inline struct due *
due_room(struct arena *arena, struct dues *dues, int64_t at)
{
	struct due *items;
	size_t i;

	(void)VEC_PUSH(arena, dues);
	items = dues->items;
	for (i = dues->count - 1; i > 0 && items[(i - 1) / 2].at > at; i = (i - 1) / 2)
		items[i] = items[(i - 1) / 2];
	items[i].at = at;
	return &items[i];
}

static inline void
due_push(struct arena *arena, struct dues *dues, int64_t at, enum due_kind kind, uint32_t rota,
    uint32_t member, int64_t id)
{
	struct due *due = due_room(arena, dues, at);

	due->kind = kind;
	due->rota = rota;
	due->member = member;
	due->id = id;
}

static inline struct due
due_pop(struct dues *dues)
{
	struct due *items = dues->items, top = items[0], last = items[--dues->count];
	size_t at = 0, child, count = dues->count;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && items[child + 1].at < items[child].at)
			child++;
		if (items[child].at >= last.at)
			break;
		items[at] = items[child];
		at = child;
	}
	items[at] = last;
	return top;
}
