/* SPDX-License-Identifier: MIT */
#include "calendars/titles/named_dates.h"

#include <string.h>

#include "calendars/titles/named_holidays.h"
#include "calendars/titles/named_parts.h"

const struct item *
named_item(const struct finder *f, size_t at)
{
	return at < f->items->list.count ? &f->items->list.items[at] : NULL;
}

bool
named_is_mark(const struct finder *f, size_t at, const char *set)
{
	const struct item *item = named_item(f, at);

	return item != NULL && item->kind == ITEM_MARK && strchr(set, item->mark) != NULL;
}

static bool
is_glued(const struct finder *f, size_t at)
{
	const struct item *item = named_item(f, at);

	return item != NULL && f->items->tokens->items.items[item->token].glued;
}

struct named_date
named_before(struct named_date first, struct named_date last)
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

bool
named_joins_days(const struct finder *f, size_t at, size_t *len, bool *range)
{
	*len = is_glued(f, at) ? 0 : 1;
	*range = *len == 0 || named_is_mark(f, at, "-") || named_is_text(f->items, at, "to") ||
		 named_is_text(f->items, at, "until") || named_is_text(f->items, at, "til") ||
		 named_is_text(f->items, at, "till");
	return *range || named_is_mark(f, at, "/&+,") || named_is_text(f->items, at, "and");
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
		if (!named_joins_days(f, at, &len, &range) ||
		    named_day_number(f->items, at + len) == 0)
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
		add_range(f, m, named_before(first, last), last);
	}
}

/* "J Jones 2nd": second on call, or of the 2nd? It counts only where it is both. In "1st J Jones, 2nd
 * S Ahmed" and "2nd: J Jones" they are places in a row, and so is "J Jones 1st", which is the usual
 * word for who is called first. */
static bool
is_after_name(const struct finder *f, size_t at, size_t len)
{
	const struct item *next = named_item(f, at + len);
	size_t name = at;

	/* "J Jones on the 2nd" */
	while (name > 0 && (named_is_text(f->items, name - 1, "on") ||
			       named_is_text(f->items, name - 1, "the")))
		name--;
	return name > 0 && item_is_name(named_item(f, name - 1)) && len == 1 &&
	       named_item(f, at)->kind == ITEM_WORD && named_day_number(f->items, at) > 1 &&
	       (next == NULL || named_is_mark(f, at + 1, ",.;)"));
}

/* "Fri 1 - Sun 3 Jan", "Fri 1st to Sun 3rd Jan", "Sat 2/Sun 3 Jan": the number after a weekday, from which
 * days go on to another weekday. */
static bool
begins_range(const struct finder *f, size_t at, size_t len)
{
	size_t join;
	bool range;

	return at > 0 && named_weekdays(f->items, at - 1) != 0 &&
	       named_joins_days(f, at + len, &join, &range) &&
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

size_t
named_read_date(struct finder *f, size_t at, struct mention *m)
{
	const struct item *item = named_item(f, at);
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
