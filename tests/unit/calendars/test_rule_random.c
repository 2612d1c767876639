/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libical/ical.h>

#include "calendars/rule.h"
#include "server/base/civil.h"
#include "tests/support/rounds.h"

#define DAY 86400

/* Second opinions on the expander: random rules against a naive walk and against the library. The
 * same rules each time; a failure names its round. CRISISCOVER_ROUNDS=100 in the environment
 * tries a hundred times as many. */
#define CASES 1000

struct random {
	uint64_t state;
};

static int
pick(struct random *random, int below)
{
	random->state = random->state * 6364136223846793005U + 1442695040888963407U;
	return (int)((uint32_t)(random->state >> 33) % (uint32_t)below);
}

static const char *const weekdays[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

static void
add_numbers(struct buf *buf, struct random *random, const char *part, int most, bool negative)
{
	int count = 1 + pick(random, 3);

	buf_printf(buf, ";%s=", part);
	for (int i = 0; i < count; i++)
		buf_printf(buf, "%s%s%d", i > 0 ? "," : "",
		    negative && pick(random, 3) == 0 ? "-" : "", 1 + pick(random, most));
}

static void
add_weekdays(struct buf *buf, struct random *random, bool numbered)
{
	int count = 1 + pick(random, 3);

	buf_add_text(buf, ";BYDAY=");
	for (int i = 0; i < count; i++) {
		buf_add_text(buf, i > 0 ? "," : "");
		if (numbered && pick(random, 2) == 0)
			buf_printf(buf, "%s%d", pick(random, 2) ? "-" : "", 1 + pick(random, 4));
		buf_add_text(buf, weekdays[pick(random, 7)]);
	}
}

/* A rule of any legal shape. */
static void
make_rule(struct buf *buf, struct random *random, bool tame)
{
	static const char *const names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
	int freq = pick(random, 4);
	bool weeks = freq == 3 && !tame && pick(random, 4) == 0;
	bool monthdays = false;

	buf_printf(buf, "FREQ=%s", names[freq]);
	if (pick(random, 2) == 0)
		buf_printf(buf, ";INTERVAL=%d", 1 + pick(random, 4));
	if (pick(random, 3) == 0 || (tame && freq == 3))
		add_numbers(buf, random, "BYMONTH", 12, false);
	if (weeks)
		add_numbers(buf, random, "BYWEEKNO", 53, true);
	if ((freq == 2 || freq == 3) && pick(random, 3) == 0) {
		monthdays = true;
		add_numbers(buf, random, "BYMONTHDAY", tame ? 28 : 31, true);
	} else if (freq == 0 && pick(random, 4) == 0)
		add_numbers(buf, random, "BYMONTHDAY", 31, !tame);
	else if (freq == 3 && !tame && pick(random, 4) == 0)
		add_numbers(buf, random, "BYYEARDAY", 366, true);
	/* The library takes seconds over what hardly ever fits. */
	if (!(tame && monthdays) && pick(random, 2) == 0)
		add_weekdays(buf, random, freq >= 2 && !weeks);
	if (!tame && pick(random, 4) == 0)
		add_numbers(buf, random, "BYHOUR", 23, false);
	if (!tame && pick(random, 4) == 0)
		add_numbers(buf, random, "BYSETPOS", 5, true);
	if (!tame && pick(random, 3) == 0)
		buf_printf(buf, ";WKST=%s", weekdays[pick(random, 7)]);
}

/*
 * The rule by the letter of RFC 5545's table, day by day from the first of January 2020: each day
 * asks whether it fits, and the days of one period are then counted for BYSETPOS. Slow, and written
 * without a look at rule.c.
 */
struct naive {
	const struct rule *rule;
	struct civil start;
	int64_t start_day;
};

static bool
bit(const uint64_t *words, int64_t number)
{
	return number >= 0 && number < 384 && (words[number / 64] >> number % 64 & 1) != 0;
}

static bool
naive_weekday(const struct naive *n, int64_t day, const struct civil *c)
{
	const struct rule *rule = n->rule;
	int weekday = civil_weekday(day);
	bool in_month = rule->freq == RULE_MONTHLY || rule->months.given;
	int length = in_month ? civil_days_in_month(c->year, c->month)
			      : (int)(civil_days(c->year + 1, 1, 1) - civil_days(c->year, 1, 1));
	int place = in_month ? c->day : (int)(day - civil_days(c->year, 1, 1)) + 1;

	if ((rule->weekdays >> weekday & 1) != 0)
		return true;
	for (int nth = 1; nth <= 53; nth++) {
		if ((rule->nth[weekday] >> nth & 1) != 0 && (place + 6) / 7 == nth)
			return true;
		if ((rule->nth_last[weekday] >> nth & 1) != 0 && (length - place + 7) / 7 == nth)
			return true;
	}
	return false;
}

/* The number of ${day}'s week in the year that owns most of the week, by counting weeks from that
 * year's first. */
static void
naive_week(int64_t day, int wkst, int *week, int *weeks)
{
	int64_t monday = day;
	int64_t first;
	int y;
	int m;
	int d;

	while (civil_weekday(monday) != wkst)
		monday--;
	civil_from_days(monday + 3, &y, &m, &d);
	first = civil_days(y, 1, 4);
	while (civil_weekday(first) != wkst)
		first--;
	*week = (int)(monday - first) / 7 + 1;
	first += (int64_t)*week * 7 - 7;
	for (*weeks = *week;; ++*weeks, first += 7) {
		civil_from_days(first + 10, &m, &d, &d);
		if (m != y)
			return;
	}
}

static bool
naive_fits(const struct naive *n, int64_t day)
{
	const struct rule *rule = n->rule;
	struct civil c = civil_of(day * DAY);
	int length = civil_days_in_month(c.year, c.month);
	int64_t yday = day - civil_days(c.year, 1, 1) + 1;
	int64_t year = civil_days(c.year + 1, 1, 1) - civil_days(c.year, 1, 1);
	bool by_day = rule->days_given || rule->monthdays.given || rule->yeardays.given;
	int week;
	int weeks;

	if (rule->months.given && !bit(rule->months.first, c.month))
		return false;
	if (rule->monthdays.given && !bit(rule->monthdays.first, c.day) &&
	    !bit(rule->monthdays.last, length - c.day + 1))
		return false;
	if (rule->yeardays.given && !bit(rule->yeardays.first, yday) &&
	    !bit(rule->yeardays.last, year - yday + 1))
		return false;
	if (rule->days_given && !naive_weekday(n, day, &c))
		return false;
	if (rule->weeks.given) {
		naive_week(day, rule->wkst, &week, &weeks);
		if (!bit(rule->weeks.first, week) && !bit(rule->weeks.last, weeks - week + 1))
			return false;
	}
	if (by_day || rule->freq == RULE_DAILY)
		return true;
	if (rule->freq == RULE_WEEKLY || rule->weeks.given)
		return civil_weekday(day) == civil_weekday(n->start_day);
	return c.day == n->start.day &&
	       (rule->freq == RULE_MONTHLY || rule->months.given || c.month == n->start.month);
}

/* The number of the period that ${day} is in. */
static int64_t
naive_period(const struct naive *n, int64_t day)
{
	struct civil c = civil_of(day * DAY);

	switch (n->rule->freq) {
	case RULE_DAILY:
		return day;
	case RULE_WEEKLY:
		return (day + 7000000 + 3 - n->rule->wkst) / 7;
	case RULE_MONTHLY:
		return (int64_t)c.year * 12 + c.month;
	default:
		return c.year;
	}
}

static size_t
naive_flush(const struct naive *n, const int64_t *set, size_t nset, int64_t *out, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < nset; i++) {
		bool chosen = !n->rule->setpos.given ||
			      bit(n->rule->setpos.first, (int64_t)i + 1) ||
			      bit(n->rule->setpos.last, (int64_t)(nset - i));

		if (chosen && set[i] > civil_seconds(&n->start) && count < max)
			out[count++] = set[i];
	}
	return count;
}

