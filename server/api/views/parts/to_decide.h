/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/rota/rota_candidates.h"

/*
 * "to_decide": what the feeds role found open in a reading (server/feeds keeps it with the feed and
 * in an import's diff): words, names, titles, names of time zones, the order of dates; those with
 * the most shifts first. Words and names come with whom of the directory they may mean, computed
 * now, since people come and go. ${kept}: the list, or NULL.
 */
void to_decide_put(struct json_out *out, const struct ask *ask,
    const struct rota_directory *directory, const json_t *kept);
