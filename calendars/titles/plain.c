/* SPDX-License-Identifier: MIT */
#include "calendars/titles/plain.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "calendars/titles/characters.h"
#include "calendars/titles/html.h"
#include "server/base/fatal.h"

/* NFKC makes some texts eighteen times as long (U+FDFA) */
#define GROWTH_MAX 18

static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/* Normalises ${text} to UTF-16 with ${normaliser}. */
static UChar *
normalise(struct arena *arena, const UNormalizer2 *normaliser, struct slice text, int32_t *len)
{
	UErrorCode error = U_ZERO_ERROR;
	int32_t room = (int32_t)text.len + 1;
	UChar *wide = arena_array(arena, (size_t)room, sizeof *wide);
	UChar *out = arena_array(arena, (size_t)room * GROWTH_MAX, sizeof *out);
	int32_t wide_len = 0;

	u_strFromUTF8WithSub(
	    wide, room, &wide_len, text.at, (int32_t)text.len, 0xfffd, NULL, &error);
	/* The buffer has room for any text of this length, so that no title can fail here. */
	INVARIANT(U_SUCCESS(error));
	*len = unorm2_normalize(normaliser, wide, wide_len, out, room * GROWTH_MAX, &error);
	INVARIANT(U_SUCCESS(error));
	return out;
}

static const char *
to_utf8(struct arena *arena, const UChar *wide, int32_t len)
{
	UErrorCode error = U_ZERO_ERROR;
	char *out = arena_alloc(arena, (size_t)len * 3 + 1);
	int32_t out_len = 0;

	u_strToUTF8WithSub(out, len * 3 + 1, &out_len, wide, len, 0xfffd, NULL, &error);
	INVARIANT(U_SUCCESS(error));
	return out;
}

/* Those that people and programs write between two names; NFKC leaves them as they are. Arrows up
 * and down are symbols, which the lexicon may know. */
static bool
is_arrow(UChar32 c)
{
	return c == 0x2192 || c == 0x21d2 || c == 0x27a1 || c == 0x2794 || c == 0x279c ||
	       c == 0x27f6 || c == 0x27f9 || c == 0x21a6 || c == 0x2b62;
}

/* Whether ${c} is a drawn separator of words, such as a bullet. */
static bool
is_bullet(UChar32 c)
{
	return c == 0x2022 || c == 0x00b7 || c == 0x2023 || c == 0x2043 || c == 0x2219 ||
	       c == 0x22c5 || c == 0x25aa || c == 0x25e6;
}

/* Whether ${c} is an accent, as Latin letters have them. Other combining marks cross out, underline
 * or frame the character before them. */
static bool
is_accent(UChar32 c)
{
	return (c >= 0x0300 && c <= 0x0304) || (c >= 0x0306 && c <= 0x030c) || c == 0x030f ||
	       c == 0x0311 || c == 0x031b || (c >= 0x0323 && c <= 0x0328) || c == 0x032d ||
	       c == 0x0331;
}

