/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/model/region.h"

/* Adds "commissioners": who commissions ${requirement}, each with "share" as text ("60 %", "1/3",
 * "all"). An empty list: none is named. */
void commissioners_put(struct json_out *out, const struct region_requirement *requirement);
