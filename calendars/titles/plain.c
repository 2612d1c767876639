#include "calendars/titles/plain.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "server/base/fatal.h"

/* NFKC may lengthen a text eighteenfold (U+FDFA). */
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

/* ${text} in UTF-16, normalised by ${normaliser}. */
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

static bool
is_arrow(UChar32 c)
{
	return c == 0x2192 || c == 0x21d2 || c == 0x27a1 || c == 0x2794 || c == 0x279c ||
	       c == 0x27f6 || c == 0x27f9 || c == 0x21a6 || c == 0x2b62;
}

/* What stands for ${c} in a plain title; 0: nothing at all. */
static UChar32
plain_char(UChar32 c)
{
	int8_t type = u_charType(c);

	if (is_arrow(c))
		return '>';
	if (c == 0x2018 || c == 0x2019 || c == 0x02bc || c == 0x0060 || c == 0x00b4)
		return '\'';
	if (c == 0x201c || c == 0x201d || c == 0x00ab || c == 0x00bb)
		return '"';
	if (type == U_DASH_PUNCTUATION || c == 0x2212)
		return '-';
	if (type == U_FORMAT_CHAR || (c >= 0xfe00 && c <= 0xfe0f))
		return 0;
	if (type == U_CONTROL_CHAR || u_isUWhiteSpace(c) || type == U_OTHER_SYMBOL ||
	    type == U_MODIFIER_SYMBOL || type == U_PRIVATE_USE_CHAR || type == U_UNASSIGNED ||
	    type == U_SURROGATE)
		return ' ';
	return c;
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

const char *
plain_text(struct arena *arena, const char *text)
{
	UErrorCode error = U_ZERO_ERROR;
	struct slice all = slice_of(text);
	const UNormalizer2 *nfkc;
	UChar *wide;
	int32_t len;
	int32_t kept = 0;

	if (is_ascii(text, all.len))
		return collapse_blanks(arena, text);
	nfkc = unorm2_getNFKCInstance(&error);
	INVARIANT(U_SUCCESS(error));
	wide = normalise(arena, nfkc, all, &len);
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
		if (c != '\'' && u_charType(c) != U_NON_SPACING_MARK)
			U16_APPEND_UNSAFE(wide, kept, c);
	}
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
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	return arena_printf(arena, "%.*s\xe2\x80\xa6", (int)max, text);
}
