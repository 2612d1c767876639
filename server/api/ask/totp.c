/* SPDX-License-Identifier: MIT */
#include "server/api/ask/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

#include "server/api/ask/typed_code.h"
#include "server/base/fatal.h"

#define SHA1_BYTES 20
#define MODULUS 1000000u
#define GROUPS 4
#define GROUP_LETTERS 4
#define RECOVERY_LETTERS (GROUPS * GROUP_LETTERS)

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

uint32_t
totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step)
{
	uint8_t counter[8], mac[SHA1_BYTES];
	unsigned len = sizeof mac, at;
	uint32_t number;

	/* Big-endian (RFC 4226, 5.2). */
	for (unsigned i = 0; i < sizeof counter; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (8 * (sizeof counter - 1 - i)));
	INVARIANT(HMAC(EVP_sha1(), secret, TOTP_SECRET_BYTES, counter, sizeof counter, mac, &len) !=
		      NULL &&
		  len == sizeof mac);
	/* Dynamic truncation (RFC 4226, 5.3): the last four bits say where the number begins. */
	at = mac[SHA1_BYTES - 1] & 0xf;
	number = ((uint32_t)(mac[at] & 0x7f) << 24) | ((uint32_t)mac[at + 1] << 16) |
		 ((uint32_t)mac[at + 2] << 8) | mac[at + 3];
	return number % MODULUS;
}

int64_t
totp_match(const uint8_t secret[TOTP_SECRET_BYTES], struct slice text, int64_t now, int64_t last)
{
	int64_t present = now / TOTP_STEP_SECONDS, found = 0, number = -1;
	bool fine = text.len == TOTP_DIGITS;

	for (size_t i = 0; fine && i < text.len; i++)
		fine = text.at[i] >= '0' && text.at[i] <= '9';
	if (fine)
		fine = text_int(text, 0, MODULUS - 1, &number);
	/* One step earlier and later, for clocks of telephones that differ by half a minute (RFC
	 * 6238, 5.2). */
	for (int64_t step = present - 1; step <= present + 1; step++)
		/* All three steps are computed, also for a code of the wrong form, so that the time
		 * says nothing. A step that was used, or one before it, does not count again (RFC
		 * 6238, 5.2). */
		if (step > last && (int64_t)totp_code(secret, step) == number && fine && found == 0)
			found = step;
	return found;
}

/* RFC 4648 without padding: what authenticator apps expect. */
static void
put_base32(const uint8_t *bytes, size_t len, char *out)
{
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8) | bytes[i];
		for (have += 8; have >= 5; have -= 5)
			*out++ = base32[(bits >> (have - 5)) & 31];
	}
	*out = '\0';
}

void
totp_secret_text(const uint8_t secret[TOTP_SECRET_BYTES], char out[TOTP_SECRET_TEXT_LEN + 1])
{
	put_base32(secret, TOTP_SECRET_BYTES, out);
}

void
recovery_make(char out[RECOVERY_TEXT_LEN + 1], uint8_t sha256[32])
{
	uint8_t bytes[RECOVERY_LETTERS * 5 / 8];
	char letters[RECOVERY_LETTERS + 1];

	/* 80 bits in letters that are easily read to somebody: base32 has no 0 and no 1. */
	randombytes_buf(bytes, sizeof bytes);
	put_base32(bytes, sizeof bytes, letters);
	for (size_t i = 0; i < GROUPS; i++) {
		memcpy(out + i * (GROUP_LETTERS + 1), letters + i * GROUP_LETTERS, GROUP_LETTERS);
		out[i * (GROUP_LETTERS + 1) + GROUP_LETTERS] = i + 1 < GROUPS ? '-' : '\0';
	}
	crypto_hash_sha256(sha256, (const uint8_t *)letters, RECOVERY_LETTERS);
	sodium_memzero(letters, sizeof letters);
	sodium_memzero(bytes, sizeof bytes);
}

bool
recovery_hash(struct slice text, uint8_t sha256[32])
{
	char letters[RECOVERY_LETTERS];

	if (typed_code_read(text, base32, letters, RECOVERY_LETTERS) != RECOVERY_LETTERS)
		return false;
	crypto_hash_sha256(sha256, (const uint8_t *)letters, RECOVERY_LETTERS);
	return true;
}
