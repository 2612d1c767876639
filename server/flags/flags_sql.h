#pragma once

#include "server/pg/pg.h"

/* Every statement of the flags role: what each takes and answers stands beside its text. */
extern const struct pg_stmt FLAGS_LEAD;
extern const struct pg_stmt FLAGS_RESIGN;
extern const struct pg_stmt FLAGS_NEXT;
extern const struct pg_stmt FLAGS_MARK;
