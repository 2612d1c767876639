/* SPDX-License-Identifier: MIT */
#include "server/base/zone_rule.h"

#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

struct reader {
	const char *at, *end;
};

static bool
take(struct reader *in, char c)
{
	if (in->at == in->end || *in->at != c)
		return false;
	in->at++;
	return true;
}

static bool
take_int(struct reader *in, int max, int *out)
{
	const char *from = in->at;
	int value = 0;

	while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
		value = value * 10 + (*in->at++ - '0');
		/* In the loop, so that a long row of digits cannot overflow. */
		if (value > max)
			return false;
	}
	*out = value;
	return in->at > from;
}

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
take_name(struct reader *in, char out[ZONE_RULE_NAME_MAX])
{
	/* Names that are not letters alone are in angle brackets: <+03>-3. */
	bool quoted = take(in, '<');
	const char *from = in->at;
	size_t len;

	while (in->at < in->end && (quoted ? *in->at != '>' : is_letter(*in->at)))
		in->at++;
	len = (size_t)(in->at - from);
	/* POSIX: at least three characters. */
	if (len < 3 || len >= ZONE_RULE_NAME_MAX || (quoted && !take(in, '>')))
		return false;
	memcpy(out, from, len);
	out[len] = '\0';
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool
take_time(struct reader *in, int max_hours, int32_t *out)
{
	bool minus = take(in, '-');
	int hours;
	int minutes = 0;
	int seconds = 0;

	if (!minus)
		take(in, '+');
	if (!take_int(in, max_hours, &hours))
		return false;
	if (take(in, ':') && !take_int(in, 59, &minutes))
		return false;
	if (take(in, ':') && !take_int(in, 59, &seconds))
		return false;
	*out = (hours * 3600 + minutes * 60 + seconds) * (minus ? -1 : 1);
	return true;
}

static bool
take_day(struct reader *in, struct zone_rule_day *day)
{
	/* POSIX: 02:00 if no time is given. */
	day->time = 2 * 3600;
	if (take(in, 'M')) {
		day->form = ZONE_RULE_WEEKDAY;
		if (!take_int(in, 12, &day->month) || !take(in, '.') ||
		    !take_int(in, 5, &day->week) || !take(in, '.') || !take_int(in, 6, &day->day) ||
		    day->month < 1 || day->week < 1)
			return false;
	} else if (take(in, 'J')) {
		day->form = ZONE_RULE_JULIAN;
		if (!take_int(in, 365, &day->day) || day->day < 1)
			return false;
	} else {
		day->form = ZONE_RULE_YEARDAY;
		if (!take_int(in, 365, &day->day))
			return false;
	}
	/* RFC 8536 3.3.1 extends the hours from 24 to 167. */
	return !take(in, '/') || take_time(in, 167, &day->time);
}

bool
zone_rule_parse(const char *text, size_t len, struct zone_rule *out)
{
	struct reader in = {text, text + len};
	struct zone_rule rule;

	memset(&rule, 0, sizeof rule);
	if (!take_name(&in, rule.std_name) || !take_time(&in, 24, &rule.std_offset))
		return false;
	rule.std_offset = -rule.std_offset; /* POSIX counts west of Greenwich */
	if (in.at < in.end) {
		rule.has_dst = true;
		if (!take_name(&in, rule.dst_name))
			return false;
		/* POSIX: an hour ahead if it is not given. */
		rule.dst_offset = rule.std_offset + 3600;
		if (in.at < in.end && *in.at != ',') {
			if (!take_time(&in, 24, &rule.dst_offset))
				return false;
			rule.dst_offset = -rule.dst_offset;
		}
		if (!take(&in, ',') || !take_day(&in, &rule.start) || !take(&in, ',') ||
		    !take_day(&in, &rule.end))
			return false;
	}
	if (in.at != in.end)
		return false;
	*out = rule;
	return true;
}

static int64_t
days_of(const struct zone_rule_day *day, int year)
{
	int64_t first;
	int64_t days;

	switch (day->form) {
	case ZONE_RULE_JULIAN: /* 29 February is never counted */
		days = civil_days(year, 1, 1) + day->day - 1;
		return days + (day->day >= 60 && civil_days_in_month(year, 2) == 29);
	case ZONE_RULE_YEARDAY:
		return civil_days(year, 1, 1) + day->day;
	default:
		break;
	}
	first = civil_days(year, day->month, 1);
	days =
	    /* The first such weekday of the month. */
	    first + (day->day + 6 - civil_weekday(first)) % 7; /* 0 is Sunday there, Monday here */
	days += (int64_t)(day->week - 1) * 7;
	/* Week 5 means the last such weekday of the month. */
	while (days >= first + civil_days_in_month(year, day->month))
		days -= 7;
	return days;
}

static int64_t
instant_of(const struct zone_rule_day *day, int year, int32_t offset_before)
{
	return days_of(day, year) * 86400 + day->time - offset_before;
}

struct zone_rule_hold
zone_rule_at(const struct zone_rule *rule, int64_t utc)
{
	struct zone_rule_hold hold = {.from = INSTANT_BEGINNING, .until = INSTANT_END};
	bool dst = false;
	int year = civil_of(utc).year;

	/* The neighbours too: a change may lie days from its own date, and southern summers cross
	 * New Year. */
	for (int y = year - 1; rule->has_dst && y <= year + 1; y++) {
		/* Each change is given in the clock that is in force before it. */
		int64_t start = instant_of(&rule->start, y, rule->std_offset);
		int64_t end = instant_of(&rule->end, y, rule->dst_offset);

		if (start <= utc && start >= hold.from) {
			hold.from = start;
			dst = true;
		}
		/* Only later, not at the same instant: a rule may have summer time all the year,
		 * with its end and its next start at one instant. */
		if (end <= utc && end > hold.from) {
			hold.from = end;
			dst = false;
		}
		if (start > utc && start < hold.until)
			hold.until = start;
		if (end > utc && end < hold.until)
			hold.until = end;
	}
	hold.offset = dst ? rule->dst_offset : rule->std_offset;
	hold.name = dst ? rule->dst_name : rule->std_name;
	return hold;
}
