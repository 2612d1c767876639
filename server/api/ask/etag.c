/* SPDX-License-Identifier: MIT */
#include "server/api/ask/etag.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>

#include "server/base/text.h"

#define HASH_BYTES 16

void
etag_of(const void *bytes, size_t len, char out[ETAG_MAX])
{
	uint8_t hash[HASH_BYTES];
	char hex[HASH_BYTES * 2 + 1];

	crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
	text_hex(hash, sizeof hash, hex);
	snprintf(out, ETAG_MAX, "\"%s\"", hex);
}

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
