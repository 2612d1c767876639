/* SPDX-License-Identifier: MIT */
#include "calendars/titles/named_holidays.h"

#include <string.h>

/* Easter Sunday is from 22 March to 25 April. "Christmas" and "New Year" without a day are also
 * said of the days around them. */
static const struct {
	const char *name;
	struct named_date first, last;
} holidays[] = {
    {"boxing day", {26, 12, 0}, {26, 12, 0}},
    {"christmas", {20, 12, 0}, {3, 1, 0}},
    {"christmas day", {25, 12, 0}, {25, 12, 0}},
    {"christmas eve", {24, 12, 0}, {24, 12, 0}},
    {"christmas period", {20, 12, 0}, {3, 1, 0}},
    {"early may bank holiday", {1, 5, 0}, {8, 5, 0}},
    {"easter", {19, 3, 0}, {27, 4, 0}},
    {"easter monday", {23, 3, 0}, {26, 4, 0}},
    {"easter sunday", {22, 3, 0}, {25, 4, 0}},
    {"festive", {20, 12, 0}, {3, 1, 0}},
    {"festive period", {20, 12, 0}, {3, 1, 0}},
    {"good friday", {20, 3, 0}, {23, 4, 0}},
    {"may day", {1, 5, 0}, {8, 5, 0}},
    {"new year", {29, 12, 0}, {4, 1, 0}},
    {"new years", {29, 12, 0}, {4, 1, 0}},
    {"new years day", {1, 1, 0}, {1, 1, 0}},
    {"new years eve", {31, 12, 0}, {31, 12, 0}},
    {"ny", {29, 12, 0}, {4, 1, 0}},
    {"nyd", {1, 1, 0}, {1, 1, 0}},
    {"nye", {31, 12, 0}, {31, 12, 0}},
    {"spring bank holiday", {24, 5, 0}, {8, 6, 0}},
    {"summer bank holiday", {25, 8, 0}, {31, 8, 0}},
    {"xmas", {20, 12, 0}, {3, 1, 0}},
    {"xmas day", {25, 12, 0}, {25, 12, 0}},
    {"xmas eve", {24, 12, 0}, {24, 12, 0}},
    {"xmas period", {20, 12, 0}, {3, 1, 0}},
};

/* Whether the words of the item are those of ${name}. */
static bool
is_named(const struct items *items, const struct item *item, const char *name)
{
	for (size_t i = 0; i < item->ntokens; i++) {
		const char *word = items->tokens->items.items[item->token + i].text;
		size_t len = strlen(word);

		if (strncmp(name, word, len) != 0)
			return false;
		name += len;
		if (*name == ' ')
			name++;
		else if (*name != '\0')
			return false;
	}
	return *name == '\0';
}

bool
named_holiday(const struct items *items, size_t at, struct named_range *out)
{
	const struct item *item = &items->list.items[at];

	if (item->kind != ITEM_WORD || item->word != WORD_HOLIDAY)
		return false;
	for (size_t i = 0; i < sizeof holidays / sizeof *holidays; i++) {
		/* Substitute days ("Boxing Day (sub)") are on other dates, and so undecided: two
		 * people may each have one of the two. */
		if (!is_named(items, item, holidays[i].name))
			continue;
		*out = (struct named_range){.first = holidays[i].first, .last = holidays[i].last};
		return true;
	}
	return false;
}
