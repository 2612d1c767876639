/* SPDX-License-Identifier: MIT */
#include "server/api/ask/password_rules.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "server/sealed/password.h"

/* Passwords that are refused: short ones, and those that everybody tries first. There are no rules
 * about kinds of characters, which make passwords predictable (NIST SP 800-63B). */

/* The list is part of the program, sorted by bytes. PASSWORDS_FILE comes from CMakeLists.txt. */
__asm__(".pushsection .rodata\n"
	".global common_passwords_begin\n"
	".global common_passwords_end\n"
	"common_passwords_begin:\n"
	".incbin \"" PASSWORDS_FILE "\"\n"
	"common_passwords_end:\n"
	".byte 0\n"
	".popsection\n");

extern const char common_passwords_begin[], common_passwords_end[];

#define UNIT_MAX 8     /* a password that is a piece of this length, over and over */
#define DISTINCT_MIN 5 /* different characters */
#define CORE_MIN 5     /* what the list has at least */

/* memcmp and not strcmp: lines are not terminated, and order by bytes is that of the file. */
static int
compare(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.at, b.at, len);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static struct slice
line_at(const char *at)
{
	while (at > common_passwords_begin && at[-1] != '\n')
		at--;
	return (struct slice){at, strcspn(at, "\n")};
}

/* Binary search by bytes: from the middle of the range back to the beginning of a line. Comments at the top
 * of the list count as before every word. */
static bool
is_common(struct slice word)
{
	const char *low = common_passwords_begin, *high = common_passwords_end;

	while (low < high) {
		struct slice line = line_at(low + (high - low) / 2);
		int order = line.len > 1 && line.at[0] == '#' && line.at[1] == ' '
				? 1
				: compare(word, line);

		if (order == 0)
			return true;
		if (order < 0)
			high = line.at;
		else
			low = line.at + line.len + 1;
	}
	return false;
}

/* Reads "Pa$$w0rd" as "password": letters that people replace by figures are tried by every
 * program that guesses. */
static char
plain(char c)
{
	static const char as[][2] = {{'0', 'o'}, {'1', 'i'}, {'3', 'e'}, {'4', 'a'}, {'5', 's'},
	    {'7', 't'}, {'@', 'a'}, {'$', 's'}, {'!', 'i'}};

	for (size_t i = 0; i < sizeof as / sizeof *as; i++)
		if (as[i][0] == c)
			return as[i][1];
	return c;
}

/* The word without what people put before and after it to make it longer: "Liverpool-2026!". */
static struct slice
core_of(struct slice word)
{
	while (word.len > 0 && !isalpha((unsigned char)word.at[0])) {
		word.at++;
		word.len--;
	}
	while (word.len > 0 && !isalpha((unsigned char)word.at[word.len - 1]))
		word.len--;
	return word;
}

static bool
is_easy(struct slice word, const char *account)
{
	/* A core of fewer letters says nothing about the rest: "A1!" is in every password. */
	return word.len >= CORE_MIN &&
	       (is_common(word) ||
		   (word.len == strlen(account) && strncasecmp(word.at, account, word.len) == 0) ||
		   slice_is(word, "crisiscover") || slice_is(word, "crisis cover"));
}

/* Whether the word is a piece of up to eight bytes, repeated. */
static bool
repeats(struct slice word)
{
	for (size_t len = 1; len <= UNIT_MAX && 2 * len <= word.len; len++) {
		size_t i = len;

		while (i < word.len && word.at[i] == word.at[i - len])
			i++;
		if (i == word.len)
			return true;
	}
	return false;
}

/* Whether it is a row of neighbours, such as "abcdefghijkl" or "987654321098". One break is
 * allowed, where the figures begin again. */
static bool
is_row(struct slice word)
{
	size_t steps = 0;
	int step = word.len > 1 ? word.at[1] - word.at[0] : 0;

	for (size_t i = 1; i < word.len; i++)
		steps += word.at[i] - word.at[i - 1] == step;
	return (step == 1 || step == -1) && steps + 2 >= word.len;
}

/* How many different bytes. With fewer than five, the length says nothing. */
static size_t
distinct(struct slice word)
{
	bool seen[256] = {false};
	size_t count = 0;

	for (size_t i = 0; i < word.len; i++) {
		count += !seen[(unsigned char)word.at[i]];
		seen[(unsigned char)word.at[i]] = true;
	}
	return count;
}

static size_t
letters_of(struct slice text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		/* Bytes that continue a character of UTF-8 are not counted. */
		count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return count;
}

const char *
password_fault(struct slice password, const char *account)
{
	static const char easy[] = "is one that everybody tries first, or is made of one";
	char small[PASSWORD_BYTES_MAX], read[PASSWORD_BYTES_MAX];
	struct slice word = {small, password.len}, core;

	if (letters_of(password) < PASSWORD_LETTERS_MIN)
		return "is shorter than 12 characters";
	if (password.len >= sizeof small || letters_of(password) > PASSWORD_LETTERS_MAX)
		return "is longer than 128 characters";
	/* A zero byte would end the password for every function that takes a C string. */
	if (memchr(password.at, '\0', password.len) != NULL)
		return "has a character that cannot be typed";
	for (size_t i = 0; i < password.len; i++) {
		small[i] = (char)tolower((unsigned char)password.at[i]);
		read[i] = plain(small[i]);
	}
	core = core_of(word);
	if (is_easy(word, account) || is_easy(core, account) ||
	    is_easy((struct slice){read + (core.at - small), core.len}, account) || is_row(word) ||
	    distinct(word) < DISTINCT_MIN || repeats(word))
		/* The result is carried by the length alone, since the copies are wiped before the
		 * answer. */
		password = SLICE("");
	explicit_bzero(small, sizeof small);
	explicit_bzero(read, sizeof read);
	return password.len == 0 ? easy : NULL;
}
