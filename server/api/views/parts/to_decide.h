/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/rota/rota_candidates.h"

/*
 * Adds "to_decide": what a person must decide before a rota can be read completely: words, names, titles,
 * names of time zones, the order of dates, those with the most shifts first. The feeds role finds them and
 * stores them with the feed, or in the diff of an import; ${kept} is that list, or NULL. For words and names
 * the people whom they may mean are added here and not stored, since the directory changes.
 */
void to_decide_put(struct json_out *out, const struct ask *ask,
    const struct rota_directory *directory, const json_t *kept);
