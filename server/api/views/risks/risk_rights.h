/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* For whom an account accepts the risk of a requirement today. In the arena of the ask; codes, in the order of the set-up. */
struct risk_signing {
	const char **needed; /* every commissioner who must accept */
	size_t nneeded;
	const char **own; /* of these, those that the account stands for */
	size_t nown;
};

/* A person's account alone stands for anybody: a program or a screen accepts no risk. */
struct risk_signing risk_signing_of(const struct ask *ask, uint32_t requirement);

/* The demand with these codes, if the account may see it; REGION_NONE. */
uint32_t risk_demand(const struct ask *ask, const char *requirement, const char *place);
