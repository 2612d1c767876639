/* SPDX-License-Identifier: MIT */
#include "server/api/ask/device_code.h"

#include <sodium.h>
#include <string.h>

#include "server/api/ask/typed_code.h"

#define CODE_LETTERS 8
#define HALF 4

/* Without 0, 1, I and O, which people mistake for each other when they type a code from paper. */
static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

static const char use[] = "device code ";

_Static_assert(sizeof letters == 32 + 1, "five bits each");
_Static_assert(crypto_auth_hmacsha256_BYTES == 32, "hash");

/* randombytes_uniform: a remainder of random bytes would prefer some letters. */
void
device_code_make(char out[DEVICE_CODE_TEXT_LEN + 1])
{
	for (size_t i = 0; i < DEVICE_CODE_TEXT_LEN; i++)
		out[i] = i == HALF ? '-' : letters[randombytes_uniform(sizeof letters - 1)];
	out[DEVICE_CODE_TEXT_LEN] = '\0';
}

bool
device_code_hash(const uint8_t key[KEY_FILE_BYTES], struct slice text, uint8_t hash[32])
{
	/* The name of the use goes in, so that a hash of a code is never one of something else with
	 * the same key. */
	char plain[sizeof use - 1 + CODE_LETTERS] = {0};
	size_t len;

	memcpy(plain, use, sizeof use - 1);
	len = typed_code_read(text, letters, plain + sizeof use - 1, CODE_LETTERS);
	if (len > CODE_LETTERS)
		return false;
	/* Also of a text that is no code, so that the time says nothing about which letter was
	 * wrong. */
	crypto_auth_hmacsha256(hash, (const uint8_t *)plain, sizeof plain, key);
	return len == CODE_LETTERS;
}
