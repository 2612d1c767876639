/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/rule.h"
#include "calendars/shape.h"
#include "server/base/civil.h"

static const char *const day_names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

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

/* Takes the next element from a comma-separated list, without the blanks around it. */
static bool
next_of(struct slice *list, struct slice *out)
{
	const char *comma;
	size_t len;

	if (list->at == NULL)
		return false;
	comma = memchr(list->at, ',', list->len);
	len = comma != NULL ? (size_t)(comma - list->at) : list->len;
	*out = slice_trim((struct slice){list->at, len});
	*list = comma != NULL ? (struct slice){comma + 1, list->len - len - 1}
			      : (struct slice){NULL, 0};
	return true;
}

static bool
signed_int(struct slice text, int64_t max, int64_t *out)
{
	bool minus = text.len > 0 && *text.at == '-';

	if (text.len > 0 && (*text.at == '-' || *text.at == '+'))
		text = (struct slice){text.at + 1, text.len - 1};
	if (!text_int(text, 0, max, out))
		return false;
	if (minus)
		*out = -*out;
	return true;
}

static void
set_add(struct rule_set *set, int64_t number)
{
	uint64_t *words = number < 0 ? set->last : set->first;
	uint64_t n = (uint64_t)(number < 0 ? -number : number);

	words[n / 64] |= (uint64_t)1 << n % 64;
	set->given = true;
}

static void
parse_set(struct parser *p, const char *part, struct slice list, int64_t least, int64_t most,
    struct rule_set *set)
{
	struct slice all = list;
	struct slice item;
	int64_t number;

	while (next_of(&list, &item)) {
		if (!signed_int(item, most, &number) || number < least ||
		    (number == 0 && least < 0)) {
			fail(p, part, all);
			return;
		}
		set_add(set, number);
	}
}

static void
parse_day(struct parser *p, struct slice item)
{
	int64_t nth = 0;
	struct slice name = {item.at + (item.len - 2), 2};
	struct slice number = {item.at, item.len - 2};

	for (int day = 0; day < 7; day++) {
		if (!slice_is_nocase(name, day_names[day]))
			continue;
		if (number.len == 0)
			p->rule.weekdays |= (uint8_t)(1U << day);
		else if (!signed_int(slice_trim(number), 53, &nth) || nth == 0)
			break;
		else if (nth > 0)
			p->rule.nth[day] |= (uint64_t)1 << nth;
		else
			p->rule.nth_last[day] |= (uint64_t)1 << -nth;
		p->rule.days_given = true;
		return;
	}
	fail(p, "BYDAY", item);
}

static void
parse_days(struct parser *p, struct slice list)
{
	struct slice item;

	while (next_of(&list, &item)) {
		if (item.len < 2)
			fail(p, "BYDAY", item);
		else
			parse_day(p, item);
	}
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

static bool
digits(const char *at, int count, int *out)
{
	*out = 0;
	for (int i = 0; i < count; i++)
		*out = *out * 10 + (at[i] - '0');
	return true;
}

static void
parse_until(struct parser *p, struct slice value)
{
	enum shape shape = shape_of_time(value);
	struct civil c = {0};

	if (shape != SHAPE_DATE && shape != SHAPE_TIME) {
		fail(p, "UNTIL", value);
		return;
	}
	digits(value.at, 4, &c.year);
	digits(value.at + 4, 2, &c.month);
	digits(value.at + 6, 2, &c.day);
	if (shape == SHAPE_TIME) {
		digits(value.at + 9, 2, &c.hour);
		digits(value.at + 11, 2, &c.minute);
		digits(value.at + 13, 2, &c.second);
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

	if (text_int(value, 1, 1000000, &number))
		*out = (uint32_t)number;
	else
		fail(p, part, value);
}

static void
parse_wkst(struct parser *p, struct slice value)
{
	for (int day = 0; day < 7; day++) {
		if (slice_is_nocase(value, day_names[day])) {
			p->rule.wkst = day;
			return;
		}
	}
	fail(p, "WKST", value);
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
		parse_set(p, name, value, 1, 12, &p->rule.months);
		break;
	case BYMONTHDAY:
		parse_set(p, name, value, -31, 31, &p->rule.monthdays);
		break;
	case BYYEARDAY:
		parse_set(p, name, value, -366, 366, &p->rule.yeardays);
		break;
	case BYWEEKNO:
		parse_set(p, name, value, -53, 53, &p->rule.weeks);
		break;
	case BYSETPOS:
		parse_set(p, name, value, -366, 366, &p->rule.setpos);
		break;
	case BYHOUR:
		parse_set(p, name, value, 0, 23, &p->rule.hours);
		break;
	case BYMINUTE:
		parse_set(p, name, value, 0, 59, &p->rule.minutes);
		break;
	case BYSECOND:
		parse_set(p, name, value, 0, 59, &p->rule.seconds);
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
