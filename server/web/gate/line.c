/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/web/gate/parts.h"

static const struct {
	const char *name;
	enum web_method method;
} methods[] = {
    {"GET", WEB_GET},
    {"HEAD", WEB_HEAD},
    {"POST", WEB_POST},
    {"PUT", WEB_PUT},
    {"DELETE", WEB_DELETE},
    {"PATCH", WEB_PATCH},
};

/* Only for what escapes_are_whole() has accepted; an escape that is cut off would be copied as it
 * is. ${out} may be ${in}. */
size_t
gate_decode(char *out, const char *in, size_t len, bool plus_is_space)
{
	size_t put = 0;

	for (size_t i = 0; i < len; i++) {
		if (in[i] == '%' && i + 2 < len) {
			out[put++] =
			    (char)(text_hex_value(in[i + 1]) * 16 + text_hex_value(in[i + 2]));
			i += 2;
		} else {
			char c = in[i];

			if (plus_is_space && c == '+')
				c = ' ';
			out[put++] = c;
		}
	}
	return put;
}

static bool
escapes_are_whole(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '%')
			continue;
		if (len - i < 3 || text_hex_value(bytes[i + 1]) < 0 ||
		    text_hex_value(bytes[i + 2]) < 0)
			return false;
		i += 2;
	}
	return true;
}

/* Judged decoded, since handlers see it so: a control character or a broken UTF-8 sequence must not
 * pass as an escape. */
static struct gate_refusal
judge_escapes(const char *bytes, size_t len)
{
	char decoded[GATE_TARGET_MAX_BYTES];
	size_t decoded_len;

	if (!escapes_are_whole(bytes, len))
		return gate_refuse(400, "The target has a '%' without two hexadecimal digits.");
	decoded_len = gate_decode(decoded, bytes, len, false);
	for (size_t i = 0; i < decoded_len; i++)
		if ((unsigned char)decoded[i] < 0x20 || decoded[i] == 0x7f)
			return gate_refuse(400, "The target decodes to a control character.");
	if (!text_utf8_valid(decoded, decoded_len))
		return gate_refuse(400, "The target does not decode to UTF-8.");
	return GATE_FINE;
}

/* Only the origin form "/path": this server is no proxy. */
static struct gate_refusal
judge_target(const char *target, size_t len)
{
	if (len > GATE_TARGET_MAX_BYTES)
		return gate_refuse(414, "The target is longer than 2,048 bytes.");
	if (len == 0 || target[0] != '/')
		return gate_refuse(400, "The target does not start with '/'.");
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)target[i];

		if (c <= 0x20 || c >= 0x7f || c == '#')
			return gate_refuse(400, "The target has a character that must be escaped.");
	}
	return memchr(target, '%', len) == NULL ? GATE_FINE : judge_escapes(target, len);
}

static struct gate_refusal
judge_version(const char *version, size_t len, struct gate_head *head)
{
	if (len != 8 || memcmp(version, "HTTP/", 5) != 0 || version[6] != '.')
		return gate_refuse(400, "The request line does not end in HTTP/1.1.");
	if (version[5] != '1' || (version[7] != '0' && version[7] != '1'))
		return gate_refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
	head->minor = (unsigned)(version[7] - '0');
	return GATE_FINE;
}

/* Methods are case-sensitive (RFC 9110 9.1). 501, as the method is valid and merely not
 * implemented. */
static struct gate_refusal
judge_method(const char *bytes, size_t len, struct gate_head *head)
{
	if (!gate_is_token(bytes, len))
		return gate_refuse(400, "The method is no token.");
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		if (slice_is((struct slice){bytes, len}, methods[i].name)) {
			head->method = methods[i].method;
			return GATE_FINE;
		}
	}
	return gate_refuse(501, "Only GET, HEAD, POST, PUT, PATCH and DELETE are understood.");
}

static struct gate_refusal
split_query(const char *bytes, struct gate_span target, struct gate_head *head)
{
	const char *at = bytes + target.at;
	const char *mark = memchr(at, '?', target.len);
	unsigned parameters = 1;

	head->path = target;
	head->query = (struct gate_span){0};
	if (mark == NULL)
		return GATE_FINE;
	head->path.len = (uint16_t)(mark - at);
	head->query.at = (uint16_t)(mark + 1 - bytes);
	head->query.len = (uint16_t)(target.len - head->path.len - 1);
	for (const char *c = mark; c < at + target.len; c++)
		parameters += *c == '&';
	if (parameters > GATE_QUERY_MAX)
		return gate_refuse(400, "There are more than 32 query parameters.");
	return GATE_FINE;
}

/* The first and the last space are the borders: a space within the target is then seen as its
 * fault. */
struct gate_refusal
gate_judge_line(const char *bytes, size_t len, struct gate_head *head)
{
	const char *first = memchr(bytes, ' ', len);
	const char *last = memrchr(bytes, ' ', len);
	struct gate_refusal refusal;
	size_t method_len, target_len;

	if (first == NULL || first == last)
		return gate_refuse(400, "The request line is not method, target and version.");
	method_len = (size_t)(first - bytes);
	target_len = (size_t)(last - first) - 1;
	refusal = judge_method(bytes, method_len, head);
	if (refusal.status == 0)
		refusal = judge_version(last + 1, (size_t)(bytes + len - last) - 1, head);
	if (refusal.status == 0)
		refusal = judge_target(first + 1, target_len);
	if (refusal.status == 0)
		refusal = split_query(bytes,
		    (struct gate_span){(uint16_t)(method_len + 1), (uint16_t)target_len}, head);
	return refusal;
}
