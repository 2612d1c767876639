/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/api/ask/route.h"

/* Every call, what it wants and what it notes; openapi.yaml is compared with it by a test. */
const struct route *routes_rows(size_t *count);

/* The same for the server; the last row has a NULL pattern. */
const struct web_route *routes_table(void);

/* web_admit_fn of the api (ctx: struct api): who may send a body at all, by token and role. */
bool routes_admit(void *ctx, struct web_exchange *exchange);
