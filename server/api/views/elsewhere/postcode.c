/* SPDX-License-Identifier: MIT */
#include "server/api/views/elsewhere/postcode.h"

#include <string.h>

#include "server/base/vec.h"

/* ASCII alone, whatever the locale: a postcode has nothing else. */
static bool
is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A, A9, A99, A9A, AA9, AA99, AA9A: one or two letters, a digit, and at most one letter or digit. */
static bool
is_district(const char *word, size_t len)
{
	size_t letters = 0, rest;

	while (letters < len && letters < 2 && is_letter(word[letters]))
		letters++;
	rest = len - letters;
	return letters > 0 && (rest == 1 || rest == 2) && is_digit(word[letters]) &&
	       (rest == 1 || is_digit(word[len - 1]) || is_letter(word[len - 1]));
}

/* 9AA, or with ${part} as far as somebody has typed it. */
static bool
is_second_half(const char *word, size_t len, bool part)
{
	if (len > 3 || len == 0 || (len < 3 && !part) || !is_digit(word[0]))
		return false;
	return (len < 2 || is_letter(word[1])) && (len < 3 || is_letter(word[2]));
}

struct word {
	const char *at;
	size_t len;
};
typedef VEC(struct word) words;

/* Words in capitals; whatever is neither letter nor digit separates them. */
static void
split(struct arena *arena, const char *typed, words *out)
{
	char *text = arena_strdup(arena, typed);

	for (char *c = text; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	while (*text != '\0') {
		size_t len = 0;

		while (is_letter(text[len]) || is_digit(text[len]) || (text[len] & 0x80) != 0)
			len++;
		if (len > 0)
			*VEC_PUSH(arena, out) = (struct word){text, len};
		text += len > 0 ? len : 1;
	}
}

static struct postcode
found(struct arena *arena, const char *at, size_t len, bool cut)
{
	return (struct postcode){arena_strndup(arena, at, len), cut};
}

/* The last one of a whole address: the postcode stands at its end. */
static struct postcode
find_whole(struct arena *arena, const words *all)
{
	for (size_t i = all->count; i-- > 0;) {
		const struct word *word = &all->items[i];

		if (i > 0 && is_second_half(word->at, word->len, false) &&
		    is_district(all->items[i - 1].at, all->items[i - 1].len))
			return found(arena, all->items[i - 1].at, all->items[i - 1].len, true);
		if (word->len >= 5 && is_district(word->at, word->len - 3) &&
		    is_second_half(word->at + word->len - 3, 3, false))
			return found(arena, word->at, word->len - 3, true);
	}
	return (struct postcode){0};
}

struct postcode
postcode_find(struct arena *arena, const char *typed)
{
	words all = {0};
	struct postcode whole;

	split(arena, typed, &all);
	whole = find_whole(arena, &all);
	if (whole.district != NULL)
		return whole;
	if (all.count == 1 && is_district(all.items[0].at, all.items[0].len))
		return found(arena, all.items[0].at, all.items[0].len, false);
	if (all.count == 2 && is_district(all.items[0].at, all.items[0].len) &&
	    is_second_half(all.items[1].at, all.items[1].len, true))
		return found(arena, all.items[0].at, all.items[0].len, true);
	return (struct postcode){0};
}
