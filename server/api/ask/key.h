/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/deed.h"
#include "server/web/server.h"

/*
 * The Idempotency-Key of a write. A client that does not know whether its request arrived sends it again
 * with the same key; it is then done only once and gets the first answer again. The database has a hash of
 * the key, and the answer encrypted with another.
 */
struct key {
	bool given;
	uint8_t hash[32], request[32], seal[32];
};

/* Whether the request has no key, or a valid one: 1 to 255 visible characters. False: it has been
 * answered 400. */
bool key_valid(struct web_exchange *exchange);

/* Computes ${key} of a request of ${account}: the hash by which its row is found, the hash of the request,
 * and the key that encrypts the answer. Wipe with key_wipe. */
void key_read(struct key *key, const char *account, struct web_exchange *exchange);
void key_wipe(struct key *key);

/* Appends ${answer} to ${out}, encrypted. */
void key_seal(const struct key *key, const struct kept_answer *answer, struct buf *out);

/* Sends the stored answer ${sealed} again. Replies 422 if ${request}, the stored hash, is that of another
 * request, and 503 if the answer cannot be decrypted. */
void key_reply_again(const struct key *key, struct web_exchange *exchange, struct slice request,
    struct slice sealed);

/* Sends ${answer}, which stays the caller's. */
void kept_answer_send(struct web_exchange *exchange, const struct kept_answer *answer);

/* Calls ${handler} for a request without a key or with a new one; a request with a key that was used is
 * answered from the record. ${ctx}: struct api. */
void key_or_handle(void *ctx, struct web_exchange *exchange, web_handler_fn *handler);
