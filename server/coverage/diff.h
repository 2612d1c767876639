/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/model/sweep.h"

/*
 * The rows that must be written so that the map agrees with a sweep, and no others. Pure.
 */
struct diff {
	const int64_t *ended; /* starts of spans in force that are superseded */
	size_t nended;
	const struct cover_span *begun; /* spans to write */
	size_t nbegun;
};

/*
 * ${held}: the spans in force that end after ${from}, sorted by start. ${swept}: the sweep from
 * ${from} on; what is not commissioned in it is not kept. A span that began before ${from}
 * continues with its start if the sweep continues with the same; if not, its part before ${from} is
 * kept as it was: the window never cuts the past.
 */
struct diff diff_spans(
    struct arena *arena, struct cover_spans held, struct cover_spans swept, int64_t from);
