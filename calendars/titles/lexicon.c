/* SPDX-License-Identifier: MIT */
#include "calendars/titles/lexicon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHRASE_TOKENS_MAX 5
#define PHRASE_BYTES_MAX 64
#define NAME_BYTES_MIN 3
#define DIGITS_MAX 3
#define DOTTED_MAX 4
#define LETTERS_MIN 3
#define LETTERS_MAX 8

void
lexicon_init(struct lexicon *lexicon, struct arena *arena)
{
	*lexicon = (struct lexicon){.arena = arena};
	table_init(&lexicon->decided, arena, 8);
	table_init(&lexicon->names, arena, 8);
	table_init(&lexicon->wholes, arena, 8);
}

static int
compare_phrase(const void *phrase, const void *entry)
{
	return strcmp(phrase, ((const struct lexicon_entry *)entry)->phrase);
}

/* The meaning of ${phrase} in lexicon.txt; WORD_NONE: it is not there. */
static enum word
listed(const char *phrase)
{
	/* The file is sorted by the bytes of its phrases; a test holds it to that. */
	const struct lexicon_entry *entry = bsearch(
	    phrase, lexicon_entries, lexicon_nentries, sizeof *lexicon_entries, compare_phrase);

	return entry != NULL ? entry->word : WORD_NONE;
}

static bool
is_in_phrase(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER ||
	       token->kind == TOKEN_SYMBOL;
}

/* The words from ${at} with one blank between each; "" if they are no phrase. */
static const char *
join(struct arena *arena, const struct tokens *tokens, size_t at, size_t count)
{
	struct buf buf = {0};
	const char *text;

	for (size_t i = at; i < at + count; i++) {
		if (i > at)
			buf_add_text(&buf, " ");
		buf_add_text(&buf, tokens->items.items[i].text);
	}
	text = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return text;
}

const char *
lexicon_key(struct arena *arena, const char *text)
{
	struct tokens tokens;
	const char *key;

	tokens_make(&tokens, arena, text);
	/* A longer phrase could never be found again: lexicon_find() looks at so many tokens. */
	if (tokens.items.count == 0 || tokens.items.count > PHRASE_TOKENS_MAX)
		return NULL;
	for (size_t i = 0; i < tokens.items.count; i++) {
		if (!is_in_phrase(&tokens.items.items[i]))
			return NULL;
	}
	key = join(arena, &tokens, 0, tokens.items.count);
	return strlen(key) < PHRASE_BYTES_MAX ? key : NULL;
}

/* Whether ${word} says nothing against somebody coming, or is only about something else than cover. */
static bool
is_open(enum word word)
{
	return word == WORD_NONE || word == WORD_PLAIN || word == WORD_SHIFT ||
	       word == WORD_CONTACT || word == WORD_NOISE || word == WORD_HOLIDAY ||
	       word == WORD_TAKING || word >= WORD_PART;
}

bool
lexicon_may_decide(const struct lexicon *lexicon, const char *key, enum word word)
{
	struct tokens tokens;
	size_t len;

	if (word != WORD_PLAIN)
		return true; /* takes cover away, which is always allowed */
	tokens_make(&tokens, lexicon->arena, key);
	/* Every word on its own as well as the phrases that begin there: "surge TBC" must not hide
	 * the TBC. */
	for (size_t i = 0; i < tokens.items.count; i++) {
		len = 0;
		if (!is_open(lexicon_find(lexicon, &tokens, i, &len)))
			return false;
	}
	return true;
}

/* The table keeps the first entry of a key, so add the later decision first. */
void
lexicon_decide(struct lexicon *lexicon, const char *key, enum word word)
{
	table_put(&lexicon->decided, lexicon->arena, key, (uint32_t)word);
}

/* Adds the initials of a name of three words and more: "Fenmere County Council" is also "FCC". Two
 * letters could be anybody's initials. */
