#pragma once

#include "server/pg/pg.h"

/* Every statement of the feeds role. What they do is told in migrations/0002_feeds.sql,
 * 0007_decisions.sql and 0008_guards.sql. */
extern const struct pg_stmt FEEDS_REGION;    /* the region in force, if newer than $1; the clock */
extern const struct pg_stmt FEEDS_DECISIONS; /* those in force, if newer than $1 */
extern const struct pg_stmt FEEDS_SPREAD;
extern const struct pg_stmt FEEDS_MARK_OUTDATED;
extern const struct pg_stmt FEEDS_CLAIM;
extern const struct pg_stmt FEEDS_CLOCK;
extern const struct pg_stmt FEEDS_VERSIONS; /* of the events of the body in force */
extern const struct pg_stmt FEEDS_IMPORT_STEP;
extern const struct pg_stmt FEEDS_BODY; /* the bytes of a body */
extern const struct pg_stmt FEEDS_ROWS; /* rows in force that a reading is compared with */
extern const struct pg_stmt FEEDS_COUNT_ATTEMPT;
extern const struct pg_stmt FEEDS_FORGET_ATTEMPT;
extern const struct pg_stmt FEEDS_GOOD;
extern const struct pg_stmt FEEDS_STILL_HELD;
extern const struct pg_stmt FEEDS_FAILED;
extern const struct pg_stmt FEEDS_REREAD_FAILED;
extern const struct pg_stmt FEEDS_RELEASE;
extern const struct pg_stmt FEEDS_APPLY;
extern const struct pg_stmt FEEDS_HOLD;
extern const struct pg_stmt FEEDS_TELL_STALE;
extern const struct pg_stmt FEEDS_CLAIM_IMPORTS;
extern const struct pg_stmt FEEDS_REFUSE_IMPORT;
extern const struct pg_stmt FEEDS_PREVIEW_IMPORT;
