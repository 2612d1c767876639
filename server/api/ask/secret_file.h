/* SPDX-License-Identifier: MIT */
#pragma once

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/* A secret that an operator keeps in a file and gives to one program, such as the proxy in front: the first line of
 * the file. Only its hash is kept, which is compared in constant time whatever its length is. */
struct secret_file {
	bool given;
	uint8_t sha256[crypto_hash_sha256_BYTES];
};

/* Reads the file at ${path}. Fatal, naming ${setting} and the file, if it cannot be read, has fewer than 32
 * characters or can be read by others. Blocks, so it is called only at the start of a process. */
void secret_file_read(const char *setting, const char *path, struct secret_file *out);

/* Whether ${said} is the secret. */
bool secret_file_is(const struct secret_file *secret, struct slice said);
