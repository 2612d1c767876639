/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/coverage/setup.h"

/*
 * The demands that are left to check. Starts as {0}; belongs to one setup, and is dropped with it.
 */
struct check {
	uint32_t *demands;
	size_t count, at;
};

/* Every demand; about one in a hundred of them, at least CHECK_LEAST, chosen by chance. A list that
 * is not done yet continues instead if it is the longer one. */
#define CHECK_LEAST 20
void check_all(struct check *check, const struct setup *setup);
void check_some(struct check *check, const struct setup *setup);
void check_drop(struct check *check);
