/* SPDX-License-Identifier: MIT */
#include "calendars/titles/named_days.h"

#include <string.h>

#include "calendars/titles/named_dates.h"
#include "calendars/titles/named_parts.h"
#include "calendars/titles/title_times.h"

static size_t
read_mention(struct finder *f, size_t at, struct mention *m)
{
	size_t from = at;

	/* At most one weekday and one date: "Fri Sat" are two mentions. */
	*m = (struct mention){.weekdays = 0};
	for (;;) {
		size_t len = 0, next = at;

		/* "Fri, 1 Jan" */
		next += at > from && named_is_mark(f, at, ",");
		if (m->weekdays == 0 && (m->weekdays = named_weekdays(f->items, next)) != 0)
			len = 1;
		else if (m->dates.count == 0)
			len = named_read_date(f, next, m);
		if (len == 0)
			return at - from;
		at = next + len;
	}
}

/* The days from the first of ${from} to the last of ${to}, over a Sunday if need be. */
static unsigned
weekday_range(unsigned from, unsigned to)
{
	unsigned all = from | to;
	int day = __builtin_ctz(from), last = 31 - __builtin_clz(to);

	for (; day != last; day = (day + 1) % 7)
		all |= 1u << day;
	return all;
}

static void
join_mentions(struct mention *m, const struct mention *last)
{
	if (m->weekdays != 0 && last->weekdays != 0)
		m->weekdays = weekday_range(m->weekdays, last->weekdays);
	else
		m->weekdays |= last->weekdays;
	if (m->dates.count > 0 && last->dates.count > 0) {
		struct named_range *range = &m->dates.items[m->dates.count - 1];

		range->last = last->dates.items[0].last;
		range->first = named_before(range->first, range->last);
	} else if (m->dates.count == 0)
		m->dates = last->dates;
}

/* "Sat 2/Sun 3 Jan": the month is of both. */
static void
share_month(struct mention *m, const struct mention *last)
{
	for (size_t i = 0; last->dates.count > 0 && i < m->dates.count; i++) {
		struct named_range *range = &m->dates.items[i];

		range->last = named_before(range->last, last->dates.items[0].first);
		range->first = named_before(range->first, last->dates.items[0].first);
	}
}

/* Reads what "w/c" or "w/e" at ${at} is about. It is the name of the sheet that the shift was copied
 * from, as "Wk 49" is, and no day of the shift: whole sheets are kept under the week they began
 * with. */
static size_t
read_week(struct finder *f, size_t at)
{
	int week = named_week(f->items, at);
	struct mention m;
	size_t next = at + 1, len;

	if (week == 0)
		return 0;
	next += named_is_mark(f, next, ":-,");
	len = read_mention(f, next, &m);
	/* "first week of Feb" is a time of the year, and no name of a sheet. */
	if (m.dates.count > 0 && m.dates.items[0].first.day == 0)
		*VEC_PUSH(f->titles->arena, &f->days.dates) = m.dates.items[0];
	/* without a date "W/E" is the weekend */
	if (m.dates.count == 0)
		f->days.weekdays |= week < 0 ? NAMED_WEEKEND : 0;
	return len > 0 ? next + len - at : 1;
}

static size_t
read_days(struct finder *f, size_t at)
{
	struct mention m, last;
	size_t len = read_week(f, at), join, more;
	bool range;

	if (len > 0)
		return len;
	/* A weekday and a date side by side are one day, which must be both. */
	len = read_mention(f, at, &m);
	if (len == 0)
		return 0;
	if (named_joins_days(f, at + len, &join, &range) &&
	    (more = read_mention(f, at + len + join, &last)) > 0) {
		if (range)
			join_mentions(&m, &last);
		else
			share_month(&m, &last);
		len += range ? join + more : 0;
	}
	f->days.weekdays |= m.weekdays;
	for (size_t i = 0; i < m.dates.count; i++)
		*VEC_PUSH(f->titles->arena, &f->days.dates) = m.dates.items[i];
	return len;
}

/* "2026 rota", "AMHP rota 2027". "2030" may be a time, and after "bleep" all is a number to ring. */
static size_t
read_year(struct finder *f, size_t at)
{
	struct title_hours hours;
	int year;

	if (named_year(f->items, at, &year) == 0 || year > 2049 || year % 100 % 15 == 0)
		return 0;
	if (at > 0 &&
	    (item_is_word_at(f->items, at - 1, WORD_CONTACT) ||
		named_item(f, at - 1)->kind == ITEM_NUMBER || named_is_mark(f, at - 1, ".:#-")))
		return 0;
	if (title_find_hours(f->items, f->items->list.items, f->items->list.count, at, &hours))
		return 0;
	if (f->days.first_year == 0 || year < f->days.first_year)
		f->days.first_year = year;
	if (year > f->days.last_year)
		f->days.last_year = year;
	return 1;
}

/* "(swap w/ S Ahmed 12/1)": the day in the brackets is the one that the other person has taken. */
static size_t
swap_len(const struct finder *f, size_t at)
{
	bool swap = false, name = false;
	size_t to = at + 1;

	if (!named_is_mark(f, at, "(["))
		return 0;
	for (; named_item(f, to) != NULL && !named_is_mark(f, to, ")]"); to++) {
		const struct item *item = named_item(f, to);

		swap = swap || (item->kind == ITEM_WORD &&
				   strncmp(f->items->tokens->items.items[item->token].text, "swap",
				       4) == 0);
		name = name || item_is_name(item);
	}
	return swap && name ? to - at : 0;
}

struct named_days
named_days_of(const struct titles *titles, const struct items *items)
{
	struct finder f = {.titles = titles, .items = items};
	size_t len;

	/* Several mentions are one set: "Sat 2 / Sun 3 Jan" is of either day. */
	for (size_t at = 0; at < items->list.count; at += len) {
		len = swap_len(&f, at);
		if (len == 0)
			len = read_days(&f, at);
		if (len == 0)
			len = read_year(&f, at);
		if (len == 0)
			len = 1;
	}
	return f.days;
}
