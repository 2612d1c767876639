/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/rule.h"
#include "calendars/rule_list.h"
#include "calendars/shape.h"
#include "server/base/civil.h"

/* One RRULE being read. Only the first fault is kept: the sentence for the rota manager names one
 * thing to fix. */
struct parser {
	struct arena *arena;
	struct rule rule;
	enum fault fault;
	const char *why;
	uint32_t seen; /* bits of parts[] */
	bool rscale, skip;
};

static void
fail(struct parser *p, const char *part, struct slice value)
{
	if (p->fault != FAULT_NONE)
		return;
	p->fault = FAULT_RULE_BAD;
	p->why = arena_printf(
	    p->arena, "%s=%.*s", part, (int)(value.len < 60 ? value.len : 60), value.at);
}

static void
fail_words(struct parser *p, const char *why)
{
	if (p->fault != FAULT_NONE)
		return;
	p->fault = FAULT_RULE_BAD;
	p->why = why;
}

static void
parse_freq(struct parser *p, struct slice value)
{
	static const char *const names[] = {
	    [RULE_DAILY] = "DAILY",
	    [RULE_WEEKLY] = "WEEKLY",
	    [RULE_MONTHLY] = "MONTHLY",
	    [RULE_YEARLY] = "YEARLY",
	};
	/* No rota repeats within the day, and one such rule can give thousands of shifts a day. */
	static const char *const fine[][2] = {
	    {"HOURLY", "hourly"}, {"MINUTELY", "every minute"}, {"SECONDLY", "every second"}};

	for (int i = 0; i < 4; i++) {
		if (slice_is_nocase(value, names[i])) {
			p->rule.freq = (enum rule_freq)i;
			return;
		}
	}
	for (int i = 0; i < 3; i++) {
		if (slice_is_nocase(value, fine[i][0]) && p->fault == FAULT_NONE) {
			p->fault = FAULT_RULE_FINE;
			p->why = fine[i][1];
			return;
		}
	}
	fail(p, "FREQ", value);
}

/* The number in the ${count} digits at ${at}; shape_of_time() has checked that they are digits. */
static int
digits(const char *at, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++)
		number = number * 10 + (at[i] - '0');
	return number;
}

/* RFC 5545 3.3.10 wants UNTIL in UTC if DTSTART has a zone, and of the same type as DTSTART.
 * Programs write all three forms beside all kinds of DTSTART, so the form is kept and last_local()
 * of series_set.c applies it. */
static void
parse_until(struct parser *p, struct slice value)
{
	enum shape shape = shape_of_time(value);
	struct civil c = {0};

	if (shape != SHAPE_DATE && shape != SHAPE_TIME) {
		fail(p, "UNTIL", value);
		return;
	}
	c.year = digits(value.at, 4);
	c.month = digits(value.at + 4, 2);
	c.day = digits(value.at + 6, 2);
	if (shape == SHAPE_TIME) {
		c.hour = digits(value.at + 9, 2);
		c.minute = digits(value.at + 11, 2);
		c.second = digits(value.at + 13, 2);
	}
	if (!civil_valid(&c)) {
		fail(p, "UNTIL", value);
		return;
	}
	p->rule.until = civil_seconds(&c);
	p->rule.until_kind = shape == SHAPE_DATE ? RULE_UNTIL_DATE
			     : value.len == 16   ? RULE_UNTIL_UTC
						 : RULE_UNTIL_LOCAL;
}

static void
parse_positive(struct parser *p, const char *part, struct slice value, uint32_t *out)
{
	int64_t number;

	/* COUNT=0 and INTERVAL=0 have no meaning; RFC 5545 wants positive numbers. */
	if (text_int(value, 1, 1000000, &number))
		*out = (uint32_t)number;
	else
		fail(p, part, value);
}

static void
parse_wkst(struct parser *p, struct slice value)
{
	int day = rule_weekday(value);

	if (day < 0)
		fail(p, "WKST", value);
	else
		p->rule.wkst = day;
}

static void
parse_skip(struct parser *p, struct slice value)
{
	p->skip = true;
	if (slice_is_nocase(value, "OMIT"))
		p->rule.skip = RULE_OMIT;
	else if (slice_is_nocase(value, "BACKWARD"))
		p->rule.skip = RULE_BACKWARD;
	else if (slice_is_nocase(value, "FORWARD"))
		p->rule.skip = RULE_FORWARD;
	else
		fail(p, "SKIP", value);
}

enum part {
	FREQ,
	INTERVAL,
	COUNT,
	UNTIL,
	WKST,
	BYDAY,
	BYMONTH,
	BYMONTHDAY,
	BYYEARDAY,
	BYWEEKNO,
	BYSETPOS,
	BYHOUR,
	BYMINUTE,
	BYSECOND,
	RSCALE,
	SKIP,
	PARTS
};
static const char *const part_names[PARTS] = {
    [FREQ] = "FREQ",
    [INTERVAL] = "INTERVAL",
    [COUNT] = "COUNT",
    [UNTIL] = "UNTIL",
    [WKST] = "WKST",
    [BYDAY] = "BYDAY",
    [BYMONTH] = "BYMONTH",
    [BYMONTHDAY] = "BYMONTHDAY",
    [BYYEARDAY] = "BYYEARDAY",
    [BYWEEKNO] = "BYWEEKNO",
    [BYSETPOS] = "BYSETPOS",
    [BYHOUR] = "BYHOUR",
    [BYMINUTE] = "BYMINUTE",
    [BYSECOND] = "BYSECOND",
    [RSCALE] = "RSCALE",
    [SKIP] = "SKIP",
};

/* What RFC 5545 3.3.10 allows in each part. It allows 60 in BYSECOND for a leap second, which no
 * time here can have. */
