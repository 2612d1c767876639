/* SPDX-License-Identifier: MIT */
#include "server/web/gate/gate.h"

#include <string.h>

/* The whole head; the request line is in line.c, what the fields mean in fields.c. */
#include "server/web/gate/parts.h"

struct gate_refusal
gate_refuse(unsigned status, const char *detail)
{
	return (struct gate_refusal){status, detail};
}

bool
gate_is_token(const char *bytes, size_t len)
{
	/* RFC 9110 5.6.2: letters, digits and !#$%&'*+-.^_`|~ as bits of 0x00-0x3f and 0x40-0x7f.
	 */
	static const uint64_t low = 0x03ff6cfa00000000, high = 0x57ffffffc7fffffe;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c >= 0x80 || ((c < 0x40 ? low >> c : high >> (c - 0x40)) & 1) == 0)
			return false;
	}
	return len > 0;
}

/* Of a head that is not whole yet: refuses it if it cannot become a valid one. */
static struct gate_refusal
judge_unfinished(const char *bytes, size_t len)
{
	if (len > 0 && (bytes[0] == '\r' || bytes[0] == '\n'))
		return gate_refuse(400, "The request starts with an empty line.");
	if (len > GATE_TARGET_MAX_BYTES + 32 && memchr(bytes, '\n', len) == NULL)
		return gate_refuse(414, "The target is longer than 2,048 bytes.");
	if (len >= GATE_HEAD_MAX_BYTES)
		return gate_refuse(431, "The head is longer than 16 KiB.");
	return GATE_FINE;
}

/* Continues at *scanned, so that a head that comes byte by byte is searched once and not once for
 * each byte. */
struct gate_refusal
gate_find_end(const char *bytes, size_t len, size_t *scanned, size_t *head_len)
{
	size_t limit = len < GATE_HEAD_MAX_BYTES ? len : GATE_HEAD_MAX_BYTES;
	const char *lf;

	*head_len = 0;
	while (
	    *scanned < limit && (lf = memchr(bytes + *scanned, '\n', limit - *scanned)) != NULL) {
		size_t at = (size_t)(lf - bytes);

		/* A bare line feed ends a line for some readers only. */
		if (at == 0 || bytes[at - 1] != '\r')
			return gate_refuse(400, "A line ends without a carriage return.");
		if (at >= 3 && bytes[at - 2] == '\n') {
			*head_len = at + 1;
			return GATE_FINE;
		}
		*scanned = at + 1;
	}
	return judge_unfinished(bytes, len);
}

/* Bytes from 0x80 on are let through; their meaning is the handler's business. */
static bool
is_value(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* One line without its CRLF, at offset ${at} of the head. A space before the colon is refused as
 * part of the name: some readers strip it and some do not (RFC 9112 5.1). */
static struct gate_refusal
judge_field(const char *bytes, size_t at, size_t len, struct gate_head *head)
{
	const char *line = bytes + at;
	const char *colon = memchr(line, ':', len);
	struct slice value;

	if (line[0] == ' ' || line[0] == '\t')
		return gate_refuse(400, "A header is folded over two lines.");
	if (colon == NULL || !gate_is_token(line, (size_t)(colon - line)))
		return gate_refuse(400, "A header's name is empty or has a forbidden character.");
	value = slice_trim((struct slice){colon + 1, (size_t)(line + len - colon - 1)});
	if (!is_value(value.at, value.len))
		return gate_refuse(400, "A header's value has a control character.");
	if (head->field_count == GATE_FIELDS_MAX)
		return gate_refuse(431, "There are more than 64 headers.");
	head->fields[head->field_count++] = (struct gate_pair){
	    .name = {(uint16_t)at, (uint16_t)(colon - line)},
	    .value = {(uint16_t)(value.at - bytes), (uint16_t)value.len},
	};
	return GATE_FINE;
}

/* The head ends with CRLF CRLF, which gate_find_end() has found, so that each line has its end. */
static struct gate_refusal
judge_fields(const char *bytes, size_t at, size_t len, struct gate_head *head)
{
	struct gate_refusal refusal;

	while (at < len - 2) {
		const char *lf = memchr(bytes + at, '\n', len - at);
		size_t line_len = (size_t)(lf - bytes) - 1 - at;

		refusal = judge_field(bytes, at, line_len, head);
		if (refusal.status != 0)
			return refusal;
		at += line_len + 2;
	}
	return gate_judge_meaning(bytes, head);
}

/* Every value is reset first, because the same structure serves all requests of a connection. */
struct gate_refusal
gate_judge(const char *bytes, size_t len, struct gate_head *head)
{
	struct gate_refusal refusal;
	const char *lf = memchr(bytes, '\n', len);
	size_t line_len = (size_t)(lf - bytes) - 1;

	head->method = 0;
	head->field_count = 0;
	head->length = 0;
	head->has_length = head->chunked = head->expects = false;
	refusal = gate_judge_line(bytes, line_len, head);
	if (refusal.status != 0)
		return refusal;
	return judge_fields(bytes, line_len + 2, len, head);
}
