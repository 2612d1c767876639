/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/web/gate/parts.h"

/* Fields of which a second one, even if equal, lets two readers choose differently. */
enum single {
	SINGLE_HOST,
	SINGLE_CONTENT_LENGTH,
	SINGLE_TRANSFER_ENCODING,
	SINGLE_EXPECT,
	SINGLE_AUTHORIZATION,
	SINGLE_COOKIE,
	SINGLE_ORIGIN,
	SINGLE_CONTENT_TYPE,
	SINGLE_IF_NONE_MATCH,
	SINGLE_COUNT
};

static const struct {
	const char *name;
	size_t len;
} singles_known[SINGLE_COUNT] = {
    [SINGLE_HOST] = {"host", 4},
    [SINGLE_CONTENT_LENGTH] = {"content-length", 14},
    [SINGLE_TRANSFER_ENCODING] = {"transfer-encoding", 17},
    [SINGLE_EXPECT] = {"expect", 6},
    [SINGLE_AUTHORIZATION] = {"authorization", 13},
    [SINGLE_COOKIE] = {"cookie", 6},
    [SINGLE_ORIGIN] = {"origin", 6},
    [SINGLE_CONTENT_TYPE] = {"content-type", 12},
    [SINGLE_IF_NONE_MATCH] = {"if-none-match", 13},
};

static struct slice
slice_at(const char *bytes, struct gate_span span)
{
	return (struct slice){bytes + span.at, span.len};
}

/* "close" and "keep-alive" in a list of options. Other options name headers that a proxy must not
 * pass on, and this is no proxy. Keep-alive need not be understood: HTTP/1.1 has it without saying
 * so, and for HTTP/1.0 the connection is closed. */
static void
take_connection(struct slice list, struct gate_head *head)
{
	while (list.len > 0) {
		const char *comma = memchr(list.at, ',', list.len);
		size_t len = comma == NULL ? list.len : (size_t)(comma - list.at);
		struct slice option = slice_trim((struct slice){list.at, len});

		if (slice_is_nocase(option, "close"))
			head->keep_alive = false;
		list.at += len + (comma != NULL);
		list.len -= len + (comma != NULL);
	}
}

/* Sorts the fields that count into ${singles} (by length first: most fields are none of them). */
static bool
collect(const char *bytes, struct gate_head *head, const struct gate_pair *singles[SINGLE_COUNT])
{
	for (unsigned i = 0; i < head->field_count; i++) {
		struct slice name = slice_at(bytes, head->fields[i].name);

		if (name.len == 10 && slice_is_nocase(name, "connection"))
			take_connection(slice_at(bytes, head->fields[i].value), head);
		for (int one = 0; one < SINGLE_COUNT; one++) {
			if (name.len != singles_known[one].len ||
			    !slice_is_nocase(name, singles_known[one].name))
				continue;
			if (singles[one] != NULL)
				return false;
			singles[one] = &head->fields[i];
		}
	}
	return true;
}

/* Underscores are no part of a host name, but they occur in internal ones. */
static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-' || c == '_';
}

/* The length of the name or address in front of an optional port; 0 if there is none. */
static size_t
host_name_len(struct slice host)
{
	size_t len = 0;

	if (host.len > 0 && host.at[0] == '[') {
		for (len = 1; len < host.len && host.at[len] != ']'; len++)
			if (strchr("0123456789abcdefABCDEF:.", host.at[len]) == NULL)
				return 0;
		return len > 2 && len < host.len ? len + 1 : 0;
	}
	while (len < host.len && is_name_char(host.at[len]))
		len++;
	return len;
}

/* RFC 9112 3.2: exactly one Host in each request, or 400. HTTP/1.0 is not excepted. */
static struct gate_refusal
judge_host(const char *bytes, const struct gate_pair *field, struct gate_head *head)
{
	struct slice host = field == NULL ? SLICE("") : slice_at(bytes, field->value);
	size_t len = host_name_len(host);
	int64_t port;

	if (field == NULL)
		return gate_refuse(400, "There is no Host header.");
	if (len == 0 || len > 255)
		return gate_refuse(400, "The Host header is no host name or address.");
	if (len < host.len &&
	    (host.at[len] != ':' ||
		!text_int((struct slice){host.at + len + 1, host.len - len - 1}, 0, 65535, &port)))
		return gate_refuse(400, "The Host header's port is no port.");
	head->host = (struct gate_span){field->value.at, (uint16_t)len};
	return GATE_FINE;
}

