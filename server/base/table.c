/* SPDX-License-Identifier: MIT */
#include "server/base/table.h"

#include <string.h>

#include "server/base/fatal.h"
#include "server/base/hash.h"

#define TABLE_FIRST 16

struct table_slot {
	const char *key; /* NULL: empty */
	uint32_t hash, value;
};

/* Folded: keys are codes of the set-up, short and not chosen by strangers. */
static uint32_t
hash_of(const char *key)
{
	uint64_t hash = hash_text(HASH_START, key);

	return (uint32_t)(hash ^ (hash >> 32));
}

/* The slot of ${key}, or the empty one where it would go. Capacity is a power of two, never full. */
static struct table_slot *
find(const struct table *table, const char *key, uint32_t hash)
{
	/* Ends at an empty slot: there is always one, because the table is never full. */
	uint32_t mask = table->capacity - 1;

	for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
		struct table_slot *slot = &table->slots[i];

		/* The hash is compared first, because most other keys differ in it. */
		if (slot->key == NULL || (slot->hash == hash && strcmp(slot->key, key) == 0))
			return slot;
	}
}

void
table_init(struct table *table, struct arena *arena, size_t expected)
{
	uint32_t capacity = TABLE_FIRST;

	INVARIANT(expected < UINT32_MAX / 4);
	/* At most three quarters full: beyond that, linear probing walks far. */
	while (capacity * (size_t)3 / 4 < expected + 1)
		capacity *= 2;
	*table = (struct table){
	    .slots = arena_array(arena, capacity, sizeof *table->slots), .capacity = capacity};
}

static void
grow(struct table *table, struct arena *arena)
{
	struct table larger;

	table_init(&larger, arena, (size_t)table->count * 2);
	for (uint32_t i = 0; i < table->capacity; i++)
		if (table->slots[i].key != NULL)
			/* The hash is kept in the slot, so that no key is read again. */
			*find(&larger, table->slots[i].key, table->slots[i].hash) = table->slots[i];
	larger.count = table->count;
	*table = larger;
}

uint32_t
table_put(struct table *table, struct arena *arena, const char *key, uint32_t value)
{
	uint32_t hash = hash_of(key);
	struct table_slot *slot = find(table, key, hash);

	INVARIANT(value != TABLE_NONE);
	if (slot->key != NULL)
		return slot->value;
	*slot = (struct table_slot){.key = key, .hash = hash, .value = value};
	table->count++;
	if (table->count >= table->capacity * (size_t)3 / 4)
		grow(table, arena);
	return TABLE_NONE;
}

uint32_t
table_get(const struct table *table, const char *key)
{
	const struct table_slot *slot = find(table, key, hash_of(key));

	return slot->key == NULL ? TABLE_NONE : slot->value;
}