static void
parse_numbers(struct parser *p, enum part part, struct slice list)
{
	struct rule *rule = &p->rule;
	const struct rule_numbers numbers[PARTS] = {
	    [BYMONTH] = {1, 12, &rule->months},
	    [BYMONTHDAY] = {-31, 31, &rule->monthdays},
	    [BYYEARDAY] = {-366, 366, &rule->yeardays},
	    [BYWEEKNO] = {-53, 53, &rule->weeks},
	    [BYSETPOS] = {-366, 366, &rule->setpos},
	    [BYHOUR] = {0, 23, &rule->hours},
	    [BYMINUTE] = {0, 59, &rule->minutes},
	    [BYSECOND] = {0, 59, &rule->seconds},
	};

	if (!rule_list_numbers(list, &numbers[part]))
		fail(p, part_names[part], list);
}

static void
parse_days(struct parser *p, struct slice list)
{
	struct slice bad;

	if (!rule_list_days(list, &p->rule, &bad))
		fail(p, part_names[BYDAY], bad);
}

static void
parse_value(struct parser *p, enum part part, struct slice value)
{
	const char *name = part_names[part];

	switch (part) {
	case FREQ:
		parse_freq(p, value);
		break;
	case INTERVAL:
		parse_positive(p, name, value, &p->rule.interval);
		break;
	case COUNT:
		parse_positive(p, name, value, &p->rule.count);
		break;
	case UNTIL:
		parse_until(p, value);
		break;
	case WKST:
		parse_wkst(p, value);
		break;
	case BYDAY:
		parse_days(p, value);
		break;
	case BYMONTH:
	case BYMONTHDAY:
	case BYYEARDAY:
	case BYWEEKNO:
	case BYSETPOS:
	case BYHOUR:
	case BYMINUTE:
	case BYSECOND:
		parse_numbers(p, part, value);
		break;
	case RSCALE:
		p->rscale = true;
		if (!slice_is_nocase(value, "GREGORIAN"))
			fail(p, name, value);
		break;
	case SKIP:
		parse_skip(p, value);
		break;
	case PARTS:
		break;
	}
}

static void
parse_part(struct parser *p, struct slice text)
{
	const char *equals = memchr(text.at, '=', text.len);
	struct slice name;
	struct slice value;

	if (equals == NULL) {
		fail(p, "part", text);
		return;
	}
	name = slice_trim((struct slice){text.at, (size_t)(equals - text.at)});
	value = slice_trim((struct slice){equals + 1, text.len - (size_t)(equals - text.at) - 1});
	for (int part = 0; part < PARTS; part++) {
		if (!slice_is_nocase(name, part_names[part]))
			continue;
		/* RFC 5545 3.3.10: a part MUST NOT occur more than once. Which of the two counts
		 * differs from program to program. */
		if (p->seen & 1U << part)
			fail_words(p, "it says the same thing twice");
		p->seen |= 1U << part;
		parse_value(p, (enum part)part, value);
		return;
	}
	/* An X- part does not change the dates. Any other unknown part might. */
	if (name.len < 2 || (name.at[0] != 'X' && name.at[0] != 'x') || name.at[1] != '-')
		fail(p, "part", text);
}

static bool
has_nth(const struct rule *rule)
{
	for (int day = 0; day < 7; day++) {
		if (rule->nth[day] != 0 || rule->nth_last[day] != 0)
			return true;
	}
	return false;
}

/* How many numbers of hours, minutes or seconds are given; they are all below 64. */
static int
size_of(const struct rule_set *set)
{
	return set->given ? __builtin_popcountll(set->first[0]) : 1;
}

/* What RFC 5545 3.3.10 does not allow together. */
static void
check_shape(struct parser *p)
{
	const struct rule *rule = &p->rule;
	bool fine = rule->freq == RULE_DAILY || rule->freq == RULE_WEEKLY;

	/* FREQ is the only part that a rule must have. */
	if (!(p->seen & 1U << FREQ))
		fail_words(p, "FREQ is missing");
	if (rule->weeks.given && rule->freq != RULE_YEARLY)
		fail_words(p, "BYWEEKNO goes with YEARLY only");
	if (rule->yeardays.given && rule->freq != RULE_YEARLY)
		fail_words(p, "BYYEARDAY goes with YEARLY only");
	if (rule->monthdays.given && rule->freq == RULE_WEEKLY)
		fail_words(p, "BYMONTHDAY does not go with WEEKLY");
	if (has_nth(rule) && (fine || rule->weeks.given))
		fail_words(p, "numbered weekdays go with MONTHLY and YEARLY only");
	if (p->skip && !p->rscale)
		fail_words(p, "SKIP needs RSCALE");
	if (size_of(&rule->hours) * size_of(&rule->minutes) * size_of(&rule->seconds) >
		RULE_TIMES_MAX &&
	    p->fault == FAULT_NONE) {
		p->fault = FAULT_RULE_FINE;
		p->why = "more than 24 times a day";
	}
}

enum fault
rule_parse(struct arena *arena, struct slice text, struct rule *out, const char **why)
{
	struct parser p = {.arena = arena, .rule = {.interval = 1}};

	while (text.len > 0) {
		const char *semicolon = memchr(text.at, ';', text.len);
		size_t len = semicolon != NULL ? (size_t)(semicolon - text.at) : text.len;
		struct slice part = slice_trim((struct slice){text.at, len});

		/* A semicolon at the end, and two in a row, are harmless. */
		if (part.len > 0)
			parse_part(&p, part);
		if (semicolon == NULL)
			break;
		text = (struct slice){semicolon + 1, text.len - len - 1};
	}
	check_shape(&p);
	if (p.fault == FAULT_NONE)
		*out = p.rule;
	else
		*why = p.why;
	return p.fault;
}
