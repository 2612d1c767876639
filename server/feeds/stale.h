/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/* Tells subscribers of feeds whose last good check has become an hour old, as it happens. Their
 * return is noted by the check that brings them back. */
struct stale;
struct stale *stale_new(const struct feeds_env *env);
void stale_free(struct stale *stale);
