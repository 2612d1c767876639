/* SPDX-License-Identifier: MIT */
#include "server/api/ask/withheld_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "calendars/titles/plain.h"
#include "server/base/hash.h"
#include "server/base/vec.h"

#define BUCKETS 1024
#define LEN_MAX 32
#define WHOLE_WORD_MAX 3 /* a longer part of a name is looked for inside of words, too */
#define NUMBER_DIGITS 9  /* without the country's code, or the zero in its place */

struct word {
	const char *text, *instead, *owner;
	size_t len, lead, first; /* bytes; before its first letter or digit; of its first word */
	bool code, single, spared;
	struct word *next;
};

/* A part of a name, folded; initials as they are written. */
struct part {
	const char *text, *owner;
	bool whole, initials, number;
};

struct withheld_words {
	struct arena *arena;
	struct word *buckets[BUCKETS];
	/* Whether any added word begins with a word of that first letter and length: a filter in
	 * front of the hash table, since every word of every answer is looked up. */
	bool likely[256][LEN_MAX];
	VEC(struct part) parts;
};

struct withheld_words *
withheld_words_new(struct arena *arena)
{
	struct withheld_words *words = arena_alloc(arena, sizeof *words);

	words->arena = arena;
	return words;
}

/* A letter or digit in its small form, or a byte of a character that is not ASCII; 0: neither. Every
 * byte of an answer comes here. */
static inline unsigned char
small_of(char c)
{
	unsigned char byte = (unsigned char)c;

	if (byte >= 'A' && byte <= 'Z')
		return byte + ('a' - 'A');
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80 ? byte
											    : 0;
}

static inline bool
is_letter(char c)
{
	return small_of(c) != 0;
}

static size_t
word_len(struct slice text, size_t at)
{
	size_t len = 0;

	while (at + len < text.len && is_letter(text.at[at + len]))
		len++;
	return len;
}

static size_t
bucket_of(const char *first, size_t len)
{
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < len; i++) {
		unsigned char small = small_of(first[i]);

		hash = hash_bytes(hash, &small, 1);
	}
	return hash % BUCKETS;
}

/* The list of added words that may begin with the one at ${first}; NULL: none. */
static struct word *
words_at(const struct withheld_words *words, const char *first, size_t len)
{
	if (!words->likely[small_of(*first)][len < LEN_MAX ? len : LEN_MAX - 1])
		return NULL;
	return words->buckets[bucket_of(first, len)];
}

/* -------------------------------------------------------------------------------------- adding */

static void
add_part(struct withheld_words *words, const struct part *part)
{
	*VEC_PUSH(words->arena, &words->parts) = *part;
}

/* Whether a part of a name is one that many names have, and so reveals nobody. */
static bool
is_address(const char *folded)
{
	static const char *const addresses[] = {"dr", "mr", "mrs", "ms", "miss", "mx", "prof",
	    "professor", "sir", "sister", "nurse", "doctor", "the", "and", "of", "de", "van", "von",
	    "la", "le", "al", "el", "bin", "ap", NULL};

	return text_is_one_of(folded, addresses);
}

/* With the apostrophes inside, which folding leaves out: "O'Shea" is one part. */
static size_t
part_len(struct slice text, size_t at)
{
	size_t len = word_len(text, at), more;

	while (len > 0 && at + len < text.len && text.at[at + len] == '\'' &&
	       (more = word_len(text, at + len + 1)) > 0)
		len += 1 + more;
	return len;
}

/* Adds each part of a name that is no title of address ("Dr"), and the initials of all parts. A text of a rota often
 * has only one of them. */
static void
add_name_parts(struct withheld_words *words, const char *name, const char *owner)
{
	struct slice text = slice_of(plain_text(words->arena, name));
	struct buf initials = {0};

	for (size_t at = 0; at < text.len; at++) {
		size_t len = part_len(text, at);
		const char *folded;

		if (len == 0)
			continue;
		folded = plain_fold(words->arena, (struct slice){text.at + at, len});
		if (!is_address(folded)) {
			char first = (char)toupper((unsigned char)text.at[at]);

			buf_add(&initials, &first, 1);
			if (strlen(folded) > 1)
				add_part(words, &(struct part){.text = folded,
						    .owner = owner,
						    .whole = strlen(folded) <= WHOLE_WORD_MAX});
		}
		at += len;
	}
	if (initials.len > 1)
		add_part(words, &(struct part){.text = arena_strdup(words->arena, initials.at),
				    .owner = owner,
				    .whole = true,
				    .initials = true});
	buf_free(&initials);
}

/* Only the digits of a text: numbers are written with spaces, brackets and dashes. */
static const char *
digits_of(struct arena *arena, const char *text)
{
	char *digits = arena_strdup(arena, text);
	size_t count = 0;

	for (size_t i = 0; text[i] != '\0'; i++)
		if (isdigit((unsigned char)text[i]))
			digits[count++] = text[i];
	digits[count] = '\0';
	return digits;
}

static void
add_parts(
    struct withheld_words *words, enum withheld_kind kind, const char *text, const char *owner)
{
	const char *digits;

	switch (kind) {
	case WITHHELD_NAME:
		add_name_parts(words, text, owner);
		break;
	case WITHHELD_CODE:
		add_part(words, &(struct part){.text = plain_fold(words->arena, slice_of(text)),
				    .owner = owner,
				    .whole = true});
		break;
	case WITHHELD_NUMBER:
		digits = digits_of(words->arena, text);
		if (strlen(digits) >= NUMBER_DIGITS)
			add_part(
			    words, &(struct part){.text = digits + strlen(digits) - NUMBER_DIGITS,
				       .owner = owner,
				       .number = true});
		break;
	}
}

