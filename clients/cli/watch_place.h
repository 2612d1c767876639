/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/*
 * A subscriber's place in the sequence of flags, and what the next flag means for it. These rules turn "at least
 * once, in order, without holes", which the server promises, into "exactly once". Pure.
 */
struct watch_place {
	bool known; /* false: nothing seen yet */
	int64_t epoch, seq;
};

/* Reads and writes the form "1-8124" (epoch and number), in which flags, the stream and the file have it. */
bool watch_place_parse(struct slice text, struct watch_place *out);
#define WATCH_PLACE_MAX 48
void watch_place_print(const struct watch_place *place, char out[WATCH_PLACE_MAX]);

enum watch_verdict {
	WATCH_APPLY,     /* the next one: act on it, then watch_place_move */
	WATCH_DROP,      /* seen before */
	WATCH_HOLE,      /* some before it were missed: catch up first */
	WATCH_NEW_EPOCH, /* a new numbering: take the whole state, then continue from there */
};
enum watch_verdict watch_place_weigh(
    const struct watch_place *place, const struct watch_place *flag);

void watch_place_move(struct watch_place *place, const struct watch_place *flag);
