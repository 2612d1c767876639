/* SPDX-License-Identifier: MIT */
#include "calendars/titles/html.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/utf8.h>

#include "server/base/text.h"

#define ENTITY_MAX 10
#define TAG_NAME_MAX 12
#define PASSES_MAX 3 /* "&amp;lt;b&amp;gt;": some programs encode text that is encoded already */

static const struct {
	const char *name, *text;
} entities[] = {
    {"amp", "&"},
    {"lt", "<"},
    {"gt", ">"},
    {"quot", "\""},
    {"apos", "'"},
    {"nbsp", " "},
    {"ndash", "-"},
    {"mdash", "-"},
    {"hyphen", "-"},
    {"lsquo", "'"},
    {"rsquo", "'"},
    {"ldquo", "\""},
    {"rdquo", "\""},
    {"hellip", "..."},
    {"bull", "|"},
    {"middot", "|"},
    {"rarr", "->"},
    {"shy", ""},
    {"aacute", "\xc3\xa1"},
    {"agrave", "\xc3\xa0"},
    {"ccedil", "\xc3\xa7"},
    {"eacute", "\xc3\xa9"},
    {"egrave", "\xc3\xa8"},
    {"euml", "\xc3\xab"},
    {"iacute", "\xc3\xad"},
    {"iuml", "\xc3\xaf"},
    {"ntilde", "\xc3\xb1"},
    {"oacute", "\xc3\xb3"},
    {"ouml", "\xc3\xb6"},
    {"uacute", "\xc3\xba"},
    {"uuml", "\xc3\xbc"},
};

static const char *const blank_tags[] = {"b", "i", "u", "em", "strong", "br", "p", "div", "span",
    "small", "big", "ins", "li", "ul", "ol", "html", "body", "font", "center", NULL};
/* They take a name off duty; all other known tags only change its looks. */
static const char *const crossing_tags[] = {"s", "del", "strike", NULL};

/* Appends the character "#39" or "#x27". */
static bool
add_number(struct buf *buf, const char *text, size_t len)
{
	char digits[ENTITY_MAX + 1];
	char *end;
	bool hex = len > 1 && (text[1] | 0x20) == 'x';
	const char *from;
	unsigned long value;
	char letter[4];
	int32_t used = 0;

	memcpy(digits, text, len);
	digits[len] = '\0';
	from = digits + (hex ? 2 : 1);
	value = strtoul(from, &end, hex ? 16 : 10);
	/* What is no character stays as it is written, and is left over as unknown marks. */
	if (end == from || *end != '\0' || value == 0 || value > 0x10ffff ||
	    (value >= 0xd800 && value < 0xe000))
		return false;
	U8_APPEND_UNSAFE(letter, used, (UChar32)value);
	buf_add(buf, letter, (size_t)used);
	return true;
}

/* Decodes the entity at ${at}. Returns its length; 0: there is no known entity. */
static size_t
take_entity(struct buf *buf, const char *at)
{
	size_t len = 0;

	/* An "&" that begins no entity is the "&" between two names. */
	while (len <= ENTITY_MAX && at[1 + len] != '\0' && at[1 + len] != ';')
		len++;
	if (len == 0 || len > ENTITY_MAX || at[1 + len] != ';')
		return 0;
	if (at[1] == '#')
		return add_number(buf, at + 1, len) ? len + 2 : 0;
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (strlen(entities[i].name) == len &&
		    strncasecmp(entities[i].name, at + 1, len) == 0) {
			buf_add_text(buf, entities[i].text);
			return len + 2;
		}
	}
	return 0;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_one_of(const char *const *list, const char *name, size_t len)
{
	for (; *list != NULL; list++) {
		if (strlen(*list) == len && strncasecmp(*list, name, len) == 0)
			return true;
	}
	return false;
}

/* "<jan@fenmere.example>" and "<01632 960001>" are not tags: the signs are a kind of brackets. */
static bool
is_address(const char *at, size_t len)
{
	if (memchr(at, '@', len) != NULL)
		return memchr(at, '=', len) == NULL;
	return strspn(at, "0123456789 +()-") >= len;
}

/* Replaces the tag at ${at}. Returns its length; 0: there is none. */
static size_t
take_tag(struct buf *buf, const char *at)
{
	const char *close = strchr(at, '>');
	const char *name = at + 1 + (at[1] == '/');
	size_t len = 0;
	size_t rest;

	if (close == NULL || close == at + 1 ||
	    !(is_letter(*name) || *name == '!' || *name == '?' || *name == '+' ||
		(*name >= '0' && *name <= '9')))
		return 0;
	/* As brackets, so that what is in them belongs to the name before them. */
	if (is_address(at + 1, (size_t)(close - at) - 1)) {
		buf_add_text(buf, " (");
		buf_add(buf, at + 1, (size_t)(close - at) - 1);
		buf_add_text(buf, ") ");
		return (size_t)(close - at) + 1;
	}
	while (len < TAG_NAME_MAX && is_letter(name[len]))
		len++;
	/* An attribute may hide or cross out what it is about ("style=…"), so that a tag with one
	 * is not understood. */
	rest = len + strspn(name + len, " /");
	if (name + rest == close && is_one_of(crossing_tags, name, len))
		buf_add_text(buf, "~~");
	else if (name + rest == close && is_one_of(blank_tags, name, len))
		buf_add_text(buf, " ");
	else
		/* Marks that are left over, so that the title is undecided. */
		buf_add_text(buf, " <?> ");
	return (size_t)(close - at) + 1;
}

typedef size_t taker(struct buf *buf, const char *at);

/* Calls ${take} at each ${sign} in ${text}, and copies the rest. */
static const char *
replace(struct arena *arena, const char *text, char sign, taker *take)
{
	struct buf buf = {0};
	const char *out;

	while (*text != '\0') {
		const char *next = strchr(text, sign);
		size_t len = next != NULL ? (size_t)(next - text) : strlen(text);
		size_t taken;

		buf_add(&buf, text, len);
		text += len;
		if (next == NULL)
			break;
		taken = take(&buf, text);
		if (taken == 0)
			buf_add(&buf, text++, 1);
		text += taken;
	}
	out = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return out;
}

const char *
html_text(struct arena *arena, const char *text)
{
	/* Entities before tags: a calendar may hold "&lt;s&gt;" for a name that was crossed out. */
	for (int pass = 0; pass < PASSES_MAX && strchr(text, '&') != NULL; pass++)
		text = replace(arena, text, '&', take_entity);
	return strchr(text, '<') != NULL ? replace(arena, text, '<', take_tag) : text;
}
