/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/pg/pg_private.h"

/* One cell; {NULL, 0} if null. */
struct slice pg_rows_cell(const struct pg_rows *rows, size_t row, unsigned column);

_Noreturn void pg_rows_mistyped(const struct pg_rows *rows, unsigned column, const char *wanted);
