/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/model/region.h"
#include "server/model/span.h"

/* Navigators that said of themselves that they are closed, and for which time. The value is immutable and counted; a
 * change makes a new one, since they are few. Pure. */
struct kept_closing {
	uint32_t navigator;
	struct span_time time; /* until it was to end, or was taken back */
};

struct closings {
	unsigned refs;
	int64_t version; /* -1: none was read */
	struct kept_closing *items;
	size_t count;
};

/* The caller owns one reference of what these return. closings_of() copies ${items}. */
struct closings *closings_none(void);
struct closings *closings_of(int64_t version, const struct kept_closing *items, size_t count);
struct closings *closings_ref(struct closings *closings);
void closings_unref(struct closings *closings);

/* The time around ${at} for which ${navigator} said that it is closed; empty: it did not. */
struct span_time closings_at(const struct closings *closings, uint32_t navigator, int64_t at);
