/* SPDX-License-Identifier: MIT */
#include "calendars/titles/named_days.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/named_holidays.h"
#include "calendars/titles/named_parts.h"
#include "calendars/titles/title_times.h"

/* A weekday, a date, or both: "Fri", "1 Jan", "Fri 1 Jan". */
struct mention {
	unsigned weekdays;
	VEC(struct named_range) dates;
};

struct finder {
	const struct titles *titles;
	const struct items *items;
	struct named_days days;
};

static const struct item *
item_at(const struct finder *f, size_t at)
{
	return at < f->items->list.count ? &f->items->list.items[at] : NULL;
}

static bool
is_mark(const struct finder *f, size_t at, const char *set)
{
	const struct item *item = item_at(f, at);

	return item != NULL && item->kind == ITEM_MARK && strchr(set, item->mark) != NULL;
}

static bool
is_glued(const struct finder *f, size_t at)
{
	const struct item *item = item_at(f, at);

	return item != NULL && f->items->tokens->items.items[item->token].glued;
}

/* ---- Dates. */

/* "30th-2nd Jan", "28/12-3/1/2027": what the first day leaves open follows from the last. */
static struct named_date
before(struct named_date first, struct named_date last)
{
	if (first.month == 0 && last.month != 0 && first.day > last.day)
		first.month = last.month > 1 ? last.month - 1 : 12;
	else if (first.month == 0)
		first.month = last.month;
	if (first.year == 0 && last.year != 0)
		first.year = last.year - (first.month > last.month);
	return first;
}

static void
add_range(struct finder *f, struct mention *m, struct named_date first, struct named_date last)
{
	*VEC_PUSH(f->titles->arena, &m->dates) = (struct named_range){.first = first, .last = last};
}

/* The length of what joins two days at ${at}: "-", "to", a hyphen without blanks; ${range}: whether
 * the days between them are meant, too, which "/" and "and" do not say. */
static bool
joins_days(const struct finder *f, size_t at, size_t *len, bool *range)
{
	*len = is_glued(f, at) ? 0 : 1;
	*range = *len == 0 || is_mark(f, at, "-") || named_is_text(f->items, at, "to") ||
		 named_is_text(f->items, at, "until") || named_is_text(f->items, at, "til") ||
		 named_is_text(f->items, at, "till");
	return *range || is_mark(f, at, "/&+,") || named_is_text(f->items, at, "and");
}

/* Numbers of days that share one month: "24", "24th", "7-13", "24/25", "1st & 2nd". */
struct day_numbers {
	struct {
		int from, to;
	} of[4];
	size_t count;
	bool sure; /* has an ordinal that is no place in a row: "5th" */
};

static size_t
read_day_numbers(const struct finder *f, size_t at, struct day_numbers *n)
{
	size_t from = at, len;
	bool range = false;

	*n = (struct day_numbers){.count = 0};
	while (n->count < sizeof n->of / sizeof *n->of) {
		int day = named_day_number(f->items, at);

		if (day == 0)
			break;
		n->sure = n->sure || named_is_ordinal_day(f->items, at);
		/* "24-26" are all three days, "24/26" are two. */
		if (range)
			n->of[n->count - 1].to = day;
		else {
			n->of[n->count].from = n->of[n->count].to = day;
			n->count++;
		}
		at++;
		if (!joins_days(f, at, &len, &range) || named_day_number(f->items, at + len) == 0)
			return at - from;
		at += len;
	}
	return n->count == 0 ? 0 : at - from;
}

static void
add_day_numbers(
    struct finder *f, struct mention *m, const struct day_numbers *n, struct named_date month)
{
	for (size_t i = 0; i < n->count; i++) {
		struct named_date first = {n->of[i].from, 0, 0}, last = month;

		last.day = n->of[i].to;
		add_range(f, m, before(first, last), last);
	}
}

/* "J Jones 2nd": second on call, or of the 2nd? It counts only where it is both. In "1st J Jones, 2nd
 * S Ahmed" and "2nd: J Jones" they are places in a row, and so is "J Jones 1st", which is the usual
 * word for who is called first. */
static bool
is_after_name(const struct finder *f, size_t at, size_t len)
{
	const struct item *next = item_at(f, at + len);
	size_t name = at;

	/* "J Jones on the 2nd" */
	while (name > 0 && (named_is_text(f->items, name - 1, "on") ||
			       named_is_text(f->items, name - 1, "the")))
		name--;
	return name > 0 && item_is_name(item_at(f, name - 1)) && len == 1 &&
	       item_at(f, at)->kind == ITEM_WORD && named_day_number(f->items, at) > 1 &&
	       (next == NULL || is_mark(f, at + 1, ",.;)"));
}

