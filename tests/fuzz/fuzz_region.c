/* SPDX-License-Identifier: MIT */
#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "server/model/region.h"
#include "tests/fuzz/fuzz.h"

/*
 * The bytes of a region file. One that is refused is so with a fault in words; of one that is
 * accepted there are warnings alone, and it differs from itself in nothing.
 */

static bool
is_known(const void *ctx, const char *name)
{
	(void)ctx;
	return name[0] == 'E';
}

static unsigned
count_faults(const struct region_faults *faults)
{
	unsigned count = 0;

	for (size_t i = 0; i < faults->count; i++) {
		INVARIANT(faults->items[i].path != NULL && faults->items[i].detail[0] != '\0');
		count += !faults->items[i].warning;
	}
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	struct arena *arena = arena_new(0);
	struct slice bytes = {(const char *)input, len};
	const struct region *region = NULL;
	struct region_faults faults = {0};
	enum status st =
	    region_read(arena, bytes, (struct region_zones){.known = is_known}, &region, &faults);

	INVARIANT((st == STATUS_OK) == (count_faults(&faults) == 0));
	INVARIANT((st == STATUS_OK) == (region != NULL));
	if (st == STATUS_OK) {
		struct region_changes changes;

		region_compare(arena, region, region, &changes);
		INVARIANT(changes.count == 0);
	}
	arena_free(arena);
	return 0;
}
