/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/arena.h"

/* The first half of a postcode in what somebody typed. */
struct postcode {
	const char *district; /* "ZF1", in capitals; NULL: there is no postcode in it */
	bool cut;             /* there was more: the second half, or a whole address */
};

/* A whole postcode is found anywhere in ${typed}, also without its blank; a district only where it
 * is all that was typed, apart from the beginning of a second half. */
struct postcode postcode_find(struct arena *arena, const char *typed);
