/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/base/text.h"
#include "server/web/server.h"

/* Paths to rows of the table. Pure. */
#define ROUTE_PARAMS_MAX 4

struct route_param {
	struct slice name;  /* in the pattern */
	struct slice value; /* in the path, as sent */
};

struct route_found {
	const struct web_route *route; /* NULL: no such path, or not with this method */
	unsigned allowed;              /* methods of every row with this path; 0: no such path */
	struct route_param params[ROUTE_PARAMS_MAX];
	unsigned param_count;
};

void route_find(const struct web_route *routes, enum web_method method, struct slice path,
    struct route_found *found);
