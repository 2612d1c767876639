/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"
#include "server/feeds/feeds_env.h"

/*
 * Changes the rota of the canary (model/region_canary.h) every canary_seconds: once, however many processes there are.
 * Whether the change comes through is for flags and the api to see.
 */
struct canary_turns;

struct canary_turns *canary_turns_new(const struct feeds_env *env, const struct config *config);
void canary_turns_free(struct canary_turns *canary);
