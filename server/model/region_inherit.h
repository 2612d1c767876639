/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_field.h"
#include "server/model/span.h"

/* Internal to region_derive.c. */

/* A requirement that applies to a place, and the local days on which it does. */
struct region_applied {
	uint32_t requirement;
	struct span_times days;
};

struct region_applies {
	struct region_applied *items; /* by function, then in the order of the file */
	size_t count, capacity;
};

/*
 * The requirements that apply to each place, by place. A requirement of a place's own applies on its
 * own days. On days on which a place has none for a function, those of the places above it apply,
 * while it is below them. A circle of parents is a fault of the file ${root}; it is noted, and what
 * is returned may then lack requirements.
 */
const struct region_applies *region_inherit(const struct region_field *root);
