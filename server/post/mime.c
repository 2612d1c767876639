/* SPDX-License-Identifier: MIT */
#include "server/post/mime.h"

#include <ctype.h>
#include <string.h>

#include "server/base/civil.h"

/* RFC 2045 and 2047 bound a line to 76 bytes and an encoded word to 75. */
enum { LINE_MOST = 76, WORD_MOST = 75, WORD_FRAME = 12, ADDRESS_MOST = 254, LOCAL_MOST = 64 };

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* RFC 5322, atext. */
static bool
is_atom_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') ||
	       (byte != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", byte) != NULL);
}

/* Atoms with dots between them. */
static bool
is_local_part(struct slice local)
{
	bool after_dot = true;

	for (size_t i = 0; i < local.len; i++) {
		if (local.at[i] == '.' ? after_dot : !is_atom_byte(local.at[i]))
			return false;
		after_dot = local.at[i] == '.';
	}
	return !after_dot && local.len <= LOCAL_MOST;
}

static bool
is_domain(const char *domain)
{
	char before = '.';

	for (const char *at = domain; *at != '\0'; before = *at++) {
		bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
			      (*at >= '0' && *at <= '9');

		if (!letter && *at != '-' && *at != '.')
			return false;
		if ((*at == '.' && (before == '.' || before == '-')) ||
		    (*at == '-' && before == '.'))
			return false;
	}
	return before != '.' && before != '-';
}

const char *
mime_domain(const char *address)
{
	return strrchr(address, '@') + 1;
}

bool
mime_is_address(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && strlen(address) <= ADDRESS_MOST &&
	       is_local_part((struct slice){address, (size_t)(at - address)}) && is_domain(at + 1);
}

static void
add_base64(struct buf *out, const unsigned char *at, size_t len)
{
	for (size_t i = 0; i < len; i += 3) {
		unsigned three = (unsigned)at[i] << 16;
		char four[4];

		if (i + 1 < len)
			three |= (unsigned)at[i + 1] << 8;
		if (i + 2 < len)
			three |= at[i + 2];
		for (int digit = 0; digit < 4; digit++)
			four[digit] = base64_digits[three >> (18 - 6 * digit) & 63];
		if (i + 1 >= len)
			four[2] = '=';
		if (i + 2 >= len)
			four[3] = '=';
		buf_add(out, four, sizeof four);
	}
}

/* Lines of 76. The text's own line ends are CRLF in MIME's canonical form. */
void
mime_base64(struct buf *out, struct slice text)
{
	struct buf canonical = {0};

	for (size_t i = 0; i < text.len; i++)
		buf_add(&canonical, text.at[i] == '\n' ? "\r\n" : &text.at[i],
		    text.at[i] == '\n' ? 2 : 1);
	for (size_t at = 0; at < canonical.len; at += LINE_MOST / 4 * 3) {
		size_t left = canonical.len - at;

		add_base64(out, (const unsigned char *)canonical.at + at,
		    left < LINE_MOST / 4 * 3 ? left : LINE_MOST / 4 * 3);
		buf_add_text(out, "\r\n");
	}
	buf_free(&canonical);
}

/* A blank at the end of a line would be lost on the way, so that it is written out there. */
static bool
is_literal(struct slice text, size_t i)
{
	unsigned char byte = (unsigned char)text.at[i];

	if (byte == ' ' || byte == '\t')
		return i + 1 < text.len && text.at[i + 1] != '\n';
	return byte > ' ' && byte < 0x7f && byte != '=';
}

void
mime_quoted_printable(struct buf *out, struct slice text)
{
	size_t column = 0;

	for (size_t i = 0; i < text.len; i++) {
		size_t wide = is_literal(text, i) ? 1 : 3;

		if (text.at[i] == '\n') {
			buf_add_text(out, "\r\n");
			column = 0;
			continue;
		}
		/* The last column is for the "=" of a soft break. */
		if (column + wide > LINE_MOST - 1) {
			buf_add_text(out, "=\r\n");
			column = 0;
		}
		if (wide == 1)
			buf_add(out, &text.at[i], 1);
		else
			buf_printf(out, "=%02X", (unsigned char)text.at[i]);
		column += wide;
	}
	if (column > 0)
		buf_add_text(out, "\r\n");
}

static bool
is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] >= 0x80)
			return false;
	return true;
}

/* How many bytes of ${text} one encoded word has room for, which ends with a whole character. */
static size_t
word_piece(struct slice text, size_t room)
{
	size_t most = (room - WORD_FRAME) / 4 * 3, len = 0;

	while (len < text.len) {
		size_t next = text_utf8_len(text.at + len, text.len - len);

		next = next == 0 ? 1 : next;
		if (len + next > most)
			break;
		len += next;
	}
	return len;
}

