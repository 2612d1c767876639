/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* The code that is given beside a password: of the authenticator, or a recovery code. */
struct second_factor {
	int64_t step; /* of the code; 0: it was none that is right now */
	bool is_recovery;
	uint8_t recovery[32]; /* its hash: only the record knows whether it is one */
};

/* The meaning of ${code}, if the account's secret is ${sealed} and ${last} the last step used. */
struct second_factor second_factor_read(
    struct ask *ask, struct slice code, struct slice sealed, int64_t last);
