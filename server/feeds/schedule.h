/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/* Claims feeds that are due, and starts a job for each, at most ${at_once} at a time. */
struct schedule;

struct schedule *schedule_new(const struct feeds_env *env, unsigned at_once);
void schedule_free(struct schedule *schedule); /* jobs under way are cancelled */

/* To be called when a feed may be due: looks for feeds to claim. */
void schedule_look(struct schedule *schedule);