static void
add_encoded_words(struct buf *out, struct slice text, size_t column)
{
	while (text.len > 0) {
		size_t len = word_piece(text, WORD_MOST - column);

		buf_add_text(out, "=?UTF-8?B?");
		add_base64(out, (const unsigned char *)text.at, len);
		buf_add_text(out, "?=");
		text = (struct slice){text.at + len, text.len - len};
		if (text.len > 0)
			buf_add_text(out, "\r\n ");
		column = 1;
	}
	buf_add_text(out, "\r\n");
}

/* Folds ${text} at its blanks. It has no word that is longer than a line: must_be_encoded(). */
static void
add_folded(struct buf *out, struct slice text, size_t column)
{
	while (text.len > 0) {
		size_t word = 1;

		while (word < text.len && text.at[word] != ' ')
			word++;
		if (column + word > LINE_MOST && text.at[0] == ' ' && word > 1) {
			buf_add_text(out, "\r\n");
			column = 0;
		}
		buf_add(out, text.at, word);
		column += word;
		text = (struct slice){text.at + word, text.len - word};
	}
	buf_add_text(out, "\r\n");
}

static bool
has_long_word(struct slice text, size_t column)
{
	size_t word = column;

	for (size_t i = 0; i < text.len; i++) {
		word = text.at[i] == ' ' ? 0 : word + 1;
		if (word > LINE_MOST - 2)
			return true;
	}
	return false;
}

/* A text that looks like an encoded word is encoded, or it would be shown decoded; one with several blanks together, because a line may be folded at one of
 * them, and ends there. */
static bool
must_be_encoded(struct slice text, size_t column)
{
	return !is_ascii(text) || memmem(text.at, text.len, "=?", 2) != NULL ||
	       memmem(text.at, text.len, "  ", 2) != NULL || has_long_word(text, column) ||
	       (text.len > 0 && (text.at[0] == ' ' || text.at[text.len - 1] == ' '));
}

void
mime_header(struct buf *out, const char *name, struct slice text)
{
	struct buf line = {0};
	size_t column = strlen(name) + 2;

	buf_add_line(&line, text);
	buf_printf(out, "%s: ", name);
	text = line.at == NULL ? SLICE("") : (struct slice){line.at, line.len};
	if (must_be_encoded(text, column))
		add_encoded_words(out, text, column);
	else
		add_folded(out, text, column);
	buf_free(&line);
}

static void
add_date(struct buf *out, int64_t at)
{
	static const char days[] = "MonTueWedThuFriSatSun",
			  months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c = civil_of(at);

	buf_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
	    days + (size_t)civil_weekday(civil_day_of(at)) * 3, c.day,
	    months + (size_t)(c.month - 1) * 3, c.year, c.hour, c.minute, c.second);
}

/* All messages about one matter refer to the first of them, so that programs show them as one conversation. */
static void
add_ids(struct buf *out, const struct post_message *message, const char *domain)
{
	buf_printf(out, "Message-ID: <%s@%s>\r\n", message->id, domain);
	if (message->thread != NULL && strcmp(message->thread, message->id) != 0)
		buf_printf(out, "In-Reply-To: <%s@%s>\r\nReferences: <%s@%s>\r\n", message->thread,
		    domain, message->thread, domain);
}

/* Whichever is shorter: base64 if more than a sixth of the bytes is not ASCII, as Python's email package decides it. */
static void
add_body(struct buf *out, struct slice text)
{
	size_t others = 0;
	bool base64;

	for (size_t i = 0; i < text.len; i++)
		others += (unsigned char)text.at[i] >= 0x80;
	base64 = others > text.len / 6;
	buf_printf(
	    out, "Content-Transfer-Encoding: %s\r\n\r\n", base64 ? "base64" : "quoted-printable");
	if (base64)
		mime_base64(out, text);
	else
		mime_quoted_printable(out, text);
}

static void
add_text(struct buf *out, const struct post_message *message)
{
	struct buf text = {0};

	buf_add_lines(&text, slice_of(message->text));
	if (text.len > 0 && text.at[text.len - 1] != '\n')
		buf_add_text(&text, "\n");
	if (message->link != NULL) {
		buf_add_text(&text, "\n");
		buf_add_line(&text, slice_of(message->link));
		buf_add_text(&text, "\n");
	}
	add_body(out, (struct slice){text.at, text.len});
	buf_free(&text);
}

void
mime_write(struct buf *out, const struct post_message *message, const char *from)
{
	buf_printf(out, "From: Crisis Cover <%s>\r\nTo: <%s>\r\n", from, message->address);
	mime_header(out, "Subject", slice_of(message->subject));
	add_date(out, message->made);
	add_ids(out, message, mime_domain(from));
	buf_add_text(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n");
	if (strcmp(message->severity, "critical") == 0)
		buf_add_text(out, "Importance: high\r\nX-Priority: 1 (Highest)\r\n");
	buf_add_text(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n");
	add_text(out, message);
}
