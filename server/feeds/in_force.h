/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/*
 * Keeps env->rulebook the one of the region and the decisions in force, and makes feeds due whose
 * stored body would now be read with something else: another region, other decisions about its
 * rota, another day's window, another tz database.
 */
struct in_force;

/* ${changed} runs each time env->rulebook has become another one. */
struct in_force *in_force_new(struct feeds_env *env, loop_fire_fn *changed, void *ctx);
void in_force_free(struct in_force *in_force); /* releases env->rulebook too */

/* Somebody says that the region or the decisions may have changed. */
void in_force_look(struct in_force *in_force);
