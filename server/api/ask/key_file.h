/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/status.h"

/* Keys of this machine: 32 random bytes each, in a file of the state directory that our own user
 * alone can read, shared by the processes of the machine. The first that wants one makes it. */
#define KEY_FILE_BYTES 32

/* STATUS_GONE: it can neither be read nor made. Blocks: for the start. */
MUST_USE enum status key_file_open(
    const char *directory, const char *name, uint8_t key[KEY_FILE_BYTES]);