static bool
is_stroke(UChar32 c)
{
	bool general = (c >= 0x0300 && c <= 0x036f) || (c >= 0x1ab0 && c <= 0x1aff) ||
		       (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
		       (c >= 0xfe20 && c <= 0xfe2f);

	return general && !is_accent(c) && c != 0x20e3; /* the frame of a key, round a digit */
}

/* What replaces ${c} in a normalised title; 0: nothing. Symbols stay: the lexicon knows their
 * meaning. */
static UChar32
plain_char(UChar32 c)
{
	int8_t type = u_charType(c);

	if (is_arrow(c))
		return '>';
	if (c == 0x2018 || c == 0x2019 || c == 0x201b || c == 0x02b9 || c == 0x02bb ||
	    c == 0x02bc || c == 0x02bd || c == 0x2032)
		return '\'';
	if (c == 0x201c || c == 0x201d || c == 0x00ab || c == 0x00bb)
		return '"';
	/* A bullet parts two entries, as "|" does, and no "-" that could join them. */
	if (is_bullet(c))
		return '|';
	/* The minus sign is no dash for Unicode. */
	if (type == U_DASH_PUNCTUATION || c == 0x2212)
		return '-';
	/* These reverse the order of letters: no letters, but they may change what is read. */
	if (c == 0x202d || c == 0x202e || type == U_PRIVATE_USE_CHAR || type == U_UNASSIGNED)
		return 0xfffd;
	/* colours of skin, and variants of pictures */
	if (type == U_FORMAT_CHAR || (c >= 0xfe00 && c <= 0xfe0f) || c == 0x20e3 ||
	    (c >= 0x1f3fb && c <= 0x1f3ff))
		return 0;
	/* A line break in a title parts words like a blank does. */
	if (type == U_CONTROL_CHAR || u_isUWhiteSpace(c))
		return ' ';
	return c;
}

/* ---- Crossed-out text, which gets "~~" before and after it. */

struct strokes {
	const UChar *in;
	int32_t len;
	UChar *out;
	int32_t kept;
	bool open, words; /* crossed out is what is kept from now on; it has a letter or a digit */
};

/* Whether the letter before ${at} has a stroke through it. */
static bool
is_struck(const struct strokes *s, int32_t at)
{
	while (at < s->len) {
		UChar32 c;

		U16_NEXT(s->in, at, s->len, c);
		if (is_stroke(c))
			return true;
		if (u_charType(c) != U_NON_SPACING_MARK && u_charType(c) != U_ENCLOSING_MARK &&
		    u_charType(c) != U_FORMAT_CHAR)
			return false;
	}
	return false;
}

/* Whether the next letter after blanks has a stroke: then the blanks are crossed out, too. */
static bool
goes_on(const struct strokes *s, int32_t at)
{
	while (at < s->len) {
		UChar32 c;

		U16_NEXT(s->in, at, s->len, c);
		if (!u_isUWhiteSpace(c) && !is_stroke(c))
			return is_struck(s, at);
	}
	return false;
}

/* A stroke through blanks or dots alone may have slipped off a name, or fallen short of it: it is not
 * understood. */
static void
doubt(struct strokes *s)
{
	s->out[s->kept++] = 0xfffd;
}

static void
toggle(struct strokes *s)
{
	s->out[s->kept++] = '~';
	s->out[s->kept++] = '~';
	if (s->open && !s->words)
		doubt(s);
	s->open = !s->open;
	s->words = false;
}

/* Whether the last character that was kept is a blank, or there is none. */
static bool
is_after_blank(const struct strokes *s)
{
	return s->kept == 0 || u_isUWhiteSpace(s->out[s->kept - 1]);
}

/* Removes the strokes from ${in}; ${len} is set to the length that is left. */
static UChar *
mark_strokes(struct arena *arena, const UChar *in, int32_t *len)
{
	struct strokes s = {.in = in, .len = *len};

	s.out = arena_array(arena, (size_t)*len * 6 + 8, sizeof *s.out);
	for (int32_t i = 0; i < s.len;) {
		UChar32 c;

		U16_NEXT(in, i, s.len, c);
		if (is_stroke(c)) {
			if (!s.open && is_after_blank(&s))
				doubt(&s);
			continue;
		}
		if (u_charType(c) != U_NON_SPACING_MARK &&
		    (u_isUWhiteSpace(c) ? s.open && !goes_on(&s, i) : is_struck(&s, i) != s.open))
			toggle(&s);
		s.words |= u_isalnum(c);
		U16_APPEND_UNSAFE(s.out, s.kept, c);
	}
	if (s.open)
		toggle(&s);
	*len = s.kept;
	return s.out;
}

static bool
has_strokes(const UChar *text, int32_t len)
{
	for (int32_t i = 0; i < len;) {
		UChar32 c;

		U16_NEXT(text, i, len, c);
		if (is_stroke(c))
			return true;
	}
	return false;
}

static const char *
collapse_blanks(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text);
	char *to = out;

	for (const char *at = text; *at != '\0'; at++) {
		char c = (char)(*at == '\t' || *at == '\n' || *at == '\r' ? ' ' : *at);

		if (c == ' ' && (to == out || to[-1] == ' '))
			continue;
		if ((unsigned char)c < 0x20 || c == 0x7f)
			continue;
		*to++ = c;
	}
	while (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

/* A grave or acute accent between two letters is a badly typed apostrophe: "O`Brien". Before NFKC, which
 * parts the acute accent from the letter that it never was on. */
static const char *
type_apostrophes(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text), *to = out;

	for (const char *at = text; *at != '\0'; at++) {
		size_t len = *at == '`' ? 1 : strncmp(at, "\xc2\xb4", 2) == 0 ? 2 : 0;

		if (len > 0 && at > text && char_is_letter(at[-1]) && char_is_letter(at[len])) {
			*to++ = '\'';
			at += len - 1;
		} else
			*to++ = *at;
	}
	*to = '\0';
	return out;
}

const char *
plain_text(struct arena *arena, const char *text)
{
	UErrorCode error = U_ZERO_ERROR;
	struct slice all = slice_of(text = type_apostrophes(arena, html_text(arena, text)));
	const UNormalizer2 *nfkc;
	UChar *wide;
	int32_t len;
	int32_t kept = 0;

	if (is_ascii(text, all.len))
		return collapse_blanks(arena, text);
	/* Compatibility forms too: wide letters, ligatures and circled digits are written for
	 * looks. */
	nfkc = unorm2_getNFKCInstance(&error);
	INVARIANT(U_SUCCESS(error));
	wide = normalise(arena, nfkc, all, &len);
	/* As marks of their own, which no later step drops: a stroke that is lost would put the
	 * person back on duty. */
	if (has_strokes(wide, len))
		wide = mark_strokes(arena, wide, &len);
	for (int32_t i = 0; i < len;) {
		UChar32 c;

		U16_NEXT(wide, i, len, c);
		c = plain_char(c);
		if (c != 0)
			U16_APPEND_UNSAFE(wide, kept, c);
	}
	return collapse_blanks(arena, to_utf8(arena, wide, kept));
}

static const char *
fold_ascii(struct arena *arena, struct slice word)
{
	char *out = arena_alloc(arena, word.len + 1);
	size_t kept = 0;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.at[i];

		if (c != '\'')
			out[kept++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	return out;
}

const char *
plain_fold(struct arena *arena, struct slice word)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfkd;
	UChar *wide;
	UChar *folded;
	int32_t len;
	int32_t kept = 0;

	if (is_ascii(word.at, word.len))
		return fold_ascii(arena, word);
	nfkd = unorm2_getNFKDInstance(&error);
	INVARIANT(U_SUCCESS(error));
	wide = normalise(arena, nfkd, word, &len);
	for (int32_t i = 0; i < len;) {
		UChar32 c;

		U16_NEXT(wide, i, len, c);
		/* With the accents decomposed, "Müller" and "Muller" are one name, and so are
		 * "O'Neill" and "ONeill". */
		if (c != '\'' && u_charType(c) != U_NON_SPACING_MARK)
			U16_APPEND_UNSAFE(wide, kept, c);
	}
	/* "ß" becomes "ss": folding may lengthen a text, at most to three times its length. */
	folded = arena_array(arena, (size_t)kept * 3 + 1, sizeof *folded);
	len = u_strFoldCase(folded, kept * 3 + 1, wide, kept, U_FOLD_CASE_DEFAULT, &error);
	INVARIANT(U_SUCCESS(error));
	return to_utf8(arena, folded, len);
}

const char *
plain_cut(struct arena *arena, const char *text, size_t max)
{
	if (strlen(text) <= max)
		return text;
	/* Never in the middle of a character: PostgreSQL refuses such a text. */
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	return arena_printf(arena, "%.*s\xe2\x80\xa6", (int)max, text);
}
