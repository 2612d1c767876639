/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/api/ask/route.h"

/* The table of all calls (ask/route.h); a test compares openapi.yaml with it. Static memory. */
const struct route *routes_rows(size_t *count);

/* The same calls as the HTTP server needs them; the last row has a NULL pattern. Static memory. */
const struct web_route *routes_table(void);

/* The web_admit_fn of the api (ctx: struct api): whether the client may send a body, by its token or session and
 * the right of the route. It is asked before the body is read. */
bool routes_admit(void *ctx, struct web_exchange *exchange);
