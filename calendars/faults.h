/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

/*
 * What can be wrong with a rota. Each fault is two sentences for the rota's owner: what is wrong,
 * and what to do. All sentences are in fault_words.c; the readers only name the fault.
 */
enum fault {
	FAULT_NONE,
	/* the whole calendar */
	FAULT_EMPTY,
	FAULT_HTML,
	FAULT_NUL,
	FAULT_UTF16,
	FAULT_NO_CALENDAR,
	FAULT_BARE_EVENT,
	FAULT_TRUNCATED,
	FAULT_UNBALANCED,
	FAULT_TOO_DEEP,
	FAULT_TOO_LONG,
	FAULT_LINE_TOO_LONG,
	FAULT_TOO_MANY_EVENTS,
	FAULT_TOO_MANY_ZONES,
	FAULT_TOO_MANY_VALUES,
	FAULT_TOO_MANY_PARAMETERS,
	FAULT_TOO_MUCH_JUNK,
	FAULT_TOO_MANY_OCCURRENCES,
	FAULT_RULE_TOO_OFTEN,
	FAULT_TOO_MUCH_WORK,
	FAULT_TOO_MUCH_MEMORY,
	FAULT_TOO_MANY_FAULTS,
	FAULT_TWO_READINGS,
	FAULT_CALSCALE,
	FAULT_CSV_QUOTES,
	FAULT_CSV_NO_HEADING,
	FAULT_CSV_COLUMN_TWICE,
	FAULT_CSV_HEADING_CHANGES,
	FAULT_CSV_GRID,
	FAULT_CSV_LIST,
	FAULT_WORKBOOK,
	FAULT_PDF,
	FAULT_DOCUMENT,
	FAULT_DATES_NOT_DMY,
	FAULT_DATES_NOT_MDY,
	FAULT_DATES_WEEKDAY,
	FAULT_DATES_YEAR,
	/* one event */
	FAULT_NO_START,
	FAULT_TWICE,
	FAULT_NOT_A_DATE,
	FAULT_NOT_A_DURATION,
	FAULT_IMPOSSIBLE_DATE,
	FAULT_MIXED_DATES,
	FAULT_END_BEFORE_START,
	FAULT_TOO_LONG_EVENT,
	FAULT_ZONE_UNKNOWN,
	FAULT_ZONE_UNSAFE,
	FAULT_EXRULE,
	FAULT_RULE_FINE,
	FAULT_RULE_BAD,
	FAULT_RULE_TOO_MANY,
	FAULT_NESTED_EVENT,
	FAULT_SERIES,
	FAULT_RANGE,
	FAULT_RANGE_COUNT,
	FAULT_ROW_DATE,
	FAULT_ROW_TIME,
	FAULT_ROW_CLOCK,
	FAULT_ROW_SHORT,
	FAULT_ROW_CODE,
	/* warnings */
	FAULT_NO_EVENTS,
	FAULT_JUNK_AFTER,
	FAULT_JUNK_LINE,
	FAULT_LATIN1,
	FAULT_ZERO_LENGTH,
	FAULT_SAME_DAY_END,
	FAULT_IN_GAP,
	FAULT_ZONE_LIES,
	FAULT_ZONE_SUMMER,
	FAULT_WR_ZONE_UNKNOWN,
	FAULT_END_AND_DURATION,
	FAULT_FLOATING_ELSEWHERE,
	FAULT_COUNT_AND_UNTIL,
	FAULT_ENDED,
	FAULT_EXDATE_BY_DAY,
	FAULT_RECURRENCE_BY_DAY,
	FAULT_SAME_UID_OLDER,
	FAULT_SAME_UID_BOTH,
	FAULT_SAME_UID_EITHER,
	FAULT_SAME_UID_TWO,
	FAULT_SAME_UID_UNCLEAR,
	FAULT_SAME_UID_MANY,
	FAULT_OVERRIDE_RULE,
	FAULT_RANGE_RULE,
	FAULT_ENDS_2359,
	FAULT_LEAVE_DAY,
	FAULT_DECLINED,
	FAULT_ASIDE,
	FAULT_CALENDAR_NAME,
	FAULT_PROPOSAL,
	FAULT_SHORTER_SHIFT,
	FAULT_OTHER_SHIFT,
	FAULT_OTHER_DAY,
	FAULT_CHANGE_MISSES,
	FAULT_TWO_TITLES,
	FAULT_NAME_AMBIGUOUS,
	FAULT_SEVERAL_PEOPLE,
	FAULT_TITLE_TIMES,
	FAULT_ABSENCE_UNKNOWN,
	FAULT_TITLE_CANCELLED,
	FAULT_UTC_RULE,
	FAULT_REVIEW,
	FAULT_RULE_NOT_KEPT,
	FAULT_ROW_STATUS,
	FAULT_ROW_CODE_TIMES,
	FAULT_ROW_COLUMN,
	FAULT_ROW_MIDNIGHTS,
	FAULT_ROW_ABOVE,
	FAULT_ROW_BELOW,
	FAULT_ROW_TOP,
	FAULT_ROW_NO_SHIFT,
	FAULT_ROW_TWICE,
	FAULT_LEAVE_COLUMN,
	FAULT_LEAVE_KIND,
	FAULT_LEAVE_PART,
	FAULT_CSV_LOOSE,
	FAULT_DATES_ASK,
	FAULT_LONG_SHIFTS,
	FAULT_MORE,
	FAULTS
};

/* Where a fault is: an event or a line, and the time that it affects if that is known (else both
 * INSTANT_NONE). */
struct fault_at {
	const char *uid;
	uint32_t line;
	int64_t start, end;
};
#define FAULT_ANYWHERE ((struct fault_at){NULL, 0, INSTANT_NONE, INSTANT_NONE})
#define FAULT_EVENT(u, l) ((struct fault_at){(u), (l), INSTANT_NONE, INSTANT_NONE})

struct faults {
	struct arena *arena;
	int64_t from, until; /* the window: a fault wholly outside it makes nothing unknown */
	VEC(struct reading_finding) findings;
	uint32_t seen[FAULTS];
	bool refused;
};

/* Notes ${fault} at ${at}. ${what} and ${more} fill the gaps of its sentence (NULL: nothing). Of
 * one kind at most five hundred warnings are listed; the others are counted. */
void fault_note(struct faults *faults, enum fault fault, struct fault_at at, const char *what,
    const char *more);

/* Adds one finding for each kind of warning that was only counted. */
void fault_finish(struct faults *faults);
