/* SPDX-License-Identifier: MIT */
#include "server/post/sms_text.h"

#include <string.h>

/* 3GPP TS 23.038, 6.2.1 and 6.2.1.1; ASCII is judged by itself. */
static const char *const basic[] = {"£", "¥", "è", "é", "ù", "ì", "ò", "Ç", "Ø", "ø", "Å", "å", "Δ",
    "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ", "Æ", "æ", "ß", "É", "¤", "¡", "Ä", "Ö", "Ñ", "Ü",
    "§", "¿", "ä", "ö", "ñ", "ü", "à"};

static const struct {
	const char *fancy, *plain;
} plainer[] = {{"‘", "'"}, {"’", "'"}, {"“", "\""}, {"”", "\""}, {"–", "-"}, {"—", "-"}, {"‐", "-"},
    {"‑", "-"}, {"…", "..."}, {"\xc2\xa0", " "}, {"\xe2\x80\xaf", " "}, {"•", "-"}, {"→", "->"},
    {"\t", " "}, {"\r", ""}, {"`", "'"}};

/* Septets of the character: 1, 2 (after an escape), or 0 if the alphabet does not have it. */
static unsigned
septets(struct slice character)
{
	if (character.len == 1) {
		if (character.at[0] == '\0' || strchr("^{}\\[~]|", character.at[0]) != NULL)
			return character.at[0] == '\0' ? 0 : 2;
		return character.at[0] == '`' ||
			       ((unsigned char)character.at[0] < ' ' && character.at[0] != '\n') ||
			       (unsigned char)character.at[0] >= 0x7f
			   ? 0
			   : 1;
	}
	if (slice_is(character, "€"))
		return 2;
	for (size_t i = 0; i < sizeof basic / sizeof *basic; i++)
		if (slice_is(character, basic[i]))
			return 1;
	return 0;
}

static struct slice
character_at(struct slice text, size_t at)
{
	size_t len = text_utf8_len(text.at + at, text.len - at);

	return (struct slice){text.at + at, len == 0 ? 1 : len};
}

/* Each part of several gives 6 bytes to a header (TS 23.040, 9.2.3.24.1), and one unit more is counted for it, because a character of two units is not divided
 * between parts. */
static unsigned
parts_of(unsigned units, bool ucs2)
{
	unsigned alone = ucs2 ? 70 : 160, each = ucs2 ? 67 - 1 : 153 - 1;

	return units <= alone ? 1 : (units + each - 1) / each;
}

struct sms_size
sms_measure(struct slice text)
{
	struct sms_size size = {0};
	unsigned sevens = 0, sixteens = 0;

	for (size_t at = 0; at < text.len;) {
		struct slice character = character_at(text, at);
		unsigned wide = septets(character);

		size.ucs2 |= wide == 0;
		sevens += wide;
		sixteens += character.len == 4 ? 2 : 1;
		at += character.len;
	}
	size.units = size.ucs2 ? sixteens : sevens;
	size.parts = parts_of(size.units, size.ucs2);
	return size;
}

bool
sms_number(const char *text, char out[SMS_NUMBER_MAX])
{
	size_t len = 0;

	for (; *text != '\0'; text++) {
		if (strchr(" -.()", *text) != NULL && len > 0)
			continue;
		if (len == SMS_NUMBER_MAX - 1 ||
		    (len == 0 ? *text != '+' : *text < (len == 1 ? '1' : '0') || *text > '9'))
			return false;
		out[len++] = *text;
	}
	out[len] = '\0';
	return len >= 8 && len <= 16;
}

static void
add_plainer(struct buf *out, struct slice text)
{
	for (size_t at = 0; at < text.len;) {
		struct slice character = character_at(text, at);
		const char *plain = NULL;

		for (size_t i = 0; i < sizeof plainer / sizeof *plainer && plain == NULL; i++)
			if (slice_is(character, plainer[i].fancy))
				plain = plainer[i].plain;
		if (plain != NULL)
			buf_add_text(out, plain);
		else
			buf_add(out, character.at, character.len);
		at += character.len;
	}
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Whether digits stand on both sides of ${at}, with nothing between but what joins the parts of a number. */
static bool
is_within_number(struct slice text, size_t at)
{
	static const char joins[] = " -:./,+()";
	size_t before = at, after = at;

	while (before > 0 && strchr(joins, text.at[before - 1]) != NULL)
		before--;
	while (after < text.len && strchr(joins, text.at[after]) != NULL)
		after++;
	return before > 0 && after < text.len && is_digit(text.at[before - 1]) &&
	       is_digit(text.at[after]);
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\n';
}

/* Whether ${text} may be cut after its first ${at} bytes. */
static bool
may_cut(struct slice text, size_t at)
{
	return at == text.len || at == 0 || (is_blank(text.at[at]) && !is_within_number(text, at));
}

static struct buf
joined(struct slice text, size_t keep, const char *link)
{
	struct buf whole = {0};

	while (keep > 0 && is_blank(text.at[keep - 1]))
		keep--;
	buf_add(&whole, text.at, keep);
	if (keep < text.len && strspn(text.at + keep, " \n") < text.len - keep)
		buf_add_text(&whole, "...");
	if (link != NULL)
		buf_printf(&whole, "%s%s", whole.len > 0 ? "\n" : "", link);
	return whole;
}

/* Where the search begins: at no more characters than the alphabet with the most in a part has room for, so that a long text costs no more than one that fits. */
static size_t
most_that_fits(struct slice text, unsigned parts)
{
	size_t at = 0;

	for (unsigned left = parts * 160; left > 0 && at < text.len; left--)
		at += character_at(text, at).len;
	while (!may_cut(text, at))
		at--;
	return at;
}

/* As much of ${text} as fits with the link; false if that is nothing. */
static bool
write_fitting(struct buf *out, struct slice text, const char *link, unsigned parts)
{
	size_t keep = most_that_fits(text, parts);

	for (;;) {
		struct buf whole = joined(text, keep, link);
		bool fits = sms_measure((struct slice){whole.at, whole.len}).parts <= parts;

		if (fits)
			buf_add(out, whole.at, whole.len);
		buf_free(&whole);
		if (fits || keep == 0)
			return fits && (keep > 0 || text.len == 0);
		do
			keep--;
		while (!may_cut(text, keep));
	}
}

void
sms_write(struct buf *out, struct slice text, const char *link, unsigned parts)
{
	struct buf plain = {0}, seen = {0};
	size_t before = out->len;

	buf_add(&plain, "", 0);
	buf_add_lines(&seen, text);
	add_plainer(&plain, (struct slice){seen.at == NULL ? "" : seen.at, seen.len});
	text = (struct slice){plain.at, plain.len};
	if (!write_fitting(out, text, link, parts)) {
		out->len = before;
		if (out->at != NULL)
			out->at[before] = '\0';
		write_fitting(out, text, NULL, parts);
	}
	buf_free(&plain);
	buf_free(&seen);
}
