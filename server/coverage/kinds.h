/* SPDX-License-Identifier: MIT */
#pragma once

/* The first column of statements that answer with rows of more than one kind. The numbers stand in
 * sql/marks.sql, sql/state.sql and sql/shifts.sql too. */
enum marks_kind { MARKS_DIRTY, MARKS_SOURCE, MARKS_ELSEWHERE, MARKS_DUE, MARKS_SHARED };
enum state_kind { STATE_DEMAND, STATE_SPAN, STATE_GAP };
enum shifts_kind { SHIFTS_SOURCE, SHIFTS_SHIFT, SHIFTS_ABSENCE, SHIFTS_ELSEWHERE };
