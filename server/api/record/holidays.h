/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * Records the file of bank holidays that this process uses, once, at its start. The file belongs to the
 * machine and may be replaced; with its bytes in the database, an answer of what was known at a time
 * can use the days of that time.
 */
struct holidays;

/* Writes ${csv}, borrowed until holidays_close, and tries again for as long as the database is away. */
struct holidays *holidays_open(struct loop *loop, struct pg *pg, struct slice csv);
void holidays_close(struct holidays *holidays); /* NULL: nothing */
