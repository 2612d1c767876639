/* SPDX-License-Identifier: MIT */
#include <http_parser.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/gate/gate.h"
#include "tests/fuzz/fuzz.h"

/*
 * Bytes of a connection into the gate, in two pieces. A head that it lets through must keep its
 * promises, must be found alike from one piece or two, and http-parser must read it in the same
 * way: it is the second reader in the server, too.
 */

#define BODY_MAX 100000

static int
has_no_body(http_parser *parser)
{
	(void)parser;
	return 1;
}

static void
check_parser(const char *bytes, size_t len, const struct gate_head *head)
{
	static const http_parser_settings settings = {.on_headers_complete = has_no_body};
	http_parser parser;

	http_parser_init(&parser, HTTP_REQUEST);
	INVARIANT(http_parser_execute(&parser, &settings, bytes, len) == len);
	INVARIANT(HTTP_PARSER_ERRNO(&parser) == HPE_OK);
	INVARIANT(parser.http_major == 1 && parser.http_minor == head->minor);
	INVARIANT(((parser.flags & F_CHUNKED) != 0) == head->chunked);
	INVARIANT(parser.content_length == (head->has_length ? head->length : UINT64_MAX));
}

static void
check_head(const char *bytes, size_t len, const struct gate_head *head)
{
	char decoded[GATE_TARGET_MAX_BYTES];
	size_t decoded_len;

	INVARIANT(head->method != 0 && head->field_count <= GATE_FIELDS_MAX);
	INVARIANT(head->path.len > 0 && bytes[head->path.at] == '/');
	INVARIANT((size_t)head->path.at + head->path.len <= len);
	INVARIANT((size_t)head->query.at + head->query.len <= len);
	INVARIANT(head->host.len > 0 && (size_t)head->host.at + head->host.len <= len);
	INVARIANT(!(head->chunked && head->has_length));
	for (unsigned i = 0; i < head->field_count; i++)
		INVARIANT((size_t)head->fields[i].value.at + head->fields[i].value.len <= len);
	decoded_len = gate_decode(decoded, bytes + head->path.at, head->path.len, false);
	INVARIANT(decoded_len <= head->path.len && text_utf8_valid(decoded, decoded_len));
	check_parser(bytes, len, head);
}

/* The length of the head, 0 if it was refused or is not whole. */
static size_t
through_gate(const char *bytes, size_t len, size_t cut, struct gate_head *head)
{
	size_t scanned = 0, head_len = 0;
	struct gate_refusal refusal = gate_find_end(bytes, cut, &scanned, &head_len);

	if (refusal.status == 0 && head_len == 0)
		refusal = gate_find_end(bytes, len, &scanned, &head_len);
	if (refusal.status != 0 || head_len == 0)
		return 0;
	return gate_judge(bytes, head_len, head).status == 0 ? head_len : 0;
}

static unsigned
through_chunks(const char *bytes, size_t len, size_t cut, struct gate_chunks *chunks)
{
	size_t used = 0, more = 0;
	struct gate_refusal refusal = gate_take_chunks(chunks, bytes, cut, BODY_MAX, &used);

	INVARIANT(used <= cut);
	if (refusal.status == 0 && !chunks->done)
		refusal = gate_take_chunks(chunks, bytes + cut, len - cut, BODY_MAX, &more);
	INVARIANT(more <= len - cut);
	return refusal.status;
}

static void
check_chunks(const char *bytes, size_t len, size_t cut)
{
	struct gate_chunks one = {0}, two = {0};
	unsigned first = through_chunks(bytes, len, len, &one);
	unsigned second = through_chunks(bytes, len, cut, &two);

	INVARIANT(first == second && one.done == two.done && one.total == two.total);
	INVARIANT(first != 0 || one.total <= BODY_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	const char *bytes = (const char *)input;
	size_t cut = len == 0 ? 0 : input[len - 1] % (len + 1);
	struct gate_head head, again;
	size_t head_len = through_gate(bytes, len, len, &head);

	INVARIANT(through_gate(bytes, len, cut, &again) == head_len);
	if (head_len > 0)
		check_head(bytes, head_len, &head);
	check_chunks(bytes + head_len, len - head_len, cut < len - head_len ? cut : 0);
	return 0;
}
