#pragma once

#include "server/api/views/region_put.h"

/* What a region file does to the map, its people and its users: the member "effect" of the answer.
 */
void region_effect_put(struct json_out *out, const struct ask *ask, const struct region_put *put);
