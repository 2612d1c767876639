/* SPDX-License-Identifier: MIT */
#include "server/api/ask/key.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/base/fatal.h"

/* An Idempotency-Key makes a write safe to repeat: the first answer is kept and sent again. Answers
 * may have tokens or names in them, so that they are sealed with a key that is derived from the
 * Idempotency-Key, which only the client has: the database alone does not give them away. */

#define HEADER "idempotency-key"
#define KEY_MAX_BYTES 255
#define NONCE crypto_secretbox_NONCEBYTES
#define MAC crypto_secretbox_MACBYTES

/* The sealed bytes: the status and the length of the extra lines, then those, then the body. */
struct sealed_head {
	uint32_t status, extra_len;
};

bool
key_valid(struct web_exchange *exchange)
{
	struct slice text = web_header(exchange, HEADER);
	bool fine = text.at == NULL || (text.len > 0 && text.len <= KEY_MAX_BYTES);

	for (size_t i = 0; fine && i < text.len; i++)
		fine = text.at[i] > ' ' && text.at[i] < 0x7f;
	if (!fine)
		problem_reply(exchange, 400,
		    "An Idempotency-Key is 1 to 255 visible ASCII characters without spaces: a new random one for each change.");
	return fine;
}

/* With the length before the bytes, so that two parts cannot be divided in two ways. */
static void
add(crypto_hash_sha256_state *state, struct slice bytes)
{
	uint64_t len = bytes.len;

	crypto_hash_sha256_update(state, (const uint8_t *)&len, sizeof len);
	crypto_hash_sha256_update(state, (const uint8_t *)bytes.at, bytes.len);
}

/* Each use of the key has a hash of its own, so that the one in the database does not give away
 * the other. */
static void
derive(const char *use, const char *account, struct slice text, uint8_t out[32])
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	add(&state, slice_of(use));
	add(&state, slice_of(account));
	add(&state, text);
	crypto_hash_sha256_final(&state, out);
}

/* The request's hash shows whether a key that was used before comes with the same request. The
 * account is part of both derived values: two accounts may use the same key. */
void
key_read(struct key *key, const char *account, struct web_exchange *exchange)
{
	struct slice text = web_header(exchange, HEADER);
	uint8_t method = (uint8_t)web_method(exchange);
	crypto_hash_sha256_state state;

	*key = (struct key){.given = text.at != NULL};
	if (!key->given)
		return;
	derive("find", account, text, key->hash);
	derive("seal", account, text, key->seal);
	crypto_hash_sha256_init(&state);
	/* The database keeps this hash. With the client's key in it nobody can try out which request it
	 * is of, such as one with a feed's address. */
	crypto_hash_sha256_update(&state, key->seal, sizeof key->seal);
	/* The method counts as well: a DELETE with the key of a POST is another request. */
	crypto_hash_sha256_update(&state, &method, 1);
	add(&state, web_path(exchange));
	add(&state, web_query_bytes(exchange));
	add(&state, web_body(exchange));
	crypto_hash_sha256_final(&state, key->request);
}

void
key_wipe(struct key *key)
{
	sodium_memzero(key, sizeof *key);
}

void
key_seal(const struct key *key, const struct kept_answer *answer, struct buf *out)
{
	struct sealed_head head = {answer->status, (uint32_t)answer->extra.len};
	uint8_t nonce[NONCE];
	struct buf plain = {0};
	char *sealed;

	buf_add(&plain, (const char *)&head, sizeof head);
	buf_add(&plain, answer->extra.at, answer->extra.len);
	buf_add(&plain, answer->body.at, answer->body.len);
	randombytes_buf(nonce, sizeof nonce);
	sealed = xmalloc(plain.len + MAC);
	crypto_secretbox_easy(
	    (uint8_t *)sealed, (const uint8_t *)plain.at, plain.len, nonce, key->seal);
	buf_add(out, (const char *)nonce, sizeof nonce);
	buf_add(out, sealed, plain.len + MAC);
	/* The sealed bytes go to the database; the plain ones hold what a token or a name may
	 * be. */
	sodium_memzero(plain.at, plain.len);
	buf_free(&plain);
	free(sealed);
}