/* Digits only: "+5", "5, 5" and "0x5" are numbers to some readers. A longer number than ten digits
 * is larger than any limit here. */
static struct gate_refusal
judge_length(struct slice value, struct gate_head *head)
{
	int64_t length;

	if (value.len == 0)
		return gate_refuse(400, "Content-Length is empty.");
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] < '0' || value.at[i] > '9')
			return gate_refuse(400, "Content-Length is no number.");
	if (value.len > 10 || !text_int(value, 0, INT64_MAX, &length))
		return gate_refuse(413, "The body is too large.");
	head->has_length = true;
	head->length = (uint64_t)length;
	return GATE_FINE;
}

/* A tab between the value and the end of the line is a blank to RFC 9112 5.1, and to other readers a part of the value. */
static bool
has_tab_after(const char *bytes, struct gate_span value)
{
	const char *at = bytes + value.at + value.len;

	while (*at == ' ')
		at++;
	return *at == '\t';
}

/* "Transfer-Encoding" and more: to some readers, the second one of this server among them, that is the header itself. */
static bool
has_longer_encoding(const char *bytes, const struct gate_head *head)
{
	static const char name[] = "transfer-encoding";
	static const size_t len = sizeof name - 1;

	for (unsigned i = 0; i < head->field_count; i++) {
		struct gate_span field = head->fields[i].name;

		if (field.len > len && slice_is_nocase((struct slice){bytes + field.at, len}, name))
			return true;
	}
	return false;
}

/* If a body's end could be read in two ways the request is refused, instead of giving one of the
 * headers precedence as RFC 9112 6.3 allows. */
static struct gate_refusal
judge_framing(const char *bytes, const struct gate_pair *length, const struct gate_pair *encoding,
    struct gate_head *head)
{
	struct gate_refusal refusal = GATE_FINE;

	if (encoding != NULL && length != NULL)
		return gate_refuse(
		    400, "Content-Length and Transfer-Encoding contradict each other.");
	if ((encoding != NULL || length != NULL) && has_longer_encoding(bytes, head))
		return gate_refuse(400, "A header's name is Transfer-Encoding and more.");
	if (encoding != NULL && (!slice_is(slice_at(bytes, encoding->value), "chunked") ||
				    has_tab_after(bytes, encoding->value)))
		return gate_refuse(400, "The only transfer encoding taken here is \"chunked\".");
	if (encoding != NULL && head->minor == 0)
		return gate_refuse(400, "HTTP/1.0 has no transfer encodings.");
	head->chunked = encoding != NULL;
	if (length != NULL && has_tab_after(bytes, length->value))
		return gate_refuse(400, "Content-Length is no number.");
	if (length != NULL)
		refusal = judge_length(slice_at(bytes, length->value), head);
	if (refusal.status == 0 && (head->chunked || head->length > 0) &&
	    (head->method & (WEB_GET | WEB_HEAD | WEB_DELETE)) != 0)
		return gate_refuse(400, "A GET, HEAD or DELETE request has no body here.");
	return refusal;
}

/* An expectation that is not met must be refused, since the client depends on it (RFC 9110
 * 10.1.1). */
static struct gate_refusal
judge_expectation(const char *bytes, const struct gate_pair *field, struct gate_head *head)
{
	if (field == NULL)
		return GATE_FINE;
	if (!slice_is_nocase(slice_at(bytes, field->value), "100-continue"))
		return gate_refuse(417, "The only expectation met here is 100-continue.");
	/* RFC 9110 10.1.1: from an HTTP/1.0 client it is ignored. */
	head->expects = head->minor == 1;
	return GATE_FINE;
}

struct gate_refusal
gate_judge_meaning(const char *bytes, struct gate_head *head)
{
	const struct gate_pair *singles[SINGLE_COUNT] = {0};
	struct gate_refusal refusal;

	head->keep_alive = head->minor == 1;
	if (!collect(bytes, head, singles))
		return gate_refuse(400, "A header that may be given once is given twice.");
	refusal = judge_host(bytes, singles[SINGLE_HOST], head);
	if (refusal.status == 0)
		refusal = judge_framing(
		    bytes, singles[SINGLE_CONTENT_LENGTH], singles[SINGLE_TRANSFER_ENCODING], head);
	if (refusal.status == 0)
		refusal = judge_expectation(bytes, singles[SINGLE_EXPECT], head);
	return refusal;
}
