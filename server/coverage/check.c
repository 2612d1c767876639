/* SPDX-License-Identifier: MIT */
#include "server/coverage/check.h"

#include <stdlib.h>
#include <sys/random.h>

#include "server/base/fatal.h"

/* A check sweeps demands again although nothing has marked them, and compares the result with the
 * map. It finds what no mark led to: a fault of this program or a change by hand in the tables. */

/* A larger check that is still under way is not replaced by a smaller one, or the nightly check of
 * everything would be cut short by the hourly one. */
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

/* Once a night, since a sweep of a whole region takes long enough to delay urgent work. */
void
check_all(struct check *check, const struct setup *setup)
{
	if (replace(check, setup->region->ndemands))
		for (uint32_t i = 0; i < setup->region->ndemands; i++)
			check->demands[i] = i;
}

/* Multiplying and shifting spreads the 32 bits evenly over the limit; the bias for a few thousand
 * demands is far below one in a thousand. */
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
