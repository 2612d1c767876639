/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/pg/pg_private.h"

/* The largest argument: the server takes no value of 1 GB. */
#define PG_ARG_MAX ((size_t)512 * 1024 * 1024)

/* One more argument of ${len} bytes, still without them (which means null). */
struct pg_arg *pg_args_add(struct pg_args *args, Oid type, int format, size_t len);
