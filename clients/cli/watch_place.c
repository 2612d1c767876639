/* SPDX-License-Identifier: MIT */
#include "clients/cli/watch_place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool
watch_place_parse(struct slice text, struct watch_place *out)
{
	const char *dash = text.at != NULL ? memchr(text.at, '-', text.len) : NULL;
	struct slice epoch, seq;
	int64_t first, second;

	if (dash == NULL)
		return false;
	epoch = (struct slice){text.at, (size_t)(dash - text.at)};
	seq = (struct slice){dash + 1, text.len - epoch.len - 1};
	/* Epochs begin at 1; 0-0 is the start of an empty stream, and no flag has it. */
	if (!text_int(epoch, 1, INT32_MAX, &first) || !text_int(seq, 0, INT64_MAX, &second))
		return false;
	*out = (struct watch_place){true, first, second};
	return true;
}

void
watch_place_print(const struct watch_place *place, char out[WATCH_PLACE_MAX])
{
	snprintf(out, WATCH_PLACE_MAX, "%" PRId64 "-%" PRId64, place->epoch, place->seq);
}

enum watch_verdict
watch_place_weigh(const struct watch_place *place, const struct watch_place *flag)
{
	/* Nothing seen yet: the first flag is the beginning. */
	if (!place->known)
		return WATCH_APPLY;
	if (flag->epoch < place->epoch)
		return WATCH_DROP;
	if (flag->epoch > place->epoch)
		return WATCH_NEW_EPOCH;
	if (flag->seq <= place->seq)
		return WATCH_DROP;
	/* Numbers have no holes (the outbox gives them under a lock), so a jump means that flags
	 * were missed. */
	return flag->seq == place->seq + 1 ? WATCH_APPLY : WATCH_HOLE;
}

void
watch_place_move(struct watch_place *place, const struct watch_place *flag)
{
	*place = *flag;
	place->known = true;
}
