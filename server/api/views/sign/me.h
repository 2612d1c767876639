/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/map/snapshot.h"

/* The account, as /v1/me and a sign-in answer with it: one object. */
void me_put(struct json_out *out, const struct region *region, const struct account *account);
