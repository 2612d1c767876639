/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/deed.h"
#include "server/web/server.h"

/*
 * An Idempotency-Key: by it a write that is asked for again is known, done once, and answered as
 * the first time. The database knows its hash, and keeps the answer sealed with it.
 */
struct key {
	bool given;
	uint8_t hash[32], request[32], seal[32];
};

/* Whether the request has a key and it is one: 1 to 255 visible characters. False: answered 400. */
bool key_valid(struct web_exchange *exchange);

/* The key of a request of ${account}, and what it is asked with. */
void key_read(struct key *key, const char *account, struct web_exchange *exchange);
void key_wipe(struct key *key);

void key_seal(const struct key *key, const struct kept_answer *answer, struct buf *out);

/* Answers as the first time; 422 if ${request} was another one. */
void key_reply_again(const struct key *key, struct web_exchange *exchange, struct slice request,
    struct slice sealed);

void kept_answer_send(struct web_exchange *exchange, const struct kept_answer *answer);

/* Runs ${handler} for a request without a key, or with one that is new; else it is answered.
 * ${ctx}: struct api. */
void key_or_handle(void *ctx, struct web_exchange *exchange, web_handler_fn *handler);