static size_t
naive_expand(const struct rule *rule, int64_t start, int64_t until, int64_t *out, size_t max)
{
	struct naive n = {rule, civil_of(start), 0};
	int64_t set[366 * 24];
	size_t nset = 0;
	size_t count = 0;
	int64_t day = civil_days(2019, 1, 1);
	int64_t period;
	int64_t first;

	n.start_day = civil_days(n.start.year, n.start.month, n.start.day);
	first = naive_period(&n, n.start_day);
	period = naive_period(&n, day);
	for (; day * DAY < until && count < max; day++) {
		int64_t here = naive_period(&n, day);

		if (here != period) {
			count += naive_flush(&n, set, nset, out + count, max - count);
			nset = 0;
			period = here;
		}
		if (here < first || (here - first) % rule->interval != 0 || !naive_fits(&n, day))
			continue;
		for (int hour = 0; hour < 24; hour++) {
			if (rule->hours.given ? bit(rule->hours.first, hour) : hour == n.start.hour)
				set[nset++] = day * DAY + hour * 3600;
		}
	}
	return count;
}

/* holds: H08.1 */
static void
any_rule_agrees_with_a_walk_over_every_day(void **state)
{
	struct random random = {5545};
	enum { MOST = 24 };
	unsigned instances = 0;

	(void)state;
	for (unsigned round = 0; round < rounds(CASES); round++) {
		struct arena *arena = arena_new(0);
		struct buf text = {0};
		struct rule rule;
		struct rule_walk walk;
		const char *why = NULL;
		int64_t start =
		    (civil_days(2020, 1, 1) + pick(&random, 730)) * DAY + pick(&random, 24) * 3600;
		/* Most rules show what they are within a few years; some need a leap year, or
		 * week 53. */
		int64_t until = civil_days(round % 16 == 0 ? 2034 : 2024, 1, 1) * DAY;
		int64_t want[MOST];
		size_t count;
		int64_t got;

		make_rule(&text, &random, false);
		if (rule_parse(arena, slice_of(text.at), &rule, &why) != FAULT_NONE)
			fail_msg("%s: %s", text.at, why);
		count = naive_expand(&rule, start, until, want, MOST);
		rule_walk_init(&walk, &rule, start, start, false);
		for (size_t i = 0; i < count; i++) {
			if (!rule_walk_next(&walk, until, &got) || got != want[i])
				fail_msg("round %u: %s from %lld: instance %zu", round, text.at,
				    (long long)start, i);
			instances++;
		}
		buf_free(&text);
		arena_free(arena);
	}
	assert_true(instances > rounds(CASES) * 5);
}

