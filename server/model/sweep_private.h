/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/crew.h"
#include "server/model/due.h"
#include "server/model/sweep.h"

/* Internal to sweep*.c. sweep.c moves from instant to instant and keeps these up to date;
 * sweep_span.c turns them into a span. */

/* The current entries of a rota. */
struct live {
	const struct shift *next, *end;
	int64_t soon; /* when ${next} begins; INSTANT_END: there is none */
	uint32_t nobody, undecided, team;
	uint32_t ruled, disputed; /* of overrides: those that say nobody, those in dispute */
	bool trusted;
};

struct sweeper {
	struct arena *arena;
	const struct sweep_input *input;
	struct live *rotas;
	struct crew crew;
	struct dues on;   /* shifts that contain now, by their ends */
	struct dues dues; /* what else lies ahead */
	int64_t now;      /* the instant that has been reached */
	size_t hour;      /* the line of hours that contains now, or the next */
	bool changed;     /* the shifts that count may differ from those of the last span */
	struct {
		struct cover_span *items;
		size_t count, capacity;
	} spans;
};

/* Adds the span from ${start} to ${end}, over which nothing changes, or extends the last one if
 * nothing differs from it. */
void sweep_emit(struct sweeper *s, int64_t start, int64_t end);
