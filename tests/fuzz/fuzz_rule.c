/* SPDX-License-Identifier: MIT */
#include "calendars/rule.h"

#include "server/base/fatal.h"
#include "tests/fuzz/fuzz.h"

#define DAY ((int64_t)86400)
#define SPAN (40 * 366 * DAY)
#define INSTANCES_MAX 3000

/*
 * The rule expander. Two bytes are the day of the start, one its time, one whether it is a whole
 * day; the rest is the RRULE. The instances ascend after the start, keep to the end they were given
 * and to COUNT, and are the same when made again.
 */
static void
walk(const struct rule *rule, int64_t start, bool whole_days)
{
	struct rule_walk first, second;
	int64_t before = start, at, again;
	uint32_t given = 0;

	rule_walk_init(&first, rule, start, start, whole_days);
	rule_walk_init(&second, rule, start, start, whole_days);
	while (given < INSTANCES_MAX && rule_walk_next(&first, start + SPAN, &at)) {
		if (!rule_walk_next(&second, start + SPAN, &again) || again != at)
			fatal("a rule came out differently the second time");
		if (at <= before || at > start + SPAN)
			fatal("an instance came before its predecessor or after the end");
		before = at;
		given++;
	}
	if (rule->count > 0 && given > rule->count - 1)
		fatal("more instances than COUNT");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena *arena;
	struct rule rule;
	const char *why = NULL;

	if (len < 4)
		return 0;
	arena = arena_new(0);
	if (rule_parse(arena, (struct slice){(const char *)bytes + 4, len - 4}, &rule, &why) ==
	    FAULT_NONE)
		walk(&rule,
		    (bytes[0] | bytes[1] << 8) % 40000 * DAY +
			((bytes[3] & 1) != 0 ? 0 : bytes[2] * 337 % DAY),
		    (bytes[3] & 1) != 0);
	else if (why == NULL)
		fatal("a rule was refused without a word");
	arena_free(arena);
	return 0;
}
