/* SPDX-License-Identifier: MIT */
#pragma once

#include <sodium.h>

/* Declarations shared by the packing and the unpacking of a snapshot's file. Internal to them. */

/* "CCLG", format, SHA-256 of the rest, the rest. Another format is another number: nothing is
 * guessed. */
#define FILE_MAGIC 0x474c4343u
#define FILE_FORMAT 15u
#define FILE_HEAD_BYTES (2 * sizeof(uint32_t) + crypto_hash_sha256_BYTES)

/* The rest begins with these three numbers: the newest erasure of which the file knows, and the epoch and version of its
 * map. */
#define FILE_MARK_BYTES (3 * sizeof(int64_t))

/* Beside the class of a shift. */
#define AS_LAST_READ 0x80u