/* Beginning in the middle gives what a walk from the start gives there. */
static void
a_walk_may_begin_late(void **state)
{
	struct random random = {7};

	(void)state;
	for (unsigned round = 0; round < rounds(100); round++) {
		struct arena *arena = arena_new(0);
		struct buf text = {0};
		struct rule rule;
		struct rule_walk whole;
		struct rule_walk late;
		const char *why = NULL;
		int64_t start = (civil_days(2000, 1, 1) + pick(&random, 730)) * DAY + 20 * 3600;
		int64_t from = civil_days(2026, 1, 1) * DAY + pick(&random, 100) * DAY;
		int64_t last = from + 500 * DAY;
		int64_t a;
		int64_t b;

		make_rule(&text, &random, false);
		assert_int_equal(rule_parse(arena, slice_of(text.at), &rule, &why), FAULT_NONE);
		rule_walk_init(&whole, &rule, start, start, false);
		rule_walk_init(&late, &rule, start, from, false);
		while (rule_walk_next(&whole, last, &a)) {
			if (a < from)
				continue;
			if (!rule_walk_next(&late, last, &b) || a != b)
				fail_msg("%s", text.at);
		}
		assert_false(rule_walk_next(&late, last, &b));
		buf_free(&text);
		arena_free(arena);
	}
}

/* libical's iterator over floating times, for the shapes that it is known to get right: among them
 * that the start is itself an instance. */
/* holds: H08.1 */
static void
tame_rules_agree_with_the_library(void **state)
{
	struct random random = {3016};
	unsigned rules = 0, compared = 0;

	(void)state;
	icalerror_set_errors_are_fatal(0);
	for (unsigned round = 0; rules < rounds(CASES); round++) {
		struct arena *arena = arena_new(0);
		struct buf text = {0};
		struct rule rule;
		struct rule_walk walk;
		const char *why = NULL;
		int64_t start = (civil_days(2020, 1, 1) + pick(&random, 730)) * DAY + 9 * 3600;
		struct icalrecurrencetype recurrence;
		struct civil c;
		struct icaltimetype from;
		icalrecur_iterator *iterator;
		struct icaltimetype next;
		int64_t last;
		int64_t ours;

		make_rule(&text, &random, true);
		assert_int_equal(rule_parse(arena, slice_of(text.at), &rule, &why), FAULT_NONE);
		rule_walk_init(&walk, &rule, start, start, false);
		if (!rule_walk_next(&walk, civil_days(2025, 1, 1) * DAY, &start)) {
			buf_free(&text);
			arena_free(arena);
			continue;
		}
		rules++;
		c = civil_of(last = start);
		from = (struct icaltimetype){
		    .year = c.year, .month = c.month, .day = c.day, .hour = c.hour};
		recurrence = icalrecurrencetype_from_string(text.at);
		/* The library takes seconds over what it looks for in vain. */
		recurrence.until = (struct icaltimetype){.year = 2026, .month = 1, .day = 1};
		iterator = icalrecur_iterator_new(recurrence, from);
		rule_walk_init(&walk, &rule, start, start, false);
		for (int i = 0; iterator != NULL && i < 12; i++) {
			struct civil theirs;

			next = icalrecur_iterator_next(iterator);
			if (icaltime_is_null_time(next) || next.year > 2025)
				break;
			theirs = (struct civil){
			    next.year, next.month, next.day, next.hour, next.minute, next.second};
			if (civil_seconds(&theirs) <= last) /* "SA,SA" is given twice there */
				continue;
			last = civil_seconds(&theirs);
			if (!rule_walk_next(&walk, civil_days(2026, 1, 1) * DAY, &ours) ||
			    ours != civil_seconds(&theirs))
				fail_msg("round %u: %s from %d-%02d-%02d: instance %d", round,
				    text.at, c.year, c.month, c.day, i);
			compared++;
		}
		if (iterator != NULL)
			icalrecur_iterator_free(iterator);
		buf_free(&text);
		arena_free(arena);
	}
	assert_true(compared > rounds(CASES) * 5);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_rule_agrees_with_a_walk_over_every_day),
	    cmocka_unit_test(a_walk_may_begin_late),
	    cmocka_unit_test(tame_rules_agree_with_the_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