/* False: it was not sealed with this key. */
static bool
unseal(const struct key *key, struct slice sealed, struct kept_answer *out)
{
	struct sealed_head head;
	size_t len;
	char *plain;
	bool fine;

	/* Checked before the lengths are used: the bytes come from the database. */
	if (sealed.len < NONCE + MAC + sizeof head)
		return false;
	len = sealed.len - NONCE - MAC;
	plain = xmalloc(len);
	fine = crypto_secretbox_open_easy((uint8_t *)plain, (const uint8_t *)sealed.at + NONCE,
		   sealed.len - NONCE, (const uint8_t *)sealed.at, key->seal) == 0;
	if (fine) {
		memcpy(&head, plain, sizeof head);
		out->status = head.status;
		buf_add(&out->extra, plain + sizeof head, head.extra_len);
		buf_add(&out->body, plain + sizeof head + head.extra_len,
		    len - sizeof head - head.extra_len);
		sodium_memzero(plain, len);
	}
	free(plain);
	return fine;
}

void
kept_answer_send(struct web_exchange *exchange, const struct kept_answer *answer)
{
	web_reply(
	    exchange, &(struct web_answer){
			  .status = answer->status,
			  .type = answer->body.len > 0 ? "application/json" : NULL,
			  .extra = answer->extra.len > 0 ? answer->extra.at : NULL,
			  .body = {answer->body.len > 0 ? answer->body.at : "", answer->body.len},
		      });
}

void
key_reply_again(
    const struct key *key, struct web_exchange *exchange, struct slice request, struct slice sealed)
{
	struct kept_answer answer = {0};

	/* A client that reuses a key by mistake must not get another request's answer for done. */
	if (request.len != sizeof key->request ||
	    memcmp(request.at, key->request, request.len) != 0) {
		problem_reply(exchange, 422,
		    "This Idempotency-Key came with another request before: use a new one for each change.");
		return;
	}
	if (unseal(key, sealed, &answer))
		kept_answer_send(exchange, &answer);
	else
		problem_reply(exchange, 503, "The first answer cannot be read any more.");
	buf_free(&answer.extra);
	buf_free(&answer.body);
}

/* ----------------------------------------------------------------- before the handler is called */

struct looking {
	struct key key;
	web_handler_fn *handler;
};

/* The job ends before the handler is called, since the handler begins one of its own. */
static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct looking *looking = job->data;
	struct web_exchange *exchange = job->ask.exchange;
	web_handler_fn *handler = looking->handler;
	struct api *api = job->ask.api;
	bool known = pg_rows_count(rows) == 1 && !pg_is_null(rows, 0, API_ANSWER_FIND_ANSWER);

	(void)st;
	if (known)
		key_reply_again(&looking->key, exchange,
		    pg_get_bytes(rows, 0, API_ANSWER_FIND_REQUEST),
		    pg_get_bytes(rows, 0, API_ANSWER_FIND_ANSWER));
	key_wipe(&looking->key);
	job_end(job);
	if (!known)
		handler(api, exchange);
}

/* The kept answer is searched for before the handler reads the request: a repeated request may be
 * refused by now, such as for its If-Match, although the first one was made. */
void
key_or_handle(void *ctx, struct web_exchange *exchange, web_handler_fn *handler)
{
	struct pg_args args = {0};
	struct looking *looking;
	struct job *job;
	struct ask ask;

	if (!key_valid(exchange))
		return;
	if (web_header(exchange, HEADER).at == NULL) {
		handler(ctx, exchange);
		return;
	}
	/* No right is needed yet: a kept answer is found by the account that made it, and
	 * the handler asks for the right. */
	if (!ask_begin(&ask, ctx, exchange, RIGHT_READ))
		return;
	job = job_new(&ask, sizeof *looking);
	looking = job->data;
	looking->handler = handler;
	key_read(&looking->key, ask.account->name, exchange);
	pg_text(&args, ask.account->name);
	pg_bytea(&args, looking->key.hash, sizeof looking->key.hash);
	job_call(job, &API_ANSWER_FIND, &args, on_found);
}
