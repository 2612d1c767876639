/* SPDX-License-Identifier: MIT */
#include "server/api/ask/etag.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "server/base/breath.h"
#include "server/base/text.h"

#define HASH_BYTES 16
#define HASHED_AT_ONCE ((size_t)64 << 10) /* some 60 microseconds */

/* Of the bytes of the answer: equal bytes are the same answer, wherever they were made. 128 bits
 * are enough, since nobody gains by a collision in an answer of their own. */
void
etag_of(const void *bytes, size_t len, char out[ETAG_MAX])
{
	uint8_t hash[HASH_BYTES];
	crypto_generichash_state state;
	char hex[HASH_BYTES * 2 + 1];

	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	for (size_t at = 0; at < len; at += HASHED_AT_ONCE) {
		crypto_generichash_update(&state, (const uint8_t *)bytes + at,
		    len - at < HASHED_AT_ONCE ? len - at : HASHED_AT_ONCE);
		breath();
	}
	crypto_generichash_final(&state, hash, sizeof hash);
	text_hex(hash, sizeof hash, hex);
	snprintf(out, ETAG_MAX, "\"%s\"", hex);
}

/* "private": the answer depends on who asks, so that no shared cache may keep it. "no-cache": a
 * browser asks again each time, which costs a 304. */
struct web_answer
etag_answer(const char *etag)
{
	return (struct web_answer){
	    .status = 200,
	    .type = "application/json",
	    .cache_control = "private, no-cache",
	    .etag = etag,
	};
}

int64_t
etag_number(struct web_exchange *exchange, const char *kind)
{
	struct slice tag = slice_trim(web_header(exchange, "if-match"));
	size_t len = strlen(kind);
	int64_t number;

	if (tag.at == NULL)
		return 0;
	/* Both quotes, the kind and a digit at least. */
	if (tag.len < len + 3 || tag.at[0] != '"' || tag.at[tag.len - 1] != '"' ||
	    memcmp(tag.at + 1, kind, len) != 0 ||
	    !text_int((struct slice){tag.at + 1 + len, tag.len - len - 2}, 1, INT64_MAX, &number))
		return -1;
	return number;
}
