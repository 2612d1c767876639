/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/*
 * Keeps env->rulebook current: that of the region and the decisions in force. If the stored body of a feed would
 * now be read in another way (because of the region, a decision, the window of another day, or the tz
 * database), it makes that feed due.
 */
struct in_force;

/* ${changed} runs each time env->rulebook has become another one. */
struct in_force *in_force_new(struct feeds_env *env, loop_fire_fn *changed, void *ctx);
void in_force_free(struct in_force *in_force); /* releases env->rulebook too */

/* To be called when the region or the decisions may have changed: looks at the database. */
void in_force_look(struct in_force *in_force);
