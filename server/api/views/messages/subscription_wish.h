/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* A subscription as a request asks for it. */
struct subscription_wish {
	const char *account; /* NULL: faults were noted */
	const char *is;      /* JSON, as subscription_put() takes it */
};

/* Reads the body; notes what is wrong with it. ${account}: whose it is, if that is not for the body to say; else NULL. In the
 * arena of the ask. */
void subscription_wish_read(struct ask *ask, const char *account, struct subscription_wish *out);

/* "08:30" of minutes of the day. */
#define CLOCK_MAX 8
void subscription_clock(int64_t minutes, char out[CLOCK_MAX]);
