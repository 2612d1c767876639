#pragma once

#include "server/api/ask/ask.h"

/* Adds `map`: which version of the map the answer was made from, as of when, and how far it may be
 * relied on; as /v1/now has it. */
void map_age_put(struct json_out *out, const struct ask *ask);
