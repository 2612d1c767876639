/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"

/*
 * Tonight at a place as lines for paper: of each function its state, who is on when until the end of
 * the window, what changes meanwhile, and whom to ring instead. Pure.
 */
struct sheet {
	const struct now_frame *frames; /* of the place, at instants that follow each other; the
					   first is now */
	size_t count;
	int64_t until;
	bool more; /* more instants than were looked at change something */
};

void sheet_render(struct now_lines *out, const struct sheet *sheet);

/* The end of a sheet that is made at ${now}: the first 09:00 that is six hours away or more. */
int64_t sheet_until(const struct zone *zone, int64_t now);
