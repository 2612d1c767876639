/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/text.h"
#include "server/web/server.h"

/*
 * The gate: decides on the raw bytes of a request's head whether it can be read in one way only,
 * before any parser is believed. Pure; for this folder and its tests.
 *
 * Let through: method SP target SP HTTP/1.0|1.1 CRLF, then fields of token ":" value CRLF, then
 * CRLF. Refused:
 *
 *   400  a bare LF or CR; an empty line before the request; folded fields; an empty or non-token
 *        name; space before the colon; NUL and control bytes;
 *        more than one of Host, Content-Length, Transfer-Encoding, Authorization, Cookie, Origin,
 *        Content-Type, Expect or If-None-Match; no Host or a bad one;
 *        Content-Length that is not 1 to 10 digits; Transfer-Encoding that is not exactly
 *        "chunked"; both, or with HTTP/1.0; a body with GET, HEAD or DELETE;
 *        a target that does not start with '/', has bytes outside 0x21 to 0x7e or a '#', a wrong
 *        percent escape, or that decodes to a control byte or to bad UTF-8;
 *        more than 32 query parameters
 *   413  Content-Length over ten digits
 *   414  target over 2,048 bytes
 *   417  an expectation other than 100-continue
 *   431  head over 16 KiB, more than 64 fields
 *   501  other methods than GET, HEAD, POST, PUT, DELETE, PATCH
 *   505  other versions
 */
#define GATE_HEAD_MAX_BYTES 16384
#define GATE_TARGET_MAX_BYTES 2048
#define GATE_FIELDS_MAX 64
#define GATE_QUERY_MAX 32

/* Why not; status 0: no objection. ${detail} is a sentence, static. */
struct gate_refusal {
	unsigned status;
	const char *detail;
};

/* Places in the head, so that the head may move. */
struct gate_span {
	uint16_t at, len;
};

struct gate_pair {
	struct gate_span name, value;
};

struct gate_head {
	enum web_method method;
	unsigned minor; /* of HTTP/1.x */
	struct gate_span path, query, host;
	struct gate_pair fields[GATE_FIELDS_MAX];
	unsigned field_count;
	uint64_t length; /* of Content-Length, 0 without */
	bool has_length, chunked, expects, keep_alive;
};

/*
 * Whether the head at ${bytes} is whole: *head_len is its length, 0 if more is needed. ${scanned}
 * remembers where to continue; start with 0. Refuses early what can never become a head.
 */
struct gate_refusal gate_find_end(const char *bytes, size_t len, size_t *scanned, size_t *head_len);

/* Judges the ${len} bytes of a whole head. ${head} may be half written if refused; its method is
 * set if it was readable. */
struct gate_refusal gate_judge(const char *bytes, size_t len, struct gate_head *head);

/* Percent-decodes what the gate let through; ${out} may be ${in}. Answers the length. */
size_t gate_decode(char *out, const char *in, size_t len, bool plus_is_space);

/*
 * Chunked bodies, byte for byte: hexadecimal size of 1 to 8 digits, CRLF, data, CRLF; no
 * extensions, no trailers. Start with {0}.
 */
struct gate_chunks {
	unsigned state;
	uint32_t left;
	unsigned digits;
	uint64_t total; /* data bytes so far */
	bool done;
};

/* Takes what belongs to the body from ${bytes}; *used is set to how many bytes that was. Refuses a
 * body past ${max} bytes with 413. */
struct gate_refusal gate_take_chunks(
    struct gate_chunks *chunks, const char *bytes, size_t len, uint64_t max, size_t *used);
