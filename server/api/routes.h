/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/web/server.h"

/* The table of routes; the last row has a NULL pattern. openapi.yaml says what each is for, and a
 * test holds the two together. */
const struct web_route *routes_table(void);

/* web_admit_fn of the api (ctx: struct api): who may send a body at all, by token and role. */
bool routes_admit(void *ctx, struct web_exchange *exchange);
