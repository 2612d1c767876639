/* SPDX-License-Identifier: MIT */
#include "server/flags/flag_id.h"

#include <stdio.h>
#include <string.h>

void
flag_id_print(struct flag_id id, char out[FLAG_ID_MAX])
{
	snprintf(out, FLAG_ID_MAX, "%lld-%lld", (long long)id.epoch, (long long)id.seq);
}

bool
flag_id_parse(struct slice text, struct flag_id *out)
{
	const char *dash = text.len > 0 ? memchr(text.at, '-', text.len) : NULL;
	struct flag_id id;

	if (dash == NULL ||
	    !text_int((struct slice){text.at, (size_t)(dash - text.at)}, 0, INT32_MAX, &id.epoch) ||
	    !text_int((struct slice){dash + 1, (size_t)(text.at + text.len - dash - 1)}, 0,
		INT64_MAX, &id.seq))
		return false;
	*out = id;
	return true;
}

bool
flag_id_is(struct flag_id a, struct flag_id b)
{
	return a.epoch == b.epoch && a.seq == b.seq;
}
