#pragma once

#include "server/web/server.h"

/* The table of routes; the last row has a NULL pattern. openapi.yaml says what each is for, and a
 * test holds the two together. */
const struct web_route *routes_table(void);
