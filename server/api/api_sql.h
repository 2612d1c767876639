#pragma once

#include "server/pg/pg.h"

/* Every statement of the api; the text and what each column is stand in api_sql.c. */

/* Following the map. */
extern const struct pg_stmt API_LOOK, API_REGION, API_ACCOUNTS, API_TOKENS, API_FEEDS, API_CHANGES,
    API_SHIFTS, API_GAPS;

/* What was known then, and the record. */
extern const struct pg_stmt API_KNOWN_THEN, API_BANK_HOLIDAYS_KEEP, API_REGION_DOCUMENT,
    API_SHIFTS_THEN, API_SOURCES_THEN, API_SPANS, API_SPANS_THEN, API_SHIFTS_BY_ID;

/* One place at one instant, for reviewers. */
extern const struct pg_stmt API_SLOTS_SINCE, API_GAPS_THEN, API_LOOKED, API_REGION_MARK;

/* The audit. */
extern const struct pg_stmt API_AUDIT_READS, API_AUDIT_HEAD, API_AUDIT;

/* Lists that are not in memory. */
extern const struct pg_stmt API_FLAGS, API_CLOSED_GAPS, API_GAP_PLACE;

/* Imports. */
extern const struct pg_stmt API_IMPORT_ADD, API_IMPORT_ADD_OVER, API_IMPORTS, API_IMPORT,
    API_IMPORT_SHIFTS, API_IMPORT_JUDGED, API_IMPORTS_IF_SAFE, API_IMPORT_APPLY_JUDGED,
    API_IMPORT_NOT_SAFE, API_IMPORT_APPLY, API_IMPORT_DISCARD, API_IMPORT_UNDO;

/* Decisions about the titles of a rota. */
extern const struct pg_stmt API_DECISIONS, API_TO_DECIDE, API_TURNED, API_DECISIONS_MAKE,
    API_DECISION_WITHDRAW;

/* Answers to writes with an Idempotency-Key. */
extern const struct pg_stmt API_ANSWER_BEGIN, API_ANSWER_KEEP, API_ANSWER_FIND;

/* Changes. */
extern const struct pg_stmt API_PLACES_RETIRED, API_REGION_BASE, API_REGION_PUT, API_REGION_FILES,
    API_REGION_SAID, API_TOKEN_ADD, API_TOKEN_REVOKE, API_TOKEN_ISSUE, API_ACCOUNT_TOKENS,
    API_TOKENS_REVOKE_ALL, API_REFRESH_ASK, API_ACKNOWLEDGE, API_ACKNOWLEDGE_ALL, API_TAKE_BACK;
extern const struct pg_stmt API_OVERRIDE_ADD;
extern const struct pg_stmt API_OVERRIDE_TRY, API_OVERRIDE_WITHDRAW_TRY;
extern const struct pg_stmt API_OVERRIDE_WITHDRAW;
extern const struct pg_stmt API_OVERRIDES;
extern const struct pg_stmt API_OVERRIDE;
extern const struct pg_stmt API_ABSENCE_ADD;
extern const struct pg_stmt API_ABSENCE_WITHDRAW;
extern const struct pg_stmt API_ABSENCES;
extern const struct pg_stmt API_ABSENCE;
