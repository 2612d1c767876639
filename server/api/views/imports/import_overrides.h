/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/* "overrides": those that would stand otherwise than now if a preview were put in force, each with
 * where it stood and would stand, and a sentence. ${rows}: those of import_would, or NULL: null. */
void import_overrides_put(struct json_out *out, const struct ask *ask, const struct pg_rows *rows);
