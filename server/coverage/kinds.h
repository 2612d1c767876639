/* SPDX-License-Identifier: MIT */
#pragma once

/* The first column of statements that answer with rows of more than one kind. The numbers are in
 * sql/marks.sql, sql/state.sql and sql/shifts.sql too, which test_constants compares. */
enum marks_kind { MARKS_DIRTY, MARKS_SOURCE, MARKS_ELSEWHERE, MARKS_DUE, MARKS_SHARED };
enum state_kind { STATE_DEMAND, STATE_SPAN, STATE_GAP };
enum shifts_kind { SHIFTS_SOURCE, SHIFTS_SHIFT, SHIFTS_ABSENCE, SHIFTS_ELSEWHERE, SHIFTS_GROUP };

/* Bits of the marks of commit_gap, of which coverage_commit has the same numbers: what a step makes
 * of a gap. */
enum gap_mark {
	MARK_STARTED = 1,  /* its time has come */
	MARK_TOLD = 2,     /* it was announced */
	MARK_CLOSES = 4,   /* this step closes it */
	MARK_PASSED = 8,   /* it closes because its time is over, not because it was filled */
	MARK_REOPENS = 16, /* this step opens it again */
	MARK_HELD = 32,    /* its closing is not announced until it has lasted */
	MARK_FOLLOWS =
	    64, /* it opens at the far edge of the window, in a run that is known already */
};
