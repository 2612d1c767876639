/* SPDX-License-Identifier: MIT */
#include "server/api/ask/token.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

#include "server/base/fatal.h"

/* A fixed prefix lets tools that look for secrets in text and repositories recognize a token. */
#define PREFIX "cc_"
#define LINK_PREFIX "cl_"
#define PREFIX_LEN 3
#define SECRET_AT (PREFIX_LEN + TOKEN_ID_LEN + 1)

static const char id_letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";

_Static_assert(sizeof(((struct token *)0)->sha256) == crypto_hash_sha256_BYTES, "SHA-256");

/* The id is public: it is in lists and in the log. The secret follows it in the token. */
void
token_id_make(char out[TOKEN_ID_LEN + 1])
{
	for (size_t i = 0; i < TOKEN_ID_LEN; i++)
		out[i] = id_letters[randombytes_uniform(sizeof id_letters - 1)];
	out[TOKEN_ID_LEN] = '\0';
}

static void
make(struct token_made *out, const char *prefix)
{
	uint8_t secret[32];

	memcpy(out->text, prefix, PREFIX_LEN);
	token_id_make(out->id);
	memcpy(out->text + PREFIX_LEN, out->id, TOKEN_ID_LEN);
	out->text[SECRET_AT - 1] = '_';
	randombytes_buf(secret, sizeof secret);
	INVARIANT(sodium_bin2base64(out->text + SECRET_AT, TOKEN_LEN - SECRET_AT + 1, secret,
		      sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != NULL);
	sodium_memzero(secret, sizeof secret);
	crypto_hash_sha256(out->sha256, (const uint8_t *)out->text, TOKEN_LEN);
}

void
token_make(struct token_made *out)
{
	make(out, PREFIX);
}

void
token_make_link(struct token_made *out)
{
	make(out, LINK_PREFIX);
}

void
token_wipe(struct token_made *made)
{
	sodium_memzero(made, sizeof *made);
}

bool
token_id_valid(struct slice id)
{
	if (id.len != TOKEN_ID_LEN)
		return false;
	for (size_t i = 0; i < id.len; i++)
		/* strchr() finds the terminating zero as well. */
		if (id.at[i] == '\0' || strchr(id_letters, id.at[i]) == NULL)
			return false;
	return true;
}

const struct token *
token_goes_on(const struct accounts *accounts, const char *id, int64_t now)
{
	const struct token *token = accounts_token(accounts, id);

	return token == NULL || token->expires_at <= now ? NULL : token;
}

/* The same as crypto_hash_sha256(), by OpenSSL: the first request with a token waits for it, and libsodium does not use what the
 * processor has for it (520 against 210 ns). The context is the process's own, and holds nothing of the token once the
 * digest is made. */
static void
digest(struct slice text, uint8_t sha256[crypto_hash_sha256_BYTES])
{
	static EVP_MD_CTX *ctx;
	static EVP_MD *method;

	if (ctx == NULL) {
		method = EVP_MD_fetch(NULL, "SHA256", NULL);
		ctx = EVP_MD_CTX_new();
		INVARIANT(method != NULL && ctx != NULL);
	}
	INVARIANT(EVP_DigestInit_ex2(ctx, method, NULL) == 1 &&
		  EVP_DigestUpdate(ctx, text.at, text.len) == 1 &&
		  EVP_DigestFinal_ex(ctx, sha256, NULL) == 1);
}

#define KNOWN 256

/* The digests of the texts that were found right last, by a hash of the text that nobody can make who does not have the key
 * of this process. It takes a sixth of the time of SHA-256, and is in memory instead of the token. A digest is compared with
 * that of the token's row all the same: who is known here may have been revoked since. */
static struct {
	bool has_key;
	uint8_t key[crypto_shorthash_siphashx24_KEYBYTES];
	struct known {
		bool set;
		uint8_t hash[crypto_shorthash_siphashx24_BYTES];
		uint8_t sha256[crypto_hash_sha256_BYTES];
	} slots[KNOWN];
} known;

static bool
is_of(const struct token *token, struct slice text)
{
	struct known *slot, now = {.set = true};

	if (!known.has_key)
		randombytes_buf(known.key, sizeof known.key);
	known.has_key = true;
	crypto_shorthash_siphashx24(now.hash, (const uint8_t *)text.at, text.len, known.key);
	slot = &known.slots[now.hash[0]];
	if (slot->set && sodium_memcmp(slot->hash, now.hash, sizeof now.hash) == 0)
		return sodium_memcmp(slot->sha256, token->sha256, sizeof slot->sha256) == 0;
	digest(text, now.sha256);
	if (sodium_memcmp(now.sha256, token->sha256, sizeof now.sha256) != 0)
		return false;
	*slot = now;
	return true;
}

/* Found by its id, compared by its hash in constant time. SHA-256 without salt and stretching is
 * enough for 256 random bits. */
static const struct token *
check(const struct accounts *accounts, struct slice text, const char *prefix, int64_t now)
{
	char id[TOKEN_ID_LEN + 1] = {0};
	const struct token *token;

	/* The form first: it costs nothing, and a text of another form is no token. */
	if (text.len != TOKEN_LEN || memcmp(text.at, prefix, PREFIX_LEN) != 0 ||
	    text.at[SECRET_AT - 1] != '_')
		return NULL;
	memcpy(id, text.at + PREFIX_LEN, TOKEN_ID_LEN);
	token = token_goes_on(accounts, id, now);
	return token != NULL && is_of(token, text) ? token : NULL;
}

/* The kind of the row decides, whatever the prefix says: a link must never be a bearer token. */
const struct token *
token_check(const struct accounts *accounts, struct slice text, int64_t now)
{
	const struct token *token = check(accounts, text, PREFIX, now);

	return token != NULL && token->link.kind == LINK_NONE ? token : NULL;
}

const struct token *
token_check_link(
    const struct accounts *accounts, struct slice text, enum link_kind kind, int64_t now)
{
	const struct token *token = check(accounts, text, LINK_PREFIX, now);

	return token != NULL && kind != LINK_NONE && token->link.kind == kind ? token : NULL;
}
