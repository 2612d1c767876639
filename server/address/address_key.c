/* SPDX-License-Identifier: MIT */
#include "server/address/address_key.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/text.h"

/* Enough for the comment and ADDRESS_OPEN_KEYS_MAX lines of about 75 bytes. Also the size of the buffer
 * from which a file is written. */
#define FILE_MAX_BYTES 4096

_Static_assert(ADDRESS_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "public key");
_Static_assert(ADDRESS_KEY_BYTES == crypto_box_SECRETKEYBYTES, "secret key");

char *
address_key_path(const char *set, const char *state_directory, const char *name)
{
	return set[0] != '\0' ? xstrdup(set) : xasprintf("%s/%s", state_directory, name);
}

const char *
address_key_fault(enum status st)
{
	return st == STATUS_REFUSED     ? "can be read by others than its user: chmod 400 it"
	       : st == STATUS_MALFORMED ? "is no such file, or is damaged: take it from its backup"
					: "is not there or cannot be read";
}

/* ------------------------------------------------------------------------------------- reading */

/* Takes the value of one line "${name} = 64 hexadecimal digits". False if the line is another. The digits
 * are read by libsodium, whose time does not depend on the value of the key. */
static bool
take_line(struct slice line, const char *name, uint8_t out[ADDRESS_KEY_BYTES])
{
	size_t at = strlen(name), len;
	struct slice value;

	if (line.len <= at || memcmp(line.at, name, at) != 0)
		return false;
	/* Not empty: a line that has been trimmed does not end with blanks. */
	value = slice_trim((struct slice){line.at + at, line.len - at});
	if (value.at[0] != '=')
		return false;
	value = slice_trim((struct slice){value.at + 1, value.len - 1});
	return sodium_hex2bin(out, ADDRESS_KEY_BYTES, value.at, value.len, NULL, &len, NULL) == 0 &&
	       len == ADDRESS_KEY_BYTES;
}

/* Up to ${most} values of the lines of that name, in their order; returns how many. Other lines are
 * passed over: comments, and what a later version may add. */
static size_t
take_lines(const char *bytes, const char *name, uint8_t (*out)[ADDRESS_KEY_BYTES], size_t most)
{
	size_t count = 0;

	while (*bytes != '\0' && count < most) {
		size_t len = strcspn(bytes, "\n");

		if (take_line(slice_trim((struct slice){bytes, len}), name, out[count]))
			count++;
		bytes += len + (bytes[len] == '\n');
	}
	return count;
}

static enum status
read_file(const char *path, mode_t closed_to, char **bytes, size_t *len)
{
	enum status st = file_read_secret(path, closed_to, FILE_MAX_BYTES, bytes, len);

	return st == STATUS_OK || st == STATUS_REFUSED ? st : STATUS_GONE;
}

static void
name_key(const uint8_t public[ADDRESS_KEY_BYTES], uint8_t id[ADDRESS_KEY_ID_BYTES])
{
	uint8_t hash[crypto_generichash_BYTES];

	crypto_generichash(hash, sizeof hash, public, ADDRESS_KEY_BYTES, NULL, 0);
	memcpy(id, hash, ADDRESS_KEY_ID_BYTES);
}

/* Not every 32 bytes are a public key. It is tried here, where there is an error to return, so that
 * address_seal() cannot fail later. */
static bool
seals(const uint8_t public[ADDRESS_KEY_BYTES])
{
	uint8_t box[1 + crypto_box_SEALBYTES];

	return crypto_box_seal(box, (const uint8_t *)"", 1, public) == 0;
}

enum status
address_seal_key_read(const char *path, struct address_seal_key *out)
{
	char *bytes;
	size_t len;
	/* The group may read this one: it opens nothing, and an installation may run the api as a
	 * member of a group. */
	enum status st = read_file(path, 007, &bytes, &len);

	if (st != STATUS_OK)
		return st;
	if (take_lines(bytes, "public", &out->public, 1) == 0 ||
	    take_lines(bytes, "mask", &out->mask, 1) == 0 || !seals(out->public))
		st = STATUS_MALFORMED;
	else
		name_key(out->public, out->id);
	sodium_memzero(bytes, len);
	free(bytes);
	return st;
}

