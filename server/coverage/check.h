/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/coverage/setup.h"

/*
 * The list of demands that are still to be checked (swept again, and compared with the map). Starts as {0}. It
 * belongs to one setup and must be dropped with it.
 */
struct check {
	uint32_t *demands;
	size_t count, at;
};

/* Fill the list: with every demand; or with a random sample of about one in a hundred, at least CHECK_LEAST. If
 * the list is not empty and longer than the new one would be, it is left as it is. */
#define CHECK_LEAST 20
void check_all(struct check *check, const struct setup *setup);
void check_some(struct check *check, const struct setup *setup);
void check_drop(struct check *check);
