/* SPDX-License-Identifier: MIT */
#include "calendars/rule_list.h"

#include <string.h>

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

	/* RFC 5545 3.3.10 allows a plus sign: BYDAY=+1MO. */
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
	/* Numbers from the end have a set of their own, since what they mean differs from month to
	 * month. */
	uint64_t *words = number < 0 ? set->last : set->first;
	uint64_t n = (uint64_t)(number < 0 ? -number : number);

	words[n / 64] |= (uint64_t)1 << n % 64;
	set->given = true;
}

bool
rule_list_numbers(struct slice list, const struct rule_numbers *into)
{
	struct slice item;
	int64_t number;

	while (next_of(&list, &item)) {
		if (!signed_int(item, into->most, &number) || number < into->least ||
		    /* RFC 5545 3.3.10 has no 0 in a part that may count from the end. */
		    (number == 0 && into->least < 0))
			return false;
		set_add(into->set, number);
	}
	return true;
}

int
rule_weekday(struct slice name)
{
	static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

	for (int day = 0; day < 7; day++)
		if (slice_is_nocase(name, names[day]))
			return day;
	return -1;
}

/* "MO" is every Monday of the period, "2MO" its second and "-1MO" its last. */
static bool
add_day(struct slice item, struct rule *rule)
{
	struct slice number;
	int64_t nth = 0;
	int day;

	if (item.len < 2)
		return false;
	number = (struct slice){item.at, item.len - 2};
	day = rule_weekday((struct slice){item.at + (item.len - 2), 2});
	if (day < 0)
		return false;
	if (number.len == 0)
		rule->weekdays |= (uint8_t)(1U << day);
	else if (!signed_int(slice_trim(number), 53, &nth) || nth == 0)
		return false;
	else if (nth > 0)
		rule->nth[day] |= (uint64_t)1 << nth;
	else
		rule->nth_last[day] |= (uint64_t)1 << -nth;
	rule->days_given = true;
	return true;
}

bool
rule_list_days(struct slice list, struct rule *rule, struct slice *bad)
{
	while (next_of(&list, bad))
		if (!add_day(*bad, rule))
			return false;
	return true;
}
