/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/demand.h"

/* Internal to demand.c and bundle_sweep.c. */

/* The shifts of the demand's own people, here and elsewhere. Other people's do not matter. */
struct share_list demand_duties(struct arena *arena, const struct demand_asked *asked);

/* By person: who is on the demand's rotas. */
const bool *demand_people(struct arena *arena, const struct demand_asked *asked);