enum status
address_open_keys_read(const char *path, struct address_open_keys *out)
{
	uint8_t secrets[ADDRESS_OPEN_KEYS_MAX][ADDRESS_KEY_BYTES];
	char *bytes;
	size_t len;
	/* Its user alone: this file opens every address. */
	enum status st = read_file(path, 077, &bytes, &len);

	if (st != STATUS_OK)
		return st;
	out->count = take_lines(bytes, "secret", secrets, ADDRESS_OPEN_KEYS_MAX);
	for (size_t i = 0; i < out->count; i++) {
		struct address_open_key *key = &out->keys[i];

		/* Only the secret half is kept in the file. The public half is computed, so that the two
		 * cannot disagree. */
		memcpy(key->secret, secrets[i], sizeof key->secret);
		crypto_scalarmult_base(key->public, key->secret);
		name_key(key->public, key->id);
	}
	sodium_memzero(secrets, sizeof secrets);
	sodium_memzero(bytes, len);
	free(bytes);
	return out->count > 0 ? STATUS_OK : STATUS_MALFORMED;
}

/* ------------------------------------------------------------------------------------- writing */

void
address_open_key_make(struct address_open_key *out)
{
	crypto_box_keypair(out->public, out->secret);
	name_key(out->public, out->id);
}

/* Wipes ${text}. */
static enum status
replace(const char *path, char *text)
{
	size_t len = strlen(text);
	enum status st = file_replace(path, text, len, 0400);

	sodium_memzero(text, len);
	return st;
}

static void
add_line(char text[FILE_MAX_BYTES], const char *name, const uint8_t key[ADDRESS_KEY_BYTES])
{
	char hex[2 * ADDRESS_KEY_BYTES + 1];
	size_t len = strlen(text);

	sodium_bin2hex(hex, sizeof hex, key, ADDRESS_KEY_BYTES);
	snprintf(text + len, FILE_MAX_BYTES - len, "%s = %s\n", name, hex);
	sodium_memzero(hex, sizeof hex);
}

enum status
address_open_keys_write(const char *path, const struct address_open_keys *keys)
{
	char text[FILE_MAX_BYTES] =
	    "; Crisis Cover: opens feed addresses. For the feeds role alone. Back it up apart from the\n"
	    "; database: who has both has the addresses, and without it they must be given again.\n";

	for (size_t i = 0; i < keys->count; i++)
		add_line(text, "secret", keys->keys[i].secret);
	return replace(path, text);
}

enum status
address_seal_key_write(
    const char *path, const struct address_open_key *pair, const uint8_t mask[ADDRESS_KEY_BYTES])
{
	char text[FILE_MAX_BYTES] =
	    "; Crisis Cover: seals feed addresses, and makes the masks that stand for them. For the api alone.\n";

	add_line(text, "public", pair->public);
	add_line(text, "mask", mask);
	return replace(path, text);
}

/* ----------------------------------------------------------------------------------- the command */

static int
refuse(const char *path, const char *why)
{
	fprintf(stderr, "crisiscoverd address-key: %s %s\n", path, why);
	return 1;
}

/* The open file is written first. If the second write fails, the open file alone does no harm; with a seal
 * file alone, addresses would be sealed that nobody can open. */
static int
make(const char *seal_path, const char *open_path)
{
	uint8_t mask[ADDRESS_KEY_BYTES];
	struct address_open_keys keys = {.count = 1};
	const char *failed = NULL;

	if (sodium_init() < 0)
		fatal("could not start libsodium");
	address_open_key_make(&keys.keys[0]);
	randombytes_buf(mask, sizeof mask);
	if (address_open_keys_write(open_path, &keys) != STATUS_OK)
		failed = open_path;
	else if (address_seal_key_write(seal_path, &keys.keys[0], mask) != STATUS_OK)
		failed = seal_path;
	sodium_memzero(&keys, sizeof keys);
	sodium_memzero(mask, sizeof mask);
	return failed == NULL ? 0 : refuse(failed, strerror(errno));
}

int
address_key_make(const char *seal_path, const char *open_path)
{
	bool seal = access(seal_path, F_OK) == 0, open = access(open_path, F_OK) == 0;

	if (seal && open)
		return 0;
	/* One of the two is lost. A new pair would make every address in the database unreadable,
	 * and a person must decide that. */
	if (seal || open)
		return refuse(seal ? open_path : seal_path,
		    seal
			? "is missing: take it from its backup. If there is none, remove the seal file "
			  "too; every address has to be given again then"
			: "is missing: take it from its backup. If there is none, remove the open file "
			  "too; every address has to be given again then");
	return make(seal_path, open_path);
}
