#pragma once

#include "server/pg/pg.h"

/* Every statement of the coverage role: what each reads and answers stands beside its text. */
extern const struct pg_stmt COVERAGE_LOOK;
extern const struct pg_stmt COVERAGE_READ_REGION;
extern const struct pg_stmt COVERAGE_TAKE_REGION;
extern const struct pg_stmt COVERAGE_MARKS[2][2]; /* [with sources][with shared] */
extern const struct pg_stmt COVERAGE_STATE;
extern const struct pg_stmt COVERAGE_SHIFTS;
extern const struct pg_stmt COVERAGE_COMMIT;
extern const struct pg_stmt COVERAGE_REMIND;
extern const struct pg_stmt COVERAGE_TIDY, COVERAGE_MAINTAIN;

/* The first column of statements that answer with rows of more than one kind. */
enum marks_kind { MARKS_DIRTY, MARKS_SOURCE, MARKS_ELSEWHERE, MARKS_DUE, MARKS_SHARED };
enum state_kind { STATE_DEMAND, STATE_SPAN, STATE_GAP };
enum shifts_kind { SHIFTS_SOURCE, SHIFTS_SHIFT, SHIFTS_ABSENCE, SHIFTS_ELSEWHERE };