static void
know_letters(struct lexicon *lexicon, const struct tokens *tokens)
{
	char letters[LETTERS_MAX + 1];
	size_t kept = 0;

	for (size_t i = 0; i < tokens->items.count; i++) {
		const struct token *token = &tokens->items.items[i];

		if (token->kind != TOKEN_WORD || !token->capital)
			continue;
		if (kept == LETTERS_MAX || (unsigned char)token->text[0] >= 0x80)
			return;
		letters[kept++] = token->text[0];
	}
	letters[kept] = '\0';
	if (kept >= LETTERS_MIN)
		table_put(&lexicon->names, lexicon->arena, arena_strdup(lexicon->arena, letters),
		    WORD_PLAIN);
}

void
lexicon_know(struct lexicon *lexicon, const char *name)
{
	struct tokens tokens;
	const char *whole = lexicon_key(lexicon->arena, name);

	/* A name of one letter would account for every initial. */
	if (whole != NULL && strlen(whole) > 1) {
		table_put(&lexicon->names, lexicon->arena, whole, WORD_PLAIN);
		table_put(&lexicon->wholes, lexicon->arena, whole, WORD_PLAIN);
	}
	tokens_make(&tokens, lexicon->arena, name);
	for (size_t i = 0; i < tokens.items.count; i++) {
		const struct token *token = &tokens.items.items[i];

		/* The words of a name are also written alone: "Fenmere" of "Fenmere County
		 * Council". Short ones ("of", "&") would account for too much. */
		if (token->kind == TOKEN_WORD && strlen(token->text) >= NAME_BYTES_MIN)
			table_put(&lexicon->names, lexicon->arena, token->text, WORD_PLAIN);
	}
	know_letters(lexicon, &tokens);
}

/* The meaning of ${phrase}: as decided, else as in lexicon.txt, else as a name of the region. */
static enum word
meaning_of(const struct lexicon *lexicon, const char *phrase)
{
	uint32_t said = table_get(&lexicon->decided, phrase);
	enum word word = said == TABLE_NONE ? listed(phrase) : (enum word)said;

	if ((word == WORD_SETTING || word == WORD_ELSEWHERE ||
		(word_is_crew(word) && !lexicon_is_other_crew(lexicon, word))) &&
	    lexicon_is_whole(lexicon, phrase))
		return WORD_PLAIN;
	/* The region's names come last: a council named "Sick Lane" must not make "sick"
	 * harmless. */
	if (word != WORD_NONE)
		return word;
	said = table_get(&lexicon->names, phrase);
	return said == TABLE_NONE ? WORD_NONE : (enum word)said;
}

static uint32_t
crew_bit(enum word word)
{
	return (uint32_t)1 << (word - WORD_CREW_CHILDREN);
}

bool
lexicon_is_other_crew(const struct lexicon *lexicon, enum word word)
{
	return word_is_crew(word) && (lexicon->own_crews & crew_bit(word)) == 0;
}

void
lexicon_own(struct lexicon *lexicon, const char *name)
{
	char *text = arena_strdup(lexicon->arena, name);
	struct lexicon file;
	struct tokens tokens;

	/* Only what the file says: a rota does not become one of CAMHS by a decision about a word. */
	lexicon_init(&file, lexicon->arena);
	/* Codes are written "camhs_crisis" and "fenmere-htt". */
	for (char *at = text; *at != '\0'; at++)
		*at = (char)(*at == '_' || *at == '-' ? ' ' : *at);
	tokens_make(&tokens, lexicon->arena, text);
	for (size_t i = 0; i < tokens.items.count; i++) {
		size_t len = 0;
		enum word word = lexicon_find(&file, &tokens, i, &len);

		if (word_is_crew(word))
			lexicon->own_crews |= crew_bit(word);
	}
}

bool
lexicon_is_name(const struct lexicon *lexicon, const char *word)
{
	return table_get(&lexicon->names, word) != TABLE_NONE && listed(word) == WORD_NONE &&
	       table_get(&lexicon->decided, word) == TABLE_NONE;
}

bool
lexicon_is_region(const struct lexicon *lexicon, const char *word)
{
	return table_get(&lexicon->names, word) != TABLE_NONE;
}

bool
lexicon_is_whole(const struct lexicon *lexicon, const char *word)
{
	return table_get(&lexicon->wholes, word) != TABLE_NONE;
}

