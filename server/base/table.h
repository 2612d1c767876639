/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"

/* Strings to small numbers, in an arena: codes of the set-up to their index. Keys are borrowed for
 * the table's life. */
#define TABLE_NONE UINT32_MAX

struct table {
	struct table_slot *slots;
	uint32_t capacity, count;
};

void table_init(struct table *table, struct arena *arena, size_t expected);

/* Sets ${key} to ${value} unless it is there already; answers the value that was there, or
 * TABLE_NONE if it was new. */
uint32_t table_put(struct table *table, struct arena *arena, const char *key, uint32_t value);

uint32_t table_get(const struct table *table, const char *key); /* TABLE_NONE: absent */
