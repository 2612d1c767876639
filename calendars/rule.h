/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calendars/faults.h"
#include "server/base/text.h"

/*
 * Recurrence rules (RFC 5545 3.3.10, with SKIP of RFC 7529) over floating wall-clock time. "20:00
 * every other Tuesday" is about wall clocks, so this file does not know zones. `local` is in
 * seconds as in civil.h.
 *
 * Rules finer than daily are refused, because no rota repeats within a day. So are combinations of
 * parts that the RFC does not allow.
 */
enum rule_freq { RULE_DAILY, RULE_WEEKLY, RULE_MONTHLY, RULE_YEARLY };
enum rule_skip { RULE_OMIT, RULE_BACKWARD, RULE_FORWARD };
enum rule_until { RULE_FOREVER, RULE_UNTIL_DATE, RULE_UNTIL_LOCAL, RULE_UNTIL_UTC };

/* Sets of numbers: bit n of `first` is n counted from the front, bit n of `last` is n counted from
 * the back. */
#define RULE_SET_WORDS 6
struct rule_set {
	uint64_t first[RULE_SET_WORDS], last[RULE_SET_WORDS];
	bool given;
};

struct rule {
	enum rule_freq freq;
	uint32_t interval;
	uint32_t count; /* 0: no COUNT */
	enum rule_until until_kind;
	int64_t until; /* local, or an instant for RULE_UNTIL_UTC */
	enum rule_skip skip;
	int wkst; /* 0 Monday */
	struct rule_set months, monthdays, yeardays, weeks, setpos, hours, minutes, seconds;
	bool days_given;
	uint8_t weekdays;             /* bit n: every weekday n */
	uint64_t nth[7], nth_last[7]; /* "2MO": bit 2 of nth[0] */
};

/* Reads the value of an RRULE. Returns FAULT_NONE, or FAULT_RULE_FINE or FAULT_RULE_BAD with the
 * reason in ${why} (static, or in ${arena}). */
enum fault rule_parse(struct arena *arena, struct slice text, struct rule *out, const char **why);

/*
 * Walks the instances of a rule after its start, in ascending order. The start itself is not given:
 * it is the first instance of the series whether or not it fits the rule, and it counts for COUNT.
 */
#define RULE_TIMES_MAX 24
#define RULE_DAYS_MAX 800
struct rule_walk {
	const struct rule *rule;
	struct rule filled; /* the rule, completed from DTSTART */
	int64_t start, from;
	uint32_t counted;
	int64_t period; /* number of the next period */
	int64_t days[RULE_DAYS_MAX];
	int32_t times[RULE_TIMES_MAX];
	size_t ndays, ntimes, at;
	uint64_t work; /* days looked at; the caller limits it */
	bool ended;
};

/* Begins a walk at ${start}. The walk may leave out instances before ${from}, and does so if COUNT
 * does not need them. ${whole_days}: ignore the parts of the rule that are finer than a day (RFC
 * 5545 3.3.10). */
void rule_walk_init(
    struct rule_walk *walk, const struct rule *rule, int64_t start, int64_t from, bool whole_days);

/* The next instance that is not after ${last}; false if there is none. The caller applies UNTIL,
 * because it needs the zone. */
bool rule_walk_next(struct rule_walk *walk, int64_t last, int64_t *local);
