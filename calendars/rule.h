/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calendars/faults.h"
#include "server/base/text.h"

/*
 * Recurrence rules (RFC 5545 3.3.10, with RFC 7529's SKIP) over floating wall-clock time: "20:00
 * every other Tuesday" is a statement about wall clocks, so nothing here knows of zones. `local` is
 * seconds as in civil.h.
 *
 * Rules finer than daily are no rota and are refused; so are parts that the RFC does not allow
 * together.
 */
enum rule_freq { RULE_DAILY, RULE_WEEKLY, RULE_MONTHLY, RULE_YEARLY };
enum rule_skip { RULE_OMIT, RULE_BACKWARD, RULE_FORWARD };
enum rule_until { RULE_FOREVER, RULE_UNTIL_DATE, RULE_UNTIL_LOCAL, RULE_UNTIL_UTC };

/* Numbers as bits: bit n of `first` is n counted from the front, of `last` n counted from the back.
 */
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

/* Reads the value of an RRULE. FAULT_NONE, or FAULT_RULE_FINE / FAULT_RULE_BAD with ${why} for the
 * sentence (static or ${arena}). */
enum fault rule_parse(struct arena *arena, struct slice text, struct rule *out, const char **why);

/*
 * The instances of a rule behind its start, in ascending order. The start itself is the first of
 * the series whether it fits the rule or not, counts for COUNT, and is not given here.
 */
#define RULE_TIMES_MAX 24
#define RULE_DAYS_MAX 800
struct rule_walk {
	const struct rule *rule;
	struct rule filled; /* with what DTSTART supplies */
	int64_t start, from;
	uint32_t counted;
	int64_t period; /* number of the next period */
	int64_t days[RULE_DAYS_MAX];
	int32_t times[RULE_TIMES_MAX];
	size_t ndays, ntimes, at;
	uint64_t work; /* days looked at: what a caller's budget is counted in */
	bool ended;
};

/* Begins at ${start}. Instances before ${from} may be left out (they are where COUNT does not need
 * them). ${whole_days}: the parts of a rule finer than a day say nothing (RFC 5545 3.3.10). */
void rule_walk_init(
    struct rule_walk *walk, const struct rule *rule, int64_t start, int64_t from, bool whole_days);

/* The next instance not behind ${last}; false if there is none. UNTIL is the caller's, who knows
 * the zone. */
bool rule_walk_next(struct rule_walk *walk, int64_t last, int64_t *local);
