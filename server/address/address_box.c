/* SPDX-License-Identifier: MIT */
#include "server/address/address_box.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

bool
address_is_mask(const char *text)
{
	return text != NULL && strncmp(text, ADDRESS_MASK_PREFIX, strlen(ADDRESS_MASK_PREFIX)) == 0;
}

/* The hash has a key because most of an address is known or can be guessed: with a plain hash, somebody
 * who can read the database could try addresses until one has this mask. */
static void
hash_with_key(
    const struct address_seal_key *key, const char *text, char digits[ADDRESS_HASH_DIGITS + 1])
{
	uint8_t hash[ADDRESS_HASH_DIGITS / 2];

	crypto_generichash(
	    hash, sizeof hash, (const uint8_t *)text, strlen(text), key->mask, sizeof key->mask);
	text_hex(hash, sizeof hash, digits);
}

const char *
address_mask(struct arena *arena, const struct address_seal_key *key, const char *address)
{
	char digits[ADDRESS_HASH_DIGITS + 1];

	hash_with_key(key, address, digits);
	return arena_printf(arena, ADDRESS_MASK_PREFIX "%s", digits);
}

const char *
address_secret_text(struct arena *arena, const char *mask, const char *header)
{
	return arena_printf(arena, "%s\n%s", mask, header);
}

const char *
address_secret_name(
    struct arena *arena, const struct address_seal_key *key, const char *mask, const char *text)
{
	char digits[ADDRESS_HASH_DIGITS + 1];

	hash_with_key(key, text, digits);
	return arena_printf(arena, "%s.%s", mask + strlen(ADDRESS_MASK_PREFIX), digits);
}

const char *
address_secret_header(const char *text, const char *mask)
{
	size_t len = strlen(mask);

	return strncmp(text, mask, len) == 0 && text[len] == '\n' ? text + len + 1 : NULL;
}

void
address_seal(const struct address_seal_key *key, const char *address, struct buf *out)
{
	size_t len = strlen(address);
	uint8_t *box = xmalloc(len + crypto_box_SEALBYTES);

	/* Fails only for a bad public key, and address_seal_key_read() has tried this one. */
	INVARIANT(crypto_box_seal(box, (const uint8_t *)address, len, key->public) == 0);
	buf_add(out, key->id, sizeof key->id);
	buf_add(out, box, len + crypto_box_SEALBYTES);
	free(box);
}

bool
address_box_is_of(struct slice box, const uint8_t id[ADDRESS_KEY_ID_BYTES])
{
	return box.len > ADDRESS_KEY_ID_BYTES && memcmp(box.at, id, ADDRESS_KEY_ID_BYTES) == 0;
}

enum status
address_open(
    const struct address_open_keys *keys, struct slice box, char out[ADDRESS_MAX_BYTES + 1])
{
	const uint8_t *sealed = (const uint8_t *)box.at + ADDRESS_KEY_ID_BYTES;
	const struct address_open_key *key = NULL;
	size_t len;

	/* Strictly more: an empty address is no address. It also keeps the subtraction below from
	 * wrapping around. */
	if (box.len <= ADDRESS_KEY_ID_BYTES + crypto_box_SEALBYTES)
		return STATUS_MALFORMED;
	for (size_t i = 0; i < keys->count && key == NULL; i++)
		if (address_box_is_of(box, keys->keys[i].id))
			key = &keys->keys[i];
	/* Distinct from a damaged box, since the remedy is another: put the former key file back. */
	if (key == NULL)
		return STATUS_GONE;
	/* The box is authenticated, so a single changed bit is noticed. The length is checked first,
	 * because ${out} has room for ADDRESS_MAX_BYTES and no more. */
	len = box.len - ADDRESS_KEY_ID_BYTES - crypto_box_SEALBYTES;
	if (len > ADDRESS_MAX_BYTES ||
	    crypto_box_seal_open((uint8_t *)out, sealed, box.len - ADDRESS_KEY_ID_BYTES,
		key->public, key->secret) != 0)
		return STATUS_MALFORMED;
	out[len] = '\0';
	return STATUS_OK;
}
