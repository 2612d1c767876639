/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/status.h"

/* Keys of this machine, 32 random bytes each. A key is a file in the state directory that only the user
 * of the processes can read. All api processes of the machine share it; the first that needs it makes
 * it. */
#define KEY_FILE_BYTES 32

/* Reads the key ${name}, or makes it. STATUS_GONE: it can be neither read nor made. Blocks on the file
 * system, so it is called only at the start of a process. */
MUST_USE enum status key_file_open(
    const char *directory, const char *name, uint8_t key[KEY_FILE_BYTES]);
