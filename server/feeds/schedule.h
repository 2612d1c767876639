/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/* Claims feeds that are due, as many as may be under way, and starts a job for each. */
struct schedule;

struct schedule *schedule_new(const struct feeds_env *env, unsigned at_once);
void schedule_free(struct schedule *schedule); /* jobs under way are cancelled */

/* Somebody says that a feed may be due. */
void schedule_look(struct schedule *schedule);