/* "Fri 1 - Sun 3 Jan", "Fri 1st to Sun 3rd Jan", "Sat 2/Sun 3 Jan": the number after a weekday, from which
 * days go on to another weekday. */
static bool
begins_range(const struct finder *f, size_t at, size_t len)
{
	size_t join;
	bool range;

	return at > 0 && named_weekdays(f->items, at - 1) != 0 &&
	       joins_days(f, at + len, &join, &range) &&
	       named_weekdays(f->items, at + len + join) != 0;
}

/* "24 Dec", "24th of December 2026", "7-13 Dec", "24th". */
static size_t
read_days_of_month(struct finder *f, size_t at, struct mention *m)
{
	struct day_numbers n;
	size_t len = read_day_numbers(f, at, &n), next = at + len;
	struct named_date month = {0, 0, 0};

	if (len == 0)
		return 0;
	next += named_is_text(f->items, next, "of");
	month.month = named_month(f->items, next);
	/* Numbers alone are anything, and "1st" is a rank. */
	if (month.month == 0 && !n.sure && !is_after_name(f, at, len) && !begins_range(f, at, len))
		return 0;
	if (month.month != 0) {
		next++;
		next += named_year(f->items, next, &month.year);
		len = next - at;
	}
	add_day_numbers(f, m, &n, month);
	return len;
}

/* "Dec 24", "December 24th-26th", "Jan 2027", "January". */
static size_t
read_month(struct finder *f, size_t at, struct mention *m)
{
	struct named_date month = {0, named_month(f->items, at), 0};
	struct day_numbers n;
	size_t len;

	if (month.month == 0)
		return 0;
	len = 1 + read_day_numbers(f, at + 1, &n);
	len += named_year(f->items, at + len, &month.year);
	if (n.count > 0)
		add_day_numbers(f, m, &n, month);
	else
		add_range(f, m, month, month);
	return len;
}

static size_t
read_date(struct finder *f, size_t at, struct mention *m)
{
	const struct item *item = item_at(f, at);
	struct named_range holiday;
	size_t len;

	if (item == NULL)
		return 0;
	if (item->kind == ITEM_DATE) {
		const struct token *token = &f->items->tokens->items.items[item->token];
		struct named_date date = {token->day, token->month, token->year};

		add_range(f, m, date, date);
		return 1;
	}
	if (named_days_is_short(f->items, at)) {
		struct named_date date = {
		    named_day_number(f->items, at), named_day_number(f->items, at + 2), 0};

		add_range(f, m, date, date);
		return 3;
	}
	if (named_holiday(f->items, at, &holiday)) {
		*VEC_PUSH(f->titles->arena, &m->dates) = holiday;
		return 1;
	}
	len = read_days_of_month(f, at, m);
	return len > 0 ? len : read_month(f, at, m);
}

/* ---- Days. */

static size_t
read_mention(struct finder *f, size_t at, struct mention *m)
{
	size_t from = at;

	/* At most one weekday and one date: "Fri Sat" are two mentions. */
	*m = (struct mention){.weekdays = 0};
	for (;;) {
		size_t len = 0, next = at;

		/* "Fri, 1 Jan" */
		next += at > from && is_mark(f, at, ",");
		if (m->weekdays == 0 && (m->weekdays = named_weekdays(f->items, next)) != 0)
			len = 1;
		else if (m->dates.count == 0)
			len = read_date(f, next, m);
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
		range->first = before(range->first, range->last);
	} else if (m->dates.count == 0)
		m->dates = last->dates;
}

/* "Sat 2/Sun 3 Jan": the month is of both. */
static void
share_month(struct mention *m, const struct mention *last)
{
	for (size_t i = 0; last->dates.count > 0 && i < m->dates.count; i++) {
		struct named_range *range = &m->dates.items[i];

		range->last = before(range->last, last->dates.items[0].first);
		range->first = before(range->first, last->dates.items[0].first);
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
	next += is_mark(f, next, ":-,");
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
	if (joins_days(f, at + len, &join, &range) &&
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
	if (at > 0 && (item_is_word_at(f->items, at - 1, WORD_CONTACT) ||
			  item_at(f, at - 1)->kind == ITEM_NUMBER || is_mark(f, at - 1, ".:#-")))
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

	if (!is_mark(f, at, "(["))
		return 0;
	for (; item_at(f, to) != NULL && !is_mark(f, to, ")]"); to++) {
		const struct item *item = item_at(f, to);

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
