/* SPDX-License-Identifier: MIT */
#include "server/web/gate/parts.h"

/* The frames of a chunked body (RFC 9112 7.1), as strictly as the rest of the gate: no extensions,
 * no trailers, CRLF only. Proxies disagree about all of these, which is what request smuggling
 * lives on. */

enum { CHUNK_SIZE, CHUNK_SIZE_LF, CHUNK_DATA, CHUNK_CR, CHUNK_LF, CHUNK_END_CR, CHUNK_END_LF };

#define CHUNK_DIGITS_MAX 8

/* A byte of the size line. Eight digits fit 32 bits, so that the size cannot overflow. A size
 * without digits is refused. */
static bool
take_size(struct gate_chunks *chunks, char c)
{
	int digit = text_hex_value(c);

	if (c == '\r' && chunks->digits > 0) {
		chunks->state = CHUNK_SIZE_LF;
		return true;
	}
	if (digit < 0 || chunks->digits == CHUNK_DIGITS_MAX)
		return false;
	chunks->left = chunks->left * 16 + (uint32_t)digit;
	chunks->digits++;
	return true;
}

/* A byte that must be ${want}. */
static bool
take_exactly(struct gate_chunks *chunks, char c, char want, unsigned next)
{
	chunks->state = next;
	return c == want;
}

/* Any byte but data; false if it may not be there. */
static bool
take_frame(struct gate_chunks *chunks, char c)
{
	switch (chunks->state) {
	case CHUNK_SIZE:
		return take_size(chunks, c);
	case CHUNK_SIZE_LF:
		return take_exactly(chunks, c, '\n', chunks->left > 0 ? CHUNK_DATA : CHUNK_END_CR);
	case CHUNK_CR:
		return take_exactly(chunks, c, '\r', CHUNK_LF);
	case CHUNK_LF:
		chunks->digits = 0;
		return take_exactly(chunks, c, '\n', CHUNK_SIZE);
	case CHUNK_END_CR:
		return take_exactly(chunks, c, '\r', CHUNK_END_LF);
	default:
		chunks->done = true;
		return c == '\n';
	}
}

/* Takes all data that are here at once, and not byte by byte. */
static size_t
take_data(struct gate_chunks *chunks, size_t len)
{
	size_t taken = len < chunks->left ? len : chunks->left;

	chunks->left -= (uint32_t)taken;
	if (chunks->left == 0)
		chunks->state = CHUNK_CR;
	return taken;
}

struct gate_refusal
gate_take_chunks(
    struct gate_chunks *chunks, const char *bytes, size_t len, uint64_t max, size_t *used)
{
	size_t i = 0;

	while (i < len && !chunks->done) {
		if (chunks->state == CHUNK_DATA) {
			i += take_data(chunks, len - i);
			continue;
		}
		if (!take_frame(chunks, bytes[i++]))
			return gate_refuse(400, "The chunks of the body are not well formed.");
		/* The size has just been read: too large a body is refused before any of it is
		 * taken. */
		if (chunks->state == CHUNK_SIZE_LF) {
			chunks->total += chunks->left;
			if (chunks->total > max)
				return gate_refuse(413, "The body is too large.");
		}
	}
	*used = i;
	return GATE_FINE;
}