/* "ST5" in the spelling of the file: "st#". */
static enum word
numbered(const struct lexicon *lexicon, const char *text)
{
	char squashed[PHRASE_BYTES_MAX];
	size_t kept = 0;

	/* A word without a digit is as it is in the file, which meaning_of() has looked up
	 * already. */
	if (text[strcspn(text, "0123456789")] == '\0')
		return WORD_NONE;
	while (*text != '\0') {
		size_t digits = strspn(text, "0123456789");

		/* Four digits may be a bleep, a time or a year: no grade has so many. */
		if (digits > DIGITS_MAX)
			return WORD_NONE;
		squashed[kept++] = (char)(digits > 0 ? '#' : *text);
		text += digits > 0 ? digits : 1;
	}
	squashed[kept] = '\0';
	return meaning_of(lexicon, squashed);
}

static bool
is_dot(const struct tokens *tokens, size_t at)
{
	return at < tokens->items.count && tokens->items.items[at].kind == TOKEN_MARK &&
	       tokens->items.items[at].mark == '.';
}

/* "s.12" in the spelling of the file: "s12". */
static enum word
dotted_number(const struct lexicon *lexicon, const char *letter, const char *number, size_t *len)
{
	char text[PHRASE_BYTES_MAX];
	enum word word = WORD_NONE;

	/* Numbers of more digits are telephone numbers. */
	snprintf(text, sizeof text, "%s%s", letter, number);
	word = meaning_of(lexicon, text);
	if (word != WORD_NONE)
		*len = 3;
	return word;
}

/* "A.L." in the spelling of the file: "al". */
static enum word
dotted(const struct lexicon *lexicon, const struct tokens *tokens, size_t at, size_t *len)
{
	char letters[DOTTED_MAX + 1];
	size_t kept = 0;
	enum word word;

	while (kept < DOTTED_MAX && at + 2 * kept < tokens->items.count &&
	       tokens->items.items[at + 2 * kept].kind == TOKEN_WORD &&
	       strlen(tokens->items.items[at + 2 * kept].text) == 1) {
		letters[kept] = tokens->items.items[at + 2 * kept].text[0];
		kept++;
		if (!is_dot(tokens, at + 2 * kept - 1))
			break;
	}
	letters[kept] = '\0';
	if (kept == 1 && is_dot(tokens, at + 1) && at + 2 < tokens->items.count &&
	    tokens->items.items[at + 2].kind == TOKEN_NUMBER)
		return dotted_number(lexicon, letters, tokens->items.items[at + 2].text, len);
	word = kept > 1 ? meaning_of(lexicon, letters) : WORD_NONE;
	if (word != WORD_NONE)
		*len = 2 * kept - 1 + is_dot(tokens, at + 2 * kept - 1);
	return word;
}

enum word
lexicon_find(const struct lexicon *lexicon, const struct tokens *tokens, size_t at, size_t *len)
{
	char phrase[PHRASE_BYTES_MAX];
	size_t used = 0;
	enum word found = WORD_NONE;

	for (size_t n = 0; n < PHRASE_TOKENS_MAX && at + n < tokens->items.count; n++) {
		const struct token *token = &tokens->items.items[at + n];
		size_t length = strlen(token->text);
		enum word word;

		if (!is_in_phrase(token) || used + length + 2 > sizeof phrase)
			break;
		if (n > 0)
			phrase[used++] = ' ';
		memcpy(phrase + used, token->text, length + 1);
		used += length;
		/* The longest phrase decides, since it may turn its first word: "leave" is away,
		 * "leave cover" is not. */
		word = meaning_of(lexicon, phrase);
		if (word == WORD_NONE && n == 0 && token->kind == TOKEN_WORD)
			word = numbered(lexicon, phrase);
		if (word != WORD_NONE) {
			found = word;
			*len = n + 1;
		}
	}
	/* Only then, so that "S. Ahmed" is never taken for letters of a phrase that begins with a
	 * word. */
	if (found == WORD_NONE)
		found = dotted(lexicon, tokens, at, len);
	return found;
}

enum word
lexicon_next(const struct lexicon *lexicon, const struct tokens *tokens, size_t *at)
{
	size_t len = 1;
	enum word word = lexicon_find(lexicon, tokens, *at, &len);

	*at += len;
	return word;
}
