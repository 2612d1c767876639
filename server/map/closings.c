/* SPDX-License-Identifier: MIT */
#include "server/map/closings.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

struct closings *
closings_none(void)
{
	return closings_of(-1, NULL, 0);
}

struct closings *
closings_of(int64_t version, const struct kept_closing *items, size_t count)
{
	struct closings *made = xcalloc(1, sizeof *made);

	made->refs = 1;
	made->version = version;
	made->items = xcalloc(count + 1, sizeof *made->items);
	made->count = count;
	if (count > 0)
		memcpy(made->items, items, count * sizeof *items);
	return made;
}

struct closings *
closings_ref(struct closings *closings)
{
	closings->refs++;
	return closings;
}

void
closings_unref(struct closings *closings)
{
	if (closings == NULL || --closings->refs > 0)
		return;
	free(closings->items);
	free(closings);
}

struct span_time
closings_at(const struct closings *closings, uint32_t navigator, int64_t at)
{
	for (size_t i = 0; i < closings->count; i++)
		if (closings->items[i].navigator == navigator &&
		    span_has(closings->items[i].time, at))
			return closings->items[i].time;
	return (struct span_time){0};
}
