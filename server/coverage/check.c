/* SPDX-License-Identifier: MIT */
#include "server/coverage/check.h"

#include <stdlib.h>
#include <sys/random.h>

#include "server/base/fatal.h"

static bool
replace(struct check *check, size_t count)
{
	if (check->count - check->at > count)
		return false;
	check_drop(check);
	check->demands = xcalloc(count + 1, sizeof *check->demands);
	check->count = count;
	return true;
}

void
check_all(struct check *check, const struct setup *setup)
{
	if (replace(check, setup->region->ndemands))
		for (uint32_t i = 0; i < setup->region->ndemands; i++)
			check->demands[i] = i;
}

static uint32_t
any_below(uint32_t limit)
{
	uint32_t number;

	if (getrandom(&number, sizeof number, 0) != sizeof number)
		fatal("could not get random bytes");
	return (uint32_t)((uint64_t)number * limit >> 32);
}

/* Evenly spread from a start chosen by chance: no demand twice, and each is as likely as any. */
void
check_some(struct check *check, const struct setup *setup)
{
	uint32_t all = setup->region->ndemands;
	uint32_t count = all / 100 > CHECK_LEAST ? all / 100 : CHECK_LEAST;
	uint32_t start;

	if (count > all)
		count = all;
	if (count == 0 || !replace(check, count))
		return;
	start = any_below(all);
	for (uint32_t i = 0; i < count; i++)
		check->demands[i] = (uint32_t)((start + (uint64_t)i * all / count) % all);
}

void
check_drop(struct check *check)
{
	free(check->demands);
	*check = (struct check){0};
}