void
withheld_words_add(struct withheld_words *words, enum withheld_kind kind, const char *text,
    const char *instead, const char *owner)
{
	struct slice all = slice_of(text);
	struct word *word = arena_alloc(words->arena, sizeof *word);
	struct word **bucket;

	add_parts(words, kind, text, owner);
	*word = (struct word){.text = text,
	    .instead = instead,
	    .owner = owner,
	    .len = all.len,
	    .code = kind == WITHHELD_CODE};
	while (word->lead < all.len && !is_letter(text[word->lead]))
		word->lead++;
	word->first = word_len(all, word->lead);
	word->single = word->lead + word->first == all.len;
	if (word->first == 0)
		return;
	bucket = &words->buckets[bucket_of(text + word->lead, word->first)];
	word->next = *bucket;
	*bucket = word;
	words->likely[small_of(text[word->lead])]
		     [word->first < LEN_MAX ? word->first : LEN_MAX - 1] = true;
}

/* ------------------------------------------------------------------------------------- finding */

/* A code goes on over '-', '_' and '.': "jo-jones" is not a part of "jo-jones-2". A name goes on in
 * a double name: "Jo Jones" is not "Jo Jones-Smith", who is somebody else. */
static bool
stands_alone(const struct word *word, struct slice text, size_t start)
{
	size_t end = start + word->len;
	char before = start > 0 ? text.at[start - 1] : ' ';
	char after = end < text.len ? text.at[end] : ' ';
	char beyond = end + 1 < text.len ? text.at[end + 1] : ' ';

	if (is_letter(after))
		return false;
	if (!word->code)
		return !(after == '-' && isupper((unsigned char)beyond)) &&
		       !(before == '-' && start > 1 && is_letter(text.at[start - 2]));
	return strchr("-_.", before) == NULL && after != '-' && after != '_' &&
	       !(after == '.' && is_letter(beyond));
}

/* Whether ${word} is in ${text}, with its first letter at ${at}, where a word begins. */
static bool
is_at(const struct word *word, struct slice text, size_t at)
{
	return at >= word->lead && at - word->lead + word->len <= text.len &&
	       strncasecmp(text.at + at - word->lead, word->text, word->len) == 0 &&
	       stands_alone(word, text, at - word->lead);
}

/* In JSON the letter after a backslash is no part of the word that follows. */
static size_t
skip(struct slice text, size_t at)
{
	if (text.at[at] != '\\' || at + 1 >= text.len)
		return at + 1;
	return at + (text.at[at + 1] == 'u' && at + 6 <= text.len ? 6 : 2);
}

/* ${spare}: marks those that are there. */
static bool
meet(const struct withheld_words *words, struct slice text, bool single, bool spare)
{
	bool met = false;

	for (size_t at = 0, len; at<text.len; at += len> 0 ? len : 1) {
		len = word_len(text, at);
		if (len == 0)
			continue;
		for (struct word *word = words_at(words, text.at + at, len); word != NULL;
		     word = word->next) {
			if ((!word->single && single) || !is_at(word, text, at))
				continue;
			met = true;
			word->spared |= spare;
		}
	}
	return met;
}

void
withheld_words_except(struct withheld_words *words, struct slice text, bool single)
{
	(void)meet(words, text, single, true);
}

bool
withheld_words_found_in(const struct withheld_words *words, struct slice text, bool single)
{
	return meet(words, text, single, false);
}

static bool
is_of(const char *reader, const char *owner)
{
	return reader != NULL && strcmp(reader, owner) == 0;
}

/* The longest word that begins there, so that a full name is replaced as a whole; NULL: none. */
static const struct word *
find(const struct withheld_words *words, const char *reader, struct slice body, size_t at,
    size_t len)
{
	const struct word *longest = NULL;

	for (const struct word *word = words_at(words, body.at + at, len); word != NULL;
	     word = word->next)
		if (!word->spared && (longest == NULL || word->len > longest->len) &&
		    !is_of(reader, word->owner) && is_at(word, body, at))
			longest = word;
	return longest;
}

bool
withheld_words_replace(
    const struct withheld_words *words, const char *reader, struct slice body, struct buf *out)
{
	size_t done = 0, at = 0;

	while (at < body.len) {
		size_t len = word_len(body, at);
		const struct word *word;

		if (len == 0) {
			at = skip(body, at);
			continue;
		}
		word = find(words, reader, body, at, len);
		if (word == NULL) {
			at += len;
			continue;
		}
		buf_add(out, body.at + done, at - word->lead - done);
		buf_add_text(out, word->instead);
		done = at = at - word->lead + word->len;
	}
	if (done == 0)
		return false;
	buf_add(out, body.at + done, body.len - done);
	return true;
}

/* -------------------------------------------------------------------------------- what is said */

/* Whether ${word} occurs in ${text} and is not a part of a longer word. */
static bool
has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
		if ((at == text || !is_letter(at[-1])) && !is_letter(at[len]))
			return true;
	return false;
}

bool
withheld_words_may_name(const struct withheld_words *words, const char *reader, const char *text)
{
	struct arena *arena = arena_new(0);
	const char *plain = plain_text(arena, text);
	const char *folded = plain_fold(arena, slice_of(plain));
	const char *digits = digits_of(arena, text);
	bool told = false;

	for (size_t i = 0; i < words->parts.count && !told; i++) {
		const struct part *part = &words->parts.items[i];
		const char *in = part->number ? digits : part->initials ? plain : folded;

		told = !is_of(reader, part->owner) &&
		       (part->whole ? has_word(in, part->text) : strstr(in, part->text) != NULL);
	}
	arena_free(arena);
	return told;
}
