/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/* Makes a flag when the last good check of a feed has become an hour old. That the feed is checked again is noted
 * by the job that checks it. */
struct stale;
struct stale *stale_new(const struct feeds_env *env);
void stale_free(struct stale *stale);
